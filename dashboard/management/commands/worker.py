from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dashboard.processes import worker_command
from processing.queries.workers import live_workers


class Command(BaseCommand):
    help = (
        "Starts a worker on this machine and nothing else. WORKER_QUEUES says what it does: cpu makes images, gpu "
        "makes them on a machine with an accelerator, io speaks to shops and webhooks. Every worker also keeps the "
        "rounds (leases, clean-up; with io the nightly syncs), and rows decide who does what: there is no beat process."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only say whether a worker of this machine is alive (exit code 0 or 1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            alive = any(worker.host == socket.gethostname() for worker in live_workers())
            self.stdout.write("alive" if alive else "no worker of this machine was heard of within 20 seconds")
            sys.exit(0 if alive else 1)
        command = worker_command()
        os.execv(command[0], command)  # noqa: S606   signals reach the worker itself
