from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.access.credentials import actor_for_key
from accounts.actions import credits
from accounts.models import LedgerEntry
from processing.models import Job
from tests.support.cast import Cast
from tests.support.downloads import download, text
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]


def test_the_ledger_says_what_for_who_how_much_and_what_is_left(cast: Cast, as_: As) -> None:
    program = actor_for_key(cast.key())
    assert program.api_key is not None
    job = job_of(program, Photo(), Photo("b.jpg", 1, ended="failed"), label="Autumn")
    waiting = job_of(cast.bob, Photo("c.jpg", 2, ended="queued"))
    credits.grant(cast.alice, amount=5000, note="A refill")
    client = as_(cast.victor)
    answer = client.get("/credits/")
    page = re.sub(r"\s+", " ", answer.content.decode())
    assert (answer.context["balance"], answer.context["reserved"], answer.context["spent"]) == (5098, 1, 1)
    for words in ("5,098", "A refill", "+5,000", "Autumn", f"/jobs/{job.pk}/", f"/jobs/{waiting.pk}/", "Bob", "1 kept"):
        assert words in page, words
    assert program.api_key.prefix in page
    assert "Showing 1-6 of 6" in page
    shown = [(row.entry.kind, row.entry.amount, row.entry.balance_after) for row in answer.context["rows"]]
    assert shown == [
        ("grant", 5000, 5098),
        ("reserve", -1, 98),
        ("release", 1, 99),
        ("capture", 0, 98),
        ("reserve", -2, 98),
        ("grant", 100, 100),
    ]
    lines = download(client, "/credits/credits.csv")
    assert [line["amount"] for line in lines] == ["5000", "-1", "1", "0", "-2", "100"], "numbers stay numbers"
    assert [line["job"] for line in lines][1:3] == [str(waiting.pk), str(job.pk)]
    assert lines[2]["by"] == program.api_key.prefix
    assert sum(int(line["amount"]) for line in lines) == 5098


def test_strangers_see_none_of_it(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), label="Secret label")
    page = text(as_(cast.charlie), "/credits/")
    assert "Secret label" not in page
    assert str(job.pk) not in page
    assert "Showing 1-1 of 1" in page, "their own grant"
    assert [line["kind"] for line in download(as_(cast.charlie), "/credits/credits.csv")] == ["grant"]


def test_signed_out_it_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/credits/")["Location"] == "/accounts/login/?next=/credits/"
    assert client.get("/credits/credits.csv")["Location"].startswith("/accounts/login/")


def test_filters_by_kind_and_by_days_of_the_viewer(cast: Cast, as_: As) -> None:
    LedgerEntry.objects.of(cast.alice).update(created_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    job_of(cast.alice, Photo())
    client = as_(cast.alice)

    def kinds(address: str) -> list[str]:
        listed = [row.entry.kind for row in client.get(address).context["rows"]]
        assert [
            line["kind"] for line in download(client, address.replace("/credits/", "/credits/credits.csv"))
        ] == listed
        return listed

    assert kinds("/credits/?kind=reserve") == ["reserve"]
    assert kinds("/credits/?kind=nonsense") == ["capture", "reserve", "grant"]
    assert kinds("/credits/?from=2026-11-02&to=2026-11-02") == ["grant"]
    assert kinds("/credits/?from=2026-11-03&to=2026-11-03") == []
    assert "No entry matches" in text(client, "/credits/?from=2026-11-03&to=2026-11-03")
    client.cookies["time_zone"] = "Asia/Tokyo"
    assert kinds("/credits/?from=2026-11-03&to=2026-11-03") == ["grant"]


@pytest.mark.parametrize("query", ["from=x", "to=2026-02-30", "from=2026-11-03&to=2026-11-02", "from=0001-01-01"])
def test_days_that_cannot_be_are_said(cast: Cast, as_: As, query: str) -> None:
    page = text(as_(cast.alice), f"/credits/?{query}", status=400)
    assert 'aria-invalid="true"' in page
    assert "Showing 1-1 of 1" in page
    text(as_(cast.alice), f"/credits/credits.csv?{query}", status=400)


def test_pages_forward_and_back(cast: Cast, as_: As) -> None:
    for _ in range(54):
        credits.grant(cast.alice, amount=1, note="one")
    client = as_(cast.alice)
    first = client.get("/credits/").context["listing"]
    assert (first.start, first.end, first.total, first.previous_url) == ("1", "50", "55", None)
    second = client.get(first.next_url).context["listing"]
    assert (second.start, second.end, second.next_url) == ("51", "55", None)
    back = client.get(second.previous_url).context["listing"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]
    for cursor in ("garbage", str(uuid.uuid4())):
        assert client.get(f"/credits/?older={cursor}").status_code == 400
    assert client.get("/credits/?older=99999999999999999999999").status_code == 200


def test_a_job_that_is_gone_keeps_its_entries(cast: Cast, as_: As) -> None:
    job = job_of(cast.alice, Photo(), label="Gone")
    Job.unscoped.filter(pk=job.pk).delete()
    assert "A job that is gone" in text(as_(cast.alice), "/credits/")


def test_as_many_queries_for_many_entries_as_for_few(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/credits/")
        return len(captured)

    job_of(cast.alice, Photo())
    client.get("/credits/")  # how much is stored is counted once in some minutes
    few = queries()
    for number in range(8):
        job_of(cast.bob, Photo(seed=number))
    assert queries() == few


def test_without_metering_the_page_says_so(cast: Cast, as_: As) -> None:
    with override_settings(CREDITS_UNLIMITED=True):
        assert "Not metered" in text(as_(cast.alice), "/credits/")
