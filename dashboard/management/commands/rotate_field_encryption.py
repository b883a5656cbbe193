from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboard.encrypted_columns import rewrite_all


class Command(BaseCommand):
    help = (
        "Encrypts every stored secret anew with the first of FIELD_ENCRYPTION_KEYS, so that the others can be taken "
        "away. Works beside a running server, and may be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        unreadable = 0
        for column in rewrite_all():
            unreadable += column.unreadable
            note = f", {column.unreadable} cannot be read" if column.unreadable else ""
            self.stdout.write(f"{column.column}: {column.written} encrypted anew{note}")
        if unreadable:
            raise CommandError(
                f"{unreadable} cannot be read with any of the keys: put the key that is missing back and run this "
                "again, or have those secrets typed again."
            )
        self.stdout.write("Everything is under the first key. The others can be taken away.")
