"""Shops that are slow or dead, and a worker that is killed in the very moment in which a shop has done as it was told:
each image is in its place, and was put there once."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter

import pytest

from tests.concurrency.faults.conftest import Town
from tests.support.fleet import wait_for
from tests.support.serving import Said
from tests.support.woocommerce_peer import Call, shop

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
PRODUCTS = 6

_CONNECT = """
import json
from integrations.actions.sync import start
from tests.support.cast import make_cast
from tests.support.photos import product_photo
from tests.support.shops import connection_to
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import Shop
from processing.actions.assets import save_upload

bob = make_cast().bob
row = connection_to(Shop(port={port}), bob)
start(bob, connection_id=row.pk)
image = save_upload(bob, data=product_photo(88), name="mug.jpg")
for key in ("woocommerce/main", "woocommerce/additional"):
    judged(image, bob, "pass", key=key)
print(json.dumps([str(row.pk), str(image.pk), bob.organization.pk.hex, bob.user.pk]))
"""
_PUBLISH = """
import uuid
from accounts.access.actor import member_actor
from accounts.access.permissions import Role
from accounts.models import Membership
from integrations.actions.publish import Wanted, publish

one = Membership.unscoped.select_related("user", "organization").get(
    organization=uuid.UUID({organization!r}), user={user!r}
)
actor = member_actor(one.user, one.organization, Role(one.role), ip=None, request_id="")
for product in {products!r}:
    publish(actor, wanted=Wanted(uuid.UUID({image!r}), uuid.UUID({connection!r}), product))
"""


def test_slow_dead_and_killed_at_the_worst_moment(town: Town) -> None:
    with shop() as peer:
        for number in range(1, PRODUCTS + 1):
            peer.add(number, images=2)
        connection, image, organization, user = json.loads(town.fleet.beside(_CONNECT.format(port=peer.port)))
        _until(town, "SELECT count(*) FROM integrations_catalogproduct WHERE connection_id = %s", connection, PRODUCTS)
        puts: Counter[str] = Counter()
        killed = threading.Event()

        def after(call: Call) -> None:
            if call.method != "PUT":
                return
            puts[call.path] += 1
            if not killed.is_set():
                killed.set()
                town.kill("shops")  # the shop has done it, and nobody hears its answer

        def before(call: Call) -> None:
            if killed.is_set() and call.method == "PUT":
                time.sleep(0.5)

        peer.after, peer.before = after, before
        there = len(peer.images.files)
        town.fleet.beside(
            _PUBLISH.format(
                organization=organization,
                user=user,
                image=image,
                connection=connection,
                products=[str(number) for number in range(1, PRODUCTS + 1)],
            )
        )
        wait_for(killed.is_set, "the first image in the shop", why=town.fleet.logs)
        peer.faults += [Said(503, b"<html>Maintenance</html>", {"Content-Type": "text/html"})] * 2
        # The leases of publications are four minutes: longer than the longest call. They are made to be over.
        end = time.monotonic() + 90
        while open_ones := town.rows(
            "SELECT status, failures FROM integrations_publication WHERE connection_id = %s"
            " AND status NOT IN ('confirmed', 'rejected', 'failed')",
            connection,
        ):
            assert time.monotonic() < end, f"{open_ones}\n{town.fleet.logs()}"
            town.rows(_TIME_PASSES, connection)
            time.sleep(0.5)
        states = Counter(
            status
            for (status,) in town.rows(
                "SELECT status FROM integrations_publication WHERE connection_id = %s", connection
            )
        )
        new = len(peer.images.files) - there
        print(
            f"a worker killed as the shop had done it, then 503 twice and slow: {dict(states)}, "
            f"{new} images of ours in the shop, {sum(puts.values())} changes of {PRODUCTS} products; lost: 0, twice: 0"
        )
        assert states == {"confirmed": PRODUCTS}
        assert new == PRODUCTS, "each was brought in once"
        assert set(puts.values()) == {1}, f"no place was changed twice: {puts}"
        for number in range(1, PRODUCTS + 1):
            assert len(peer.products[number]["images"]) == 2, "in its place, and nothing beside it"


_TIME_PASSES = """
WITH passed AS (
    UPDATE integrations_publication SET
        lease_until = CASE WHEN lease_until < now() + interval '225 seconds' THEN now() ELSE lease_until END,
        not_before = least(not_before, now())
    WHERE connection_id = %s RETURNING 1
) SELECT count(*) FROM passed
"""


def _until(town: Town, query: str, connection: str, count: int) -> None:
    wait_for(lambda: town.rows(query, connection)[0][0] == count, query, why=town.fleet.logs)
