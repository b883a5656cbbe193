from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, OperationalError, ProgrammingError, transaction

from accounts.access.actor import Actor
from accounts.access.permissions import ALL_SCOPES
from accounts.actions.api_keys import create_api_key
from accounts.actions.organizations import create_organization
from accounts.kit.errors import PackshotError
from accounts.models import User
from dashboard.sign_up import create_confirmed_user


class Command(BaseCommand):
    help = "Makes an organization with its owner, and a live API key if asked. Works beside a running server."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of the organization")
        parser.add_argument("--owner", required=True, metavar="EMAIL")
        parser.add_argument(
            "--password", default=None, metavar="PW", help="of the owner; needed when the person is new"
        )
        parser.add_argument("--credits", type=int, default=None, metavar="N", help="first credits")
        parser.add_argument("--api-key", action="store_true", help="make a live key and print it")
        parser.add_argument("--scopes", default=ALL_SCOPES, metavar="a,b|*", help="scopes of the key (default: all)")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["credits"] is not None and options["credits"] < 0:
            raise CommandError("--credits must be 0 or more.")
        try:
            with transaction.atomic():
                actor, key = self._make(options)
        except PackshotError as error:
            raise CommandError(error.detail) from None
        except IntegrityError:
            raise CommandError(
                "Somebody else made the same at this very moment. Nothing was made; try again."
            ) from None
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database is not ready ({error}). Start the server once: make run") from None
        owner = actor.user.email if actor.user else ""
        if options["json"]:
            print(json.dumps({"organization": actor.organization.slug, "owner": owner, "api_key": key}))
            return
        print(f"Organization {actor.organization.name} ({actor.organization.slug}), owner {owner}")
        if key:
            print(f"API key, shown this once: {key}")

    def _make(self, options: dict[str, Any]) -> tuple[Actor, str | None]:
        actor = create_organization(self._owner(options), name=options["name"], credit_grant=options["credits"])
        if not options["api_key"]:
            return actor, None
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        return actor, create_api_key(actor, name="First key", scopes=scopes)[1]

    def _owner(self, options: dict[str, Any]) -> User:
        email = options["owner"].strip().lower()
        try:
            User._meta.get_field("email").run_validators(email)
        except ValidationError:
            raise CommandError(f"{email!r} is not an e-mail address.") from None
        known = User.objects.filter(email=email).first()
        if known:
            if options["password"] is not None and not known.check_password(options["password"]):
                raise CommandError(f"{email} is known here with another password. Leave --password out.")
            return known
        if not options["password"]:
            raise CommandError(f"{email} is new here: give a --password.")
        # The operator's word counts: a password that sign-up would refuse as too weak is taken here.
        return create_confirmed_user(email, options["password"])
