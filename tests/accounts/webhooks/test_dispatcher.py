"""The dispatcher with its threads: prompt, fair, out of the photos' way, and harmless at its end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from accounts.actions.webhook_dispatcher import WebhookDispatcher
from accounts.actions.webhook_endpoints import create_endpoint, send_test
from accounts.models import WebhookAttempt, WebhookDelivery
from processing.models import Job
from tests.support import in_process_worker
from tests.support.api import Api, photo
from tests.support.cast import Cast, make_cast
from tests.support.receiver import Receiver, eventually, receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team(settings: Settings) -> Cast:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    return make_cast()


@pytest.fixture
def hanging() -> Iterator[Receiver]:
    with receiver() as running:
        running.gate.clear()
        yield running


@pytest.fixture
def dispatcher(team: Cast) -> Iterator[WebhookDispatcher]:
    running = WebhookDispatcher()
    running.start()
    yield running
    running.stop()
    assert eventually(lambda: not running._in_hand)


def states() -> list[str]:
    return list(WebhookDelivery.unscoped.order_by("pk").values_list("status", flat=True))


def test_it_goes_out_within_about_a_second(team: Cast, there: Receiver, dispatcher: WebhookDispatcher) -> None:
    row, secret = create_endpoint(team.alice, url=there.url(), events=["*"])
    send_test(team.alice, endpoint_id=row.pk)
    committed = time.monotonic()
    assert eventually(lambda: there.seen)
    assert there.seen[0].at - committed < 2
    there.seen[0].verified(secret)
    assert eventually(lambda: states() == ["succeeded"])


def test_a_hanging_receiver_delays_no_other_one(
    team: Cast, there: Receiver, hanging: Receiver, dispatcher: WebhookDispatcher
) -> None:
    stuck, _ = create_endpoint(team.alice, url=hanging.url(), events=["*"])
    well, _ = create_endpoint(team.alice, url=there.url(), events=["*"])
    for _ in range(40):
        send_test(team.alice, endpoint_id=stuck.pk)
    for _ in range(5):
        send_test(team.alice, endpoint_id=well.pk)
    assert eventually(lambda: len(there.seen) == 5, 8)
    assert eventually(lambda: len(hanging.seen) == 3)
    time.sleep(0.6)
    assert len(hanging.seen) == 3, "at most a few at once to one receiver"
    hanging.gate.set()
    assert eventually(lambda: len(hanging.seen) == 40)
    assert eventually(lambda: set(states()) == {"succeeded"})
    assert WebhookAttempt.unscoped.count() == 45, "each exactly once"


def test_photos_are_worked_on_while_a_receiver_hangs(
    team: Cast, hanging: Receiver, dispatcher: WebhookDispatcher
) -> None:
    create_endpoint(team.alice, url=hanging.url(), events=["*"])
    api = Api(team.key())
    for number in range(3):
        job_id = api.form("/jobs", {"image": photo(number), "width": "60", "edges": "fast"}).json()["jobId"]
        in_process_worker.run_all()
        assert Job.unscoped.get(pk=job_id).status == "succeeded"
    assert eventually(lambda: len(hanging.seen) == 3)
    assert not WebhookAttempt.unscoped.exists()
    hanging.gate.set()


def test_one_organizations_dead_receivers_leave_room_for_others(
    team: Cast, there: Receiver, hanging: Receiver, dispatcher: WebhookDispatcher
) -> None:
    for number in range(18):
        row, _ = create_endpoint(team.alice, url=hanging.url(f"/{number}"), events=["*"])
        with transaction.atomic():
            delivery = send_test(team.alice, endpoint_id=row.pk)
            WebhookDelivery.unscoped.filter(pk=delivery.pk).update(host=f"host-{number}")  # as if each had its own
    other, _ = create_endpoint(team.charlie, url=there.url(), events=["*"])
    assert eventually(lambda: len(hanging.seen) == 12)
    send_test(team.charlie, endpoint_id=other.pk)
    assert eventually(lambda: there.seen, 5)
    assert len(hanging.seen) == 12
    hanging.gate.set()


def test_other_addresses_of_the_same_server_go_on(team: Cast, hanging: Receiver, dispatcher: WebhookDispatcher) -> None:
    slow, _ = create_endpoint(team.alice, url=hanging.url("/slow"), events=["*"])
    other, _ = create_endpoint(team.alice, url=hanging.url("/other"), events=["*"])
    for _ in range(10):
        send_test(team.alice, endpoint_id=slow.pk)
    send_test(team.alice, endpoint_id=other.pk)
    assert eventually(lambda: any(request.path == "/other" for request in hanging.seen), 5)
    assert sum(request.path == "/slow" for request in hanging.seen) <= 3
    hanging.gate.set()


def test_several_workers_send_each_delivery_once(team: Cast, there: Receiver, dispatcher: WebhookDispatcher) -> None:
    second = WebhookDispatcher()
    second.start()
    row, _ = create_endpoint(team.alice, url=there.url(), events=["*"])
    for _ in range(30):
        send_test(team.alice, endpoint_id=row.pk)
    assert eventually(lambda: states() == ["succeeded"] * 30)
    second.stop()
    assert len({request.message for request in there.seen}) == len(there.seen) == 30


def test_what_is_on_its_way_at_the_end_is_given_back(team: Cast, hanging: Receiver) -> None:
    row, _ = create_endpoint(team.alice, url=hanging.url(), events=["*"])
    first = WebhookDispatcher()
    first.start()
    send_test(team.alice, endpoint_id=row.pk)
    assert eventually(lambda: hanging.seen)
    began = time.monotonic()
    first.stop()
    assert time.monotonic() - began < 8, "a worker ends in time"
    assert states() == ["waiting"]
    assert WebhookDelivery.unscoped.get().lease_until is None
    hanging.gate.set()
    next_one = WebhookDispatcher()
    next_one.start()
    assert eventually(lambda: states() == ["succeeded"])
    next_one.stop()
    assert eventually(lambda: not first._in_hand)
    assert len({request.message for request in hanging.seen}) == 1
    assert WebhookAttempt.unscoped.count() == 1


def test_it_goes_on_after_the_database_was_away(team: Cast, there: Receiver, dispatcher: WebhookDispatcher) -> None:
    row, _ = create_endpoint(team.alice, url=there.url(), events=["*"])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_webhookdelivery RENAME TO elsewhere")
    try:
        time.sleep(0.6)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO accounts_webhookdelivery")
    send_test(team.alice, endpoint_id=row.pk)
    assert eventually(lambda: there.seen)
