"""Secrets that are planted, everything that is said while they are in use, and where one of them turns up."""

from __future__ import annotations

import base64
import html
import io
import json
import logging
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection, transaction

from dashboard import logs
from dashboard.celery import app

_QUEUES = ("cpu", "gpu", "io")


@dataclass
class Planted:
    """`secrets`: by what they are. `said`: where, and the words."""

    secrets: dict[str, str] = field(default_factory=dict)
    said: list[tuple[str, str]] = field(default_factory=list)

    def plant(self, what: str, secret: str) -> str:
        assert len(secret) >= 8, f"{what} is too short to be looked for"
        self.secrets[what] = secret
        return secret

    def hear(self, where: str, answer: Any) -> Any:
        """An answer of the test client: its headers and its body, of a ZIP each file."""
        data = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                data = b"\n".join(archive.read(name) for name in archive.namelist())
        self.note(where, f"{dict(answer.items())}\n{data.decode(errors='replace')}")
        return answer

    def note(self, where: str, text: str) -> None:
        self.said.append((where, text))

    def everywhere(self) -> None:
        """What stands in the database, in sessions, in the queue, and went out as e-mail."""
        for model in apps.get_models():
            names = [field.name for field in model._meta.concrete_fields]
            rows = [tuple(map(_plain, row)) for row in model._base_manager.values_list(*names)]
            self.note(f"table {model.__name__}", repr(rows))
        for session in Session.objects.all():
            self.note("a session", repr(session.get_decoded()))
        self.note("the queue", repr(waiting_messages()))
        for letter in mail.outbox:
            self.note("an e-mail", f"{letter.subject}\n{letter.body}\n{letter.extra_headers}")

    def found(self, *, named: dict[str, set[str]]) -> list[str]:
        """`what: where` of each secret where it does not belong. `named`: the places of each where it does."""
        leaks = set()
        for what, secret in self.secrets.items():
            forms = _forms(secret)
            for where, text in self.said:
                if where not in named.get(what, set()) and any(form in text for form in forms):
                    leaks.add(f"{what}: {where}")
        return sorted(leaks)

    def never_said(self, what: str) -> bool:
        """Whether a secret stands nowhere at all: then the test did not use it."""
        return not any(form in text for form in _forms(self.secrets[what]) for _, text in self.said)


def _forms(secret: str) -> set[str]:
    """As it is written in pages, addresses, JSON and headers."""
    raw = secret.encode()
    return {
        secret,
        html.escape(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
    }


def _plain(value: object) -> object:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else value


def waiting_messages() -> list[Any]:
    """The arguments of tasks that wait; they are taken out of the queue."""
    found = []
    for queue in _QUEUES:
        with app.connection_for_read() as channel, channel.SimpleQueue(queue) as waiting:
            while True:
                try:
                    message = waiting.get(block=False)
                except waiting.Empty:
                    break
                found.append((message.headers, message.payload))
                message.ack()
    return found


@contextmanager
def heard(planted: Planted) -> Iterator[None]:
    """Everything that is logged meanwhile, from DEBUG on, as JSON and as text."""
    root, said = logging.getLogger(), {"json": io.StringIO(), "text": io.StringIO()}
    kept = []
    for kind, stream in said.items():
        logs.configure({"level": "DEBUG", "format": kind})
        (handler,) = (each for each in root.handlers if type(each) is logging.StreamHandler)
        handler.setStream(stream)
        kept.append(handler)
    root.addHandler(kept[0])
    try:
        yield
    finally:
        root.removeHandler(kept[0])
        for kind, stream in said.items():
            planted.note(f"the log as {kind}", stream.getvalue())
        logs.configure({"level": "WARNING", "format": "text"})


@contextmanager
def broken(table: str) -> Iterator[None]:
    """Whatever asks for this table meanwhile fails as no code expects it."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_gone"')
        yield
        transaction.set_rollback(True)
