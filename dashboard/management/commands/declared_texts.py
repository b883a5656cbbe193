"""`manage.py declared_texts`: the texts of what is declared without Django, as a file that makemessages reads."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from dashboard.declared_texts import declared_texts


class Command(BaseCommand):
    help = "Writes the texts of operations, parameters, presets, profiles and errors as Python, for make messages."

    def handle(self, **options: Any) -> None:
        for text in declared_texts():
            self.stdout.write(f"gettext({text!r})")
