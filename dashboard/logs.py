"""Structured logs: one event a line, as text for people or JSON for machines."""

from __future__ import annotations

import logging
import logging.config
from typing import Any

import structlog
from django.http import HttpRequest

from dashboard.route import route_of

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
]


class WithoutAddresses(logging.Filter):
    """Takes out what libraries add to their lines: Django the request with its address, which may hold a token, and its
    query, which may hold anything; Celery the arguments of a task, such as the text of an e-mail. A route remains."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.__dict__.pop("data", None)
        request = record.__dict__.pop("request", None)
        if isinstance(request, HttpRequest):
            record.__dict__["route"] = route = route_of(request)
            # Django escapes what it names.
            named = {request.path, request.path.encode("unicode_escape").decode("ascii")}
            if isinstance(record.args, tuple):
                record.args = tuple(route if each in named else each for each in record.args)
        return True


def configure(options: dict[str, str]) -> None:
    """Sets up logging. Tracebacks are plain: the rich kind prints local variables, secrets among them."""
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if options["format"] == "json"
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    finish: list[Any] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if options["format"] == "json":
        finish.append(structlog.processors.format_exc_info)
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [*finish, renderer],
                }
            },
            "filters": {"without_addresses": {"()": WithoutAddresses}},
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "structured",
                    "filters": ["without_addresses"],
                }
            },
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {
                name: {"level": options["level"]} for name in ("accounts", "processing", "integrations", "dashboard")
            }
            | {"celery": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
        }
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
