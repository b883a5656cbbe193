"""System checks: `manage.py check` says what would stop the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register

from dashboard.access import declared_routes


@register()
def every_route_declares_access(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The route {path} does not declare who may use it.",
            hint="Decorate its view with everyone, member(...) or staff from dashboard.access.",
            id="dashboard.E001",
        )
        for path, _, access in declared_routes()
        if access is None
    ]
