from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.models import User
from dashboard.generated_load.generate import generate
from dashboard.generated_load.sizes import Sizes
from processing.models import Job

_USUAL = Sizes()


class Command(BaseCommand):
    help = (
        "Makes an organization with a year of work behind it, to measure on: a million jobs and products unless told "
        "otherwise. PostgreSQL alone; for a database that is used for nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--jobs", type=int, default=_USUAL.jobs)
        parser.add_argument("--products", type=int, default=_USUAL.products)
        parser.add_argument("--members", type=int, default=_USUAL.members)
        parser.add_argument("--days", type=int, default=_USUAL.days, help="of usage (default: %(default)s)")
        parser.add_argument("--name", default="Load", help="of the organization")
        parser.add_argument("--owner", default="load@load.example", metavar="EMAIL")
        parser.add_argument("--beside", action="store_true", help="also where the database holds jobs already")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Set DATABASE_URL to a PostgreSQL database that is used for nothing else.")
        for name in ("jobs", "products", "members", "days"):
            if options[name] < 1:
                raise CommandError(f"--{name} must be 1 or more.")
        if not options["beside"] and Job.unscoped.exists():
            raise CommandError("This database holds jobs already. Use an empty one, or say --beside.")
        email = options["owner"].strip().lower()
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} is known here already: name another --owner.")
        password = secrets.token_urlsafe(12)
        sizes = Sizes(
            jobs=options["jobs"], products=options["products"], members=options["members"], days=options["days"]
        )
        made = generate(email, password, name=options["name"], sizes=sizes, say=print)
        print(f"Organization {made.owner.organization.slug}, owner {email}, password {password}")
