from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access.actor import Actor
from accounts.access.permissions import ROLE_PERMISSIONS, Role
from accounts.actions.credits import grant
from accounts.actions.grants import set_monthly_credits
from accounts.kit.errors import PackshotError
from accounts.models import Organization


class Command(BaseCommand):
    help = "Gives an organization credits: now, or the same number each month. Works beside a running server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organization", metavar="SLUG", help="short name of the organization")
        parser.add_argument("amount", type=int, nargs="?", metavar="N", help="credits that stay until they are spent")
        parser.add_argument("--note", default="Credits added", help="what the ledger says they are for")
        parser.add_argument(
            "--monthly",
            type=int,
            metavar="N",
            help="credits that come now and on the 1st of each month, and end with it; 0 ends it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        amount, monthly = options["amount"], options["monthly"]
        if amount is None and monthly is None:
            raise CommandError("Say how many: grant_credits SLUG 500, or grant_credits SLUG --monthly 2000.")
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization with the short name {options['organization']}.")
        actor = Actor(organization, None, Role.OWNER, ROLE_PERMISSIONS[Role.OWNER])
        try:
            if amount is not None:
                grant(actor, amount=amount, note=options["note"][:200])
            if monthly is not None:
                set_monthly_credits(actor, amount=monthly)
        except PackshotError as error:
            raise CommandError(error.detail) from None
        organization.refresh_from_db(fields=["credit_balance", "monthly_credits"])
        each_month = f", {organization.monthly_credits:,} each month" if organization.monthly_credits else ""
        print(f"{organization.name} has {organization.credit_balance:,} credits{each_month}.")
