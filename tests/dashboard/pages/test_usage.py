from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.access.credentials import actor_for_key
from accounts.actions import usage
from accounts.models import ApiKey, UsageDay
from accounts.models.usage_day import DASHBOARD, NO_KEY
from dashboard.pages.usage_tables import MOST_ROWS
from tests.support.api import Api, photo
from tests.support.calls import call
from tests.support.cast import Cast
from tests.support.downloads import download, text
from tests.support.finished import Photo, job_of
from tests.support.usage_data import fill

As = Callable[[Actor], Client]
NOW = datetime.now(UTC)
TODAY = NOW.date()


def keys_of(cast: Cast) -> list[ApiKey]:
    for _ in range(2):
        cast.key()
    return list(ApiKey.objects.of(cast.alice).order_by("pk"))


def test_calls_through_the_api_appear_with_what_they_cost(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    key = cast.key()
    api = Api(key)
    assert api.form("/jobs", {"image": photo(), "presetLabel": "Autumn"}).status_code == 202
    assert api.get("/jobs").status_code == 200
    assert api.get(f"/jobs/{uuid.uuid4()}").status_code == 404
    assert Api("ps_live_wrong").get("/jobs").status_code == 401
    run_all()
    job_of(cast.bob, Photo())
    usage.flush()
    page = text(as_(cast.victor), "/usage/")
    row = actor_for_key(key).api_key
    assert row is not None
    for words in (
        f"{row.prefix}…",
        "POST /api/v1/jobs",
        "GET /api/v1/jobs/{job_id}",
        "Autumn",
        "Dashboard",
        f"of {settings.RATE_LIMIT_KEY_PER_MINUTE:,}",
        "33.3 %",
    ):
        assert words in page, words
    rows = {(line["endpoint"], line["label"]): line for line in download(as_(cast.victor), "/usage/usage.csv")}
    asked = rows["POST /api/v1/jobs", "Autumn"]
    assert (asked["calls"], asked["credits"], asked["key prefix"]) == ("1", "1", row.prefix)
    assert (rows[DASHBOARD, ""]["calls"], rows[DASHBOARD, ""]["credits"]) == ("0", "1")
    assert rows["GET /api/v1/jobs/{job_id}", ""]["client errors"] == "1"
    assert sum(int(line["calls"]) for line in rows.values()) == 3, "a call with a bad key is nobody's"


def test_nothing_of_another_organization(cast: Cast, as_: As) -> None:
    cast.key(cast.charlie)
    theirs = ApiKey.objects.of(cast.charlie).get()
    usage.note(call(cast.charlie, key=theirs.pk, label="Secret", at=NOW))
    usage.note(call(cast.alice, at=NOW))
    usage.flush()
    client = as_(cast.alice)
    for page in (text(client, "/usage/"), text(client, "/usage/?label=Secret")):
        assert theirs.prefix not in page
        assert "Nothing on these days" in page or "Secret" not in page
    text(client, f"/usage/?key={theirs.pk}", status=404)
    text(client, f"/usage/usage.csv?key={theirs.pk}", status=404)
    text(client, "/usage/?key=garbage", status=400)
    assert [line["label"] for line in download(client, "/usage/usage.csv")] == [""]
    assert download(client, "/usage/usage.csv?label=Secret") == []


def test_signed_out_it_asks_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/usage/")["Location"] == "/accounts/login/?next=/usage/"
    assert client.get("/usage/usage.csv")["Location"].startswith("/accounts/login/")


def test_before_anything_was_called(cast: Cast, as_: As) -> None:
    assert "Nothing used yet" in text(as_(cast.alice), "/usage/")


def test_filters_periods_and_figures(cast: Cast, as_: As) -> None:
    first, second = keys_of(cast)
    for age, key, label, endpoint in (
        (0, first, "Autumn", "POST /api/v1/process"),
        (1, second, "", "POST /api/v1/process"),
        (8, first, "Spring", "GET /api/v1/jobs"),
        (45, first, "Old", "GET /api/v1/jobs"),
    ):
        for status in (200, 200, 400, 502):
            usage.note(
                call(
                    cast.alice,
                    key=key.pk,
                    label=label,
                    endpoint=endpoint,
                    status=status,
                    at=NOW - timedelta(days=age),
                )
            )
    usage.flush()
    client = as_(cast.alice)

    def calls(address: str) -> int:
        answer = client.get(address)
        assert answer.status_code == 200, address
        shown: str = answer.context["stats"][0]["value"]
        lines = download(client, address.replace("/usage/", "/usage/usage.csv"))
        assert sum(int(line["calls"]) for line in lines) == int(shown), address
        return int(shown)

    assert calls("/usage/") == 12
    assert calls("/usage/?period=7") == 8
    assert calls("/usage/?period=90") == 16
    assert calls(f"/usage/?period=7&key={first.pk}") == 4
    assert calls("/usage/?period=90&endpoint=GET+/api/v1/jobs") == 8
    assert calls("/usage/?label=Autumn") == 4
    assert calls("/usage/?label=(none)") == 4
    assert calls(f"/usage/?day={TODAY - timedelta(days=8)}") == 4
    assert calls(f"/usage/?from={TODAY - timedelta(days=8)}&to={TODAY - timedelta(days=1)}") == 8
    assert calls(f"/usage/?period=custom&from={TODAY}&to={TODAY + timedelta(days=3)}") == 4
    stats = {stat["label"]: (stat["value"], stat["note"]) for stat in client.get("/usage/?period=7").context["stats"]}
    assert stats["Calls"] == ("8", "100 % more than before")
    assert stats["Errors"] == ("50.0 %", "As before")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("period=custom&from=yesterday&to=2026-11-01", "Give the first day"),
        ("period=custom&from=2026-11-01&to=", "Give the last day"),
        ("from=2026-11-10&to=2026-11-01", "not before the first one"),
        ("from=2024-01-01&to=2025-06-01", "at most 366 days"),
        ("from=9999-12-31&to=9999-12-31", "not in the future"),
        ("from=0001-01-01&to=2026-11-01", "not in the future"),
        ("day=0001-01-01", "2026-11-20"),
        ("day=x%00", "2026-11-20"),
    ],
)
def test_days_that_cannot_be_are_said(cast: Cast, as_: As, query: str, words: str) -> None:
    usage.note(call(cast.alice, at=NOW))
    usage.flush()
    page = text(as_(cast.alice), f"/usage/?{query}", status=400)
    assert words in page
    text(as_(cast.alice), f"/usage/usage.csv?{query}", status=400)
    if "from=yesterday" in query:
        assert 'value="yesterday"' in page, "what was typed stays"
        part = text(as_(cast.alice), f"/usage/?{query}", HTTP_HX_REQUEST="true")
        assert part.strip().startswith('<div id="usage">')
        assert words in part


