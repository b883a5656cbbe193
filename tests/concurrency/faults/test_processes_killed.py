"""kill -9 of web servers and workers at random moments, while a hundred jobs come in. There is no beat process."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.load import load

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
JOBS, KILLS = 100, 10


def test_kill_9_of_everything_under_load(town: Town, seller: Seller) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    turns = itertools.cycle(chance.sample(["web", "images-1", "images-2", "shops"], 4))
    killed: Counter[str] = Counter()
    with load(seller.client, JOBS, hook=seller.hooks.url()) as work:
        for number in range(1, KILLS + 1):
            while work.accepted < JOBS * number / (KILLS + 1):
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.3))
            name = next(turns)
            town.kill(name)
            killed[name] += 1
        assert work.accepted < JOBS, "the last kill must come under load"
    seller.accounted(work, f"kill -9 of {dict(killed)} (seed {seed}), {seller.client.tries} calls sent again")
    assert set(killed) == {"web", "images-1", "images-2", "shops"}
