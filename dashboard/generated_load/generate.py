"""An organization with a year of work behind it, made by the database itself in a few minutes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from dashboard.generated_load.deliveries import make_deliveries
from dashboard.generated_load.insert import make_functions
from dashboard.generated_load.money import make_money
from dashboard.generated_load.people import People, make_people
from dashboard.generated_load.reviews import make_reviews
from dashboard.generated_load.shops import make_shops
from dashboard.generated_load.sizes import Sizes
from dashboard.generated_load.work import make_work
from dashboard.sign_up import create_confirmed_user

_PARTS: tuple[tuple[str, Callable[[People, Sizes], None]], ...] = (
    ("jobs, images, files", make_work),
    ("client reviews", make_reviews),
    ("credits, usage, audit", make_money),
    ("products, publications", make_shops),
    ("webhook deliveries", make_deliveries),
)


def generate(email: str, password: str, *, name: str, sizes: Sizes, say: Callable[[str], None]) -> People:
    """PostgreSQL alone. All or nothing: one transaction, then the planner's figures."""
    with transaction.atomic():
        make_functions(end=timezone.now() - timedelta(minutes=1), days=sizes.days)
        people = make_people(create_confirmed_user(email, password), name=name, sizes=sizes)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked keeps indexes from being made
        for words, make in _PARTS:
            began = time.monotonic()
            make(people, sizes)
            say(f"{words}: {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    say(f"vacuum and analyze: {time.monotonic() - began:.0f} s")
    return people
