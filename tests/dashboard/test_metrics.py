"""What the operator's monitoring reads: off by default, for who has the token, with no label that grows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
TOKEN = "a-token-of-enough-letters"
ALERTS = Path(__file__).resolve().parents[2] / "templates" / "docs" / "alerts.yaml"


def scraped(client: Client) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def test_there_is_nothing_without_a_token_of_the_operator(cast: Cast, as_: As, client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_it_is_for_who_has_the_token_and_for_operators(cast: Cast, as_: As, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert as_(cast.alice).get("/metrics").status_code == 404, "an owner of an organization is no operator"
    assert cast.alice.user is not None
    cast.alice.user.is_staff = True
    cast.alice.user.save(update_fields=["is_staff"])
    assert as_(cast.alice).get("/metrics").status_code == 200
    assert client.post("/metrics").status_code in (403, 405)


@pytest.mark.django_db(transaction=True)
def test_jobs_credits_queues_and_requests_are_counted(cast: Cast, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    before = scraped(client)
    job_of(cast.bob, Photo("secret-name.jpg"), Photo("b.jpg", 1, ended="failed"), Photo("c.jpg", 2, ended="queued"))
    client.get("/no/such/page/")
    after = scraped(client)

    def more(name: str, **labels: str) -> float:
        key = tuple(sorted(labels.items()))
        return after[name][key] - before.get(name, {}).get(key, 0)

    assert more("packshot_photos_total", operation="process", outcome="succeeded") == 1
    assert more("packshot_photo_errors_total", code="no_subject") == 1
    assert more("packshot_credits_total", kind="reserve") == 3
    step = {"step": "segment", "engine": "isnet-general-use", "runtime": "onnxruntime-cpu"}
    assert more("packshot_step_seconds_count", **step) == 1
    assert more("packshot_http_requests_total", method="GET", route="none", status="404") == 1
    assert after["packshot_queue_depth"][(("queue", "photos"),)] == 1
    assert after["packshot_database_up"][()] == 1
    told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    for word in ("secret-name", str(cast.bob.organization.pk), "example.com"):
        assert word not in told, word


@pytest.mark.django_db
def test_every_metric_of_the_example_alerts_is_there(cast: Cast, client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    told = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    there = set(re.findall(r"^# TYPE (\S+)", told, re.MULTILINE))
    named = set(re.findall(r"packshot_[a-z_]+", ALERTS.read_text()))
    assert len(named) >= 8
    for name in named:
        assert name in there or re.sub(r"_(total|bucket|count|sum)$", "", name) in there, name


def test_alerts_have_what_prometheus_asks_for() -> None:
    rules = ALERTS.read_text()
    alerts = re.findall(r"^ +- alert: (\w+)$", rules, re.MULTILINE)
    assert len(alerts) == len(set(alerts)) == len(re.findall(r"^ +expr: \S", rules, re.MULTILINE))
    assert len(alerts) == len(re.findall(r"^ +summary: \S", rules, re.MULTILINE))