def test_no_cell_of_the_csv_is_a_formula(cast: Cast, as_: As) -> None:
    for label in ("=1+1", "+49 30", "-5", "@import", "Größe, \"42\"; 'x'", "plain"):
        usage.note(call(cast.alice, label=label, at=NOW))
    usage.flush()
    labels = {line["label"] for line in download(as_(cast.alice), "/usage/usage.csv")}
    assert labels == {"'=1+1", "'+49 30", "'-5", "'@import", "Größe, \"42\"; 'x'", "plain"}


def test_tables_are_sorted_by_address_and_cut(cast: Cast, as_: As) -> None:
    for number in range(MOST_ROWS + 10):
        for _ in range(1 + number % 7):
            usage.note(call(cast.alice, label=f"sku {number:03}", milliseconds=number, at=NOW))
    usage.flush()
    client = as_(cast.alice)

    def labels(address: str) -> list[str]:
        return [row.name for row in client.get(address).context["tables"][2].rows]

    assert len(labels("/usage/")) == MOST_ROWS
    assert "10 more in the CSV" in text(client, "/usage/")
    assert labels("/usage/?sort=name")[0] == "sku 000"
    assert labels("/usage/?sort=-name")[0] == "sku 059"
    assert labels("/usage/?sort=-calls")[0] == "sku 006"
    assert labels("/usage/?sort=calls")[0] == "sku 000"
    assert labels("/usage/?sort=drop+table")[0] == "sku 006"
    assert 'aria-sort="ascending"' in text(client, "/usage/?sort=p95")


