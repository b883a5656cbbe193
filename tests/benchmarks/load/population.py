"""Who is there when the load begins: shops with people, a catalog, a few finished images, programs with keys.

Runs beside the product (tests/support/beside.py), with its settings.
"""

from __future__ import annotations

import json

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.access.permissions import ALL_SCOPES, Role
from accounts.actions.api_keys import create_api_key
from accounts.actions.organizations import create_organization
from accounts.models import Membership, User
from processing.actions.face_swap_accounts import keep_account
from tests.benchmarks.load.plan import FAMILIES, PASSWORD, token_of
from tests.support.catalog import product, stocked
from tests.support.discord import SERVER
from tests.support.finished import Photo, job_of

_PEOPLE_IN_A_SHOP = 5
_CREDITS = 100_000


def make(*, users: int, clients: int, products: int, finished: int) -> str:
    """JSON: `sellers`, `keys` and `channels` as in the plan. `finished`: images in each shop's library."""
    password = make_password(PASSWORD)  # once, for it is slow on purpose
    sellers: list[str] = []
    for number in range(-(-users // _PEOPLE_IN_A_SHOP)):
        names = [f"seller{number}-{at}@load.example" for at in range(min(_PEOPLE_IN_A_SHOP, users - len(sellers)))]
        sellers += names
        _shop(f"Shop {number}", names, password, products=products, finished=finished)
    keys: dict[str, list[str]] = {family: [] for family in FAMILIES}
    channels: dict[str, str] = {}
    for number in range(clients):
        family = FAMILIES[number % len(FAMILIES)]
        actor = create_organization(_person(f"program{number}@load.example", password), name=f"Program {number}",
                                    credit_grant=_CREDITS)  # fmt: skip
        key = create_api_key(actor, name="Load", scopes=[ALL_SCOPES])[1]
        keys[family].append(key)
        with transaction.atomic():
            stocked(actor, *(product(at, f"SKU-{at}") for at in range(20)))
        if family == "faceswap":
            channels[key] = str(1000 + number)
            keep_account(actor, channel=channels[key], server=SERVER, discord=token_of(channels[key]))
    return json.dumps({"sellers": sellers, "keys": keys, "channels": channels})


@transaction.atomic
def _shop(name: str, addresses: list[str], password: str, *, products: int, finished: int) -> None:
    people = [_person(address, password) for address in addresses]
    owner = create_organization(people[0], name=name, credit_grant=_CREDITS)
    for person in people[1:]:
        Membership.unscoped.create(organization=owner.organization, user=person, role=Role.EDITOR)
    stocked(owner, *(product(at, f"SKU-{at:05}") for at in range(products)))
    for seed in range(finished):
        photo = Photo(name=f"mug-{seed}.jpg", seed=seed, size=(800, 800))
        job_of(owner, photo, preset="amazon-main", label=f"Week {seed // 8}")


def _person(address: str, password: str) -> User:
    return User.objects.create(email=address, name=address.partition("@")[0], password=password)
