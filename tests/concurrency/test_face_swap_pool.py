"""Twenty swaps at once: spread over the accounts, none over its credits, none used twice at a time."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from accounts.queries.credits import balance
from processing.actions.face_swap_accounts import keep_account
from processing.actions.submit_face_swap import NewSwap, submit_face_swap
from processing.models import FaceSwap, FaceSwapAccount, Job
from tests.support.at_once import at_once
from tests.support.cast import make_cast
from tests.support.discord import SERVER, Person, discord_in_place, make_swaps
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20
ACCOUNTS = 4


class Picture:
    name = field = "source_image"

    def read(self) -> bytes:
        return product_photo(1)


def test_twenty_at_once(settings: Any) -> None:
    cast = make_cast()
    with discord_in_place(settings) as world:
        for number in range(ACCOUNTS):
            token = f"token {number}"
            world.people[token] = Person(total=3, delay=0.02)
            keep_account(cast.alice, channel=f"1{number}", server=SERVER, discord=token)
        FaceSwapAccount.unscoped.update(credits_total=3, credits_used=0, credits_at="2099-01-01T00:00:00Z")
        refused: list[object] = []

        def one(number: int) -> object:
            swap = submit_face_swap(cast.alice, NewSwap(source=Picture(), target=Picture(), verb="picsi"))
            return swap.channel

        for _ in range(8):  # each wave takes what is free; twelve credits are there in all
            answers = at_once(AT_ONCE, one)
            taken = [answer for answer in answers if isinstance(answer, str)]
            refused = [answer for answer in answers if not isinstance(answer, str)]
            assert {getattr(error, "status", error) for error in refused} <= {429}, refused
            assert len(taken) == len(set(taken)), "an account was given to two"
            at_once(ACCOUNTS, lambda _: make_swaps())
            if not taken:
                break
        assert (world.collisions, world.over) == (0, 0)
        assert [person.swaps for person in world.people.values()] == [3] * ACCOUNTS
    assert len(refused) == AT_ONCE
    assert Counter(FaceSwap.objects.of(cast.alice).values_list("channel", flat=True)) == {
        f"1{number}": 3 for number in range(ACCOUNTS)
    }
    assert set(Job.objects.of(cast.alice).values_list("status", flat=True)) == {"succeeded"}
    assert balance(cast.alice) == 100 - 12
    rows = FaceSwapAccount.objects.of(cast.alice)
    assert set(rows.values_list("credits_used", "credits_total", "held_by")) == {(3, 3, None)}
