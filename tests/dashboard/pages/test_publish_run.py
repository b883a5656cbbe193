"""/publications/runs/<id>/: how far, the first ones to look at, what failed; go on, stop, put back; pausing a shop."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from integrations.actions import runs
from integrations.models import Connection, Publication, PublishRun
from tests.support.cast import Cast
from tests.support.listed import output_of, product_of, shop_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
_OFFERS = ("go-on", "stop", "revert")


@pytest.fixture(autouse=True)
def _shops_can_fetch_images(settings: Settings) -> None:
    settings.BASE_URL = "https://images.example.com"


@pytest.fixture
def run(cast: Cast) -> PublishRun:
    """Twelve images; two of them go out first."""
    row = shop_of(cast.bob)
    image = output_of(cast.bob)
    for number in range(12):
        product_of(row, str(number), title=f"Mug {number:02}")
    items = [runs.Item(image.pk, str(number)) for number in range(12)]
    return runs.start(cast.bob, connection_id=row.pk, items=items, first=2, name="Spring")


def page_of(client: Client, run: PublishRun, **query: str) -> str:
    answer = client.get(f"/publications/runs/{run.pk}/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def offered(page: str, run: PublishRun) -> set[str]:
    return set(re.findall(rf'action="/publications/runs/{run.pk}/([\w-]+)/"', page))


@pytest.mark.parametrize(
    ("status", "says", "offers"),
    [
        ("first", "The first 2 go out; then it waits for you.", {"go-on", "stop", "revert"}),
        ("waiting", "Look at the first ones in the shop, then go on or stop.", {"go-on", "stop", "revert"}),
        ("running", "The rest goes out at the pace of the shop.", {"stop", "revert"}),
        ("stopped", "Bob has stopped it.", {"go-on", "revert"}),
        ("finished", "Everything of this run has ended.", {"revert"}),
        ("reverting", "The old images go back into their places.", set()),
        ("reverted", "The shop shows what it showed before this run.", set()),
    ],
)
def test_each_state_says_what_happens_next(
    cast: Cast, as_: SignIn, run: PublishRun, status: str, says: str, offers: set[str]
) -> None:
    PublishRun.unscoped.update(status=status, stopped_because="Bob has stopped it." if status == "stopped" else "")
    page = page_of(as_(cast.bob), run)
    assert says in page
    assert offered(page, run) == offers
    assert offered(page_of(as_(cast.victor), run), run) == set()
    assert ('hx-trigger="every' in page) == (status in {"first", "running", "reverting"})
    before = PublishRun.unscoped.get().status
    for refused in set(_OFFERS) - offers:
        client = as_(cast.bob)
        assert client.post(f"/publications/runs/{run.pk}/{refused}/").status_code == 302
        assert PublishRun.unscoped.get().status == before, refused


def test_look_then_go_on(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    client = as_(cast.bob)
    Publication.unscoped.filter(held=False).update(status="confirmed")
    PublishRun.unscoped.update(status="waiting")
    page = page_of(client, run)
    assert "The first 2" in page
    assert "They look right: go on" in page
    assert '<progress value="2" max="12"' in page
    assert "Spring: waits for a look" in client.get("/").content.decode()
    client.post(f"/publications/runs/{run.pk}/go-on/")
    assert not Publication.unscoped.filter(held=True).exists()
    assert PublishRun.unscoped.get().status == "running"
    assert "Spring" in client.get("/integrations/").content.decode()


def test_stop_and_put_everything_back(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    client = as_(cast.bob)
    client.post(f"/publications/runs/{run.pk}/stop/")
    assert PublishRun.unscoped.get().status == "stopped"
    held = Publication.unscoped.filter(held=True).first()
    assert held
    assert "Its run was stopped." in client.get(f"/publications/{held.pk}/").content.decode()
    client.post(f"/publications/runs/{run.pk}/revert/")
    assert PublishRun.unscoped.get().status == "reverted"
    assert set(Publication.unscoped.values_list("status", flat=True)) == {"reverted"}


def test_failures_and_the_list_by_state(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    issue = {"code": "x", "detail": "The shop said no.", "severity": "error", "said": ""}
    Publication.unscoped.filter(product="5").update(status="rejected", issues=[issue])
    client = as_(cast.victor)
    page = page_of(client, run)
    assert "1 not published" in page
    assert "The shop said no." in page
    assert "Showing 1-12 of 12" in page
    part = client.get(f"/publications/runs/{run.pk}/", {"state": "rejected"}, headers={"HX-Target": "run-list"})
    assert "Showing 1-1 of 1" in part.content.decode()
    assert "<h1>" not in part.content.decode()
    assert "Showing 1-12 of 12" in page_of(client, run, state="nonsense")


def test_strangers_and_lookers(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    for actor, reading, writing in ((cast.victor, 200, 403), (cast.charlie, 404, 404)):
        assert as_(actor).get(f"/publications/runs/{run.pk}/").status_code == reading
        for action in _OFFERS:
            assert as_(actor).post(f"/publications/runs/{run.pk}/{action}/").status_code == writing
    Connection.unscoped.update(shared=False)
    assert as_(cast.victor).get(f"/publications/runs/{run.pk}/").status_code == 404
    assert PublishRun.unscoped.get().status == "first"


def test_a_shop_is_paused_and_resumed(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    client = as_(cast.bob)
    own = f"/integrations/{run.connection_id}/"
    assert f"{own}pause/" in client.get(own).content.decode()
    page = client.post(f"{own}pause/", follow=True).content.decode()
    assert "nothing new is published to this shop" in page
    assert "Paused" in client.get("/integrations/").content.decode()
    waiting = Publication.unscoped.filter(held=False).first()
    assert waiting
    assert "Publishing to this shop is paused." in client.get(f"/publications/{waiting.pk}/").content.decode()
    for actor, status in ((cast.victor, 403), (cast.charlie, 404)):
        assert as_(actor).post(f"{own}resume/").status_code == status
    assert Connection.unscoped.get().paused_at
    client.post(f"{own}resume/")
    assert Connection.unscoped.get().paused_at is None
    for actor, status in ((cast.victor, 403), (cast.charlie, 404)):
        assert as_(actor).post(f"{own}pause/").status_code == status
    assert Connection.unscoped.get().paused_at is None


def test_the_list_asks_for_itself_anew_only_when_something_has_ended(cast: Cast, as_: SignIn, run: PublishRun) -> None:
    client, path = as_(cast.bob), f"/publications/runs/{run.pk}/"
    PublishRun.unscoped.filter(pk=run.pk).update(status=PublishRun.Status.RUNNING)
    ended = Publication.unscoped.filter(run=run, status__in=["confirmed", "rejected", "failed", "reverted"]).count()
    same = client.get(path, {"seen": ended}, headers={"HX-Target": "run-live"})
    assert f"?seen={ended}" in same.content.decode()
    assert "HX-Trigger" not in same
    assert client.get(path, {"seen": ended + 1}, headers={"HX-Target": "run-live"})["HX-Trigger"] == "run-changed"
    assert 'hx-trigger="run-changed from:body"' in client.get(path).content.decode()
    PublishRun.unscoped.filter(pk=run.pk).update(status=PublishRun.Status.FINISHED)
    assert client.get(path, {"seen": ended}, headers={"HX-Target": "run-live"})["HX-Trigger"] == "run-changed"