def test_as_many_queries_for_many_rows_as_for_few(cast: Cast, as_: As) -> None:
    keys = keys_of(cast)
    client = as_(cast.alice)

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            client.get("/usage/?period=90")
        return [query["sql"] for query in captured]

    fill(cast.alice, [keys[0].pk], days=2)
    few = queries()
    UsageDay.objects.of(cast.alice).delete()
    fill(cast.alice, [key.pk for key in keys], days=60)
    many = queries()
    assert len(few) == len(many)
    assert sum("usageday" in query for query in many) == 2, "by day, and by what the calls were of"
    assert not any("processing_" in query for query in many), "no table of calls or jobs"


def test_a_million_calls_and_long_labels_fit(cast: Cast, as_: As) -> None:
    keys = keys_of(cast)
    fill(cast.alice, [key.pk for key in keys], days=3, calls=100_000, labels=["x" * 80, "<script>alert(1)</script>"])
    page = text(as_(cast.alice), "/usage/?period=7")
    assert "<script>alert" not in page
    assert re.search(r"\d,\d{3},\d{3}", page)
    assert " style=" not in page
    assert page.count('role="img" aria-label="Calls a day') == 1
    assert NO_KEY.hex not in page


def test_the_page_is_for_those_who_may_read_credits(cast: Cast, as_: As) -> None:
    for actor in (cast.alice, cast.bob, cast.victor):
        assert 'href="/usage/"' in text(as_(actor), "/usage/")


def test_the_days_of_long_periods_are_fetched_when_they_are_opened(cast: Cast, as_: As) -> None:
    fill(cast.alice, [keys_of(cast)[0].pk], days=120)
    client = as_(cast.alice)
    few = text(client, "/usage/?period=30")
    assert few.count('class="row-link" href="/usage/?period=30&amp;day=') == 30
    many = text(client, "/usage/?period=90")
    assert "day=20" not in many
    assert "table=days" in many
    assert text(client, "/usage/?period=90&table=days").count("&amp;day=20") == 90
    part = client.get("/usage/?period=90&table=days", headers={"HX-Request": "true", "HX-Target": "usage-days"})
    assert part.content.decode().count("&amp;day=20") == 90
    assert b"<html" not in part.content
    assert b'class="chart' not in part.content


def test_more_than_a_hundred_days_are_drawn_by_week(cast: Cast, as_: As) -> None:
    fill(cast.alice, [keys_of(cast)[0].pk], days=120)
    client = as_(cast.alice)
    days = client.get(f"/usage/?from={TODAY - timedelta(days=99)}&to={TODAY}")
    weeks = client.get(f"/usage/?from={TODAY - timedelta(days=119)}&to={TODAY}")
    daily, weekly = days.context["charts"][0], weeks.context["charts"][0]
    assert (daily.title, weekly.title) == ("Calls a day", "Calls a week")
    assert len(daily.chart.columns) == 100
    assert len(weekly.chart.columns) in (18, 19)
    assert "Week from" in weekly.chart.columns[0].words
    calls = sum(int(column.words.split(": ")[1].split(" call")[0].replace(",", "")) for column in weekly.chart.columns)
    assert str(weeks.context["stats"][0]["value"]).replace(",", "") == str(calls)
