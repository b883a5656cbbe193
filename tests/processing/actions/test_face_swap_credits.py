"""Face-swap accounts are asked for their credits now and then, and never while a swap uses them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from processing.actions.face_swap_accounts import pause_account
from processing.actions.face_swap_runner import FaceSwapRunner
from processing.actions.refresh_face_swap_credits import refresh_next
from processing.actions.submit_face_swap import NewSwap, submit_face_swap
from processing.models import FaceSwap, FaceSwapAccount, Job
from tests.support.api import Api
from tests.support.at_once import at_once
from tests.support.cast import Cast, make_cast
from tests.support.discord import Discord, account, discord_in_place, make_swaps
from tests.support.photos import product_photo
from tests.support.receiver import eventually


@pytest.fixture
def world(settings: Any) -> Iterator[Discord]:
    with discord_in_place(settings) as running:
        yield running


def row(channel: str = "11") -> FaceSwapAccount:
    return FaceSwapAccount.unscoped.get(channel=channel)


def due() -> None:
    FaceSwapAccount.unscoped.update(check_at=timezone.now())


def test_a_new_account_is_asked_once_and_again_after_hours(cast: Cast, world: Discord) -> None:
    person = account(cast, world, used=18)
    key = cast.key()
    assert "credits" not in shown(key)
    assert refresh_next()
    assert not refresh_next()
    assert (shown(key)["credits"]["total"], shown(key)["credits"]["used"]) == (50, 18)
    hours = (row().check_at - timezone.now()) / timedelta(hours=1)
    assert 4.7 < hours < 7.3
    assert (row().held_by, row().last_used_at) == (None, None)
    person.used = 30
    due()
    assert refresh_next()
    assert shown(key)["credits"]["used"] == 30
    assert world.asked["listid"] == 2


def shown(key: str) -> dict[str, Any]:
    answer = Api(key).client.get("/v1/faceswap/account/11", headers={"Authorization": f"Bearer {key}"})
    found: dict[str, Any] = answer.json()
    return found


def test_moments_differ(cast: Cast, world: Discord) -> None:
    for number in range(4):
        account(cast, world, f"1{number}")
    while refresh_next():
        pass
    moments = sorted(FaceSwapAccount.unscoped.values_list("check_at", flat=True))
    assert moments[-1] - moments[0] > timedelta(minutes=1)


def test_neither_a_busy_nor_a_paused_nor_a_cooling_one(cast: Cast, world: Discord, settings: Any) -> None:
    account(cast, world)
    FaceSwapAccount.unscoped.update(held_by=uuid.uuid4())
    assert not refresh_next()
    FaceSwapAccount.unscoped.update(held_by=None, cools_until=timezone.now() + timedelta(minutes=1))
    assert not refresh_next()
    FaceSwapAccount.unscoped.update(cools_until=None)
    pause_account(cast.alice, channel="11")
    assert not refresh_next()
    FaceSwapAccount.unscoped.update(status="active")
    settings.DISCORD_API_URL = ""
    assert not refresh_next()
    assert world.asked["listid"] == 0
    assert row().credits_total is None


def test_one_in_trouble_cools_and_is_not_asked_again_at_once(cast: Cast, world: Discord) -> None:
    account(cast, world, mood="unauthorized")
    assert refresh_next()
    assert row().cools
    assert "does not accept this token" in row().trouble
    FaceSwapAccount.unscoped.update(cools_until=None)
    assert not refresh_next()


def test_a_token_that_cannot_be_read_holds_up_nobody(cast: Cast, world: Discord) -> None:
    account(cast, world, "11")
    account(cast, world, "12", used=3)
    FaceSwapAccount.unscoped.filter(channel="11").update(token="spoiled")
    assert [refresh_next(), refresh_next(), refresh_next()] == [True, True, False]
    assert (row("11").credits_used, row("12").credits_used) == (None, 3)
    assert row("11").held_by is None


def test_what_a_swap_has_said_need_not_be_asked(cast: Cast, world: Discord) -> None:
    account(cast, world)
    submit_face_swap(cast.alice, NewSwap(source=Picture(), target=Picture(), verb="picsi"))
    assert make_swaps() == 1
    assert row().credits_used == 1
    assert not refresh_next()


class Picture:
    name = field = "source_image"

    def read(self) -> bytes:
        return product_photo(1)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_asks(world: Discord) -> None:
    account(make_cast(), world, delay=0.05)
    assert sorted(map(str, at_once(6, lambda _: refresh_next()))) == ["False"] * 5 + ["True"]
    assert world.asked["listid"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_threads_of_a_worker_make_swaps_and_ask(world: Discord) -> None:
    cast = make_cast()
    account(cast, world, used=7)
    runner = FaceSwapRunner()
    runner.start()
    try:
        assert eventually(lambda: row().credits_used == 7)
        assert eventually(lambda: row().held_by is None)
        submit_face_swap(cast.alice, NewSwap(source=Picture(), target=Picture(), verb="picsi"))
        assert eventually(lambda: set(Job.unscoped.values_list("status", flat=True)) == {"succeeded"})
    finally:
        runner.stop()
    assert FaceSwap.unscoped.get().channel == "11"
    assert (row().credits_used, row().held_by) == (8, None)
