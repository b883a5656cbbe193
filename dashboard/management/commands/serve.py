from __future__ import annotations

import errno
import os
import socket
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.kit.errors import PackshotError
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID
from accounts.models import Organization
from dashboard.data_lock import DataFolderInUse, lock
from dashboard.demo import make_demo_organization
from dashboard.migrating import LockedOut, migrate
from dashboard.processes import reachable_host
from dashboard.supervisor import Supervisor
from processing.actions.sweep import expire_all_leases
from processing.engines import fetch, load, registry


class Command(BaseCommand):
    help = "Starts everything on this machine: prepares the data folder, then runs the web server and a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with lock(settings.DATA_DIR):
                self._serve()
        except DataFolderInUse as error:
            raise CommandError(f"{error} Stop it or set another DATA_DIR.") from None
        except KeyboardInterrupt:
            self.say("\nStopped before it was ready. The next start goes on from here.")
            sys.exit(130)

    def _serve(self) -> None:
        if settings.SEGMENTATION_MODEL not in registry.names("segmentation"):
            raise CommandError(
                f"The setting SEGMENTATION_MODEL is {settings.SEGMENTATION_MODEL!r}, but must be one of the "
                f"segmentation models that this lists: manage.py models list"
            )
        address = settings.BASE_URL or f"http://{reachable_host()}:{settings.PORT}"
        _refuse_taken_port()
        self.say("Preparing the data folder …")
        try:
            migrate(self.say)
        except LockedOut as error:
            raise CommandError(str(error)) from error
        call_command("collectstatic", interactive=False, verbosity=0)
        self._fetch_model()
        if settings.EMBEDDED:
            # The lock says that nobody else works on this folder: what is still claimed was lost in a crash.
            expire_all_leases()
        if settings.METRICS_DIR:
            for counted in settings.METRICS_DIR.glob("*.db"):  # of processes that are gone
                counted.unlink(missing_ok=True)
        demo = None if Organization.objects.exclude(pk=PUBLIC_ORGANIZATION_ID).exists() else make_demo_organization()
        connections.close_all()

        def announce(ready: bool) -> None:
            self.say(f"\nPackshot is ready: {address}" if ready else f"\nNot ready yet, see {address}/readyz")
            if demo:
                self.say(f"  Sign in as    {demo.email}")
                self.say(f"  Password      {demo.password}")
                self.say(f"  API key       {demo.api_key}")
                self.say("  These are shown only now. Keep them.")
            self.say("  Ctrl-C stops it.\n")

        code = Supervisor(announce=announce, say=self.say).run()
        if code:
            sys.exit(code)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _fetch_model(self) -> None:
        name = settings.SEGMENTATION_MODEL
        if name == "grabcut" or name in load.available(settings.MODELS_DIR):
            return
        self.say(f"Fetching the segmentation model {name} (once) …")
        try:
            fetch.fetch(registry.find(name), settings.MODELS_DIR, self.say)
        except PackshotError as error:
            self.say(f"{error.detail}\nStarting without it: only photos on plain backdrops can be cut out.")


def _refuse_taken_port() -> None:
    try:
        family, *_, address = socket.getaddrinfo(
            settings.HOST, settings.PORT, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise CommandError(f"The setting HOST is {settings.HOST!r}, which is no address of this machine.") from None
    # What is left of a server that was killed needs a moment to let go of its port.
    deadline = time.monotonic() + 6
    while reason := _bind_error(family, address):
        if reason == errno.EADDRINUSE and time.monotonic() < deadline:
            time.sleep(0.2)
        elif reason == errno.EADDRINUSE:
            raise CommandError(
                f"Port {settings.PORT} is taken by another program. Stop it or choose another one: PORT=8001 make run"
            )
        else:
            raise CommandError(
                f"Cannot listen on {settings.HOST} port {settings.PORT} (settings HOST, PORT): {os.strerror(reason)}."
            )


def _bind_error(family: int, address: tuple[Any, ...]) -> int | None:
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return error.errno
    return None
