from __future__ import annotations

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from dashboard.processes import web_command


class Command(BaseCommand):
    help = (
        "Starts a web server on this machine and nothing else. Give the same DATABASE_URL, REDIS_URL, "
        "CELERY_BROKER_URL, STORAGE_URL and secrets to every machine, and run `manage.py prepare` once before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--static-ready", action="store_true", help="STATIC_ROOT holds this version's files already (an image does)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["static_ready"]:
            call_command("collectstatic", interactive=False, verbosity=0)
        command = web_command()
        os.execv(command[0], command)  # noqa: S606   signals reach gunicorn itself
