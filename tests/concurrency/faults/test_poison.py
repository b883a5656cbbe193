"""A photo that takes its worker with it each time is set aside; one that the memory is not enough for as well."""

from __future__ import annotations

import resource
import time
from pathlib import Path

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.load import load
from tests.support.photos import product_photo

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]

_WHO = "SELECT split_part(worker, ':', 2)::int FROM processing_jobimage WHERE job_id = %s AND status = 'running'"
_ROOM = 160_000_000


def test_the_killer_is_set_aside_and_the_others_go_on(town: Town, seller: Seller) -> None:
    killer = seller.client.make_image(product_photo(66_001, size=(2600, 2000)), width=2000, hook=seller.hooks.url())
    killed: list[str] = []
    with load(seller.client, 15, hook=seller.hooks.url()) as work:
        end = time.monotonic() + 90
        while time.monotonic() < end and "failed" not in str(
            town.rows("SELECT status FROM processing_job WHERE id = %s", killer)
        ):
            for (pid,) in town.rows(_WHO, killer):
                name = next((name for name, part in town.fleet.parts.items() if _pid(town, name) == pid), None)
                if name:
                    town.kill(name)
                    killed.append(name)
            time.sleep(0.005)
    seller.accounted(
        [killer, *work.jobs()], f"a photo killed its worker {len(killed)} times", failed={killer: "worker_lost"}
    )
    assert len(killed) == 3
    _seen_by_the_operator(town, killer, "worker_lost")


def test_what_the_memory_is_not_enough_for(town: Town, seller: Seller) -> None:
    """One worker alone, which may take hardly more than it has; small photos go on in the very same process."""
    town.fleet.parts["images-2"].end()
    pid = _pid(town, "images-1")
    small = seller.client.make_image(product_photo(66_002), hook=seller.hooks.url())
    seller.ended(small)
    limit = int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize() + _ROOM
    resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
    try:
        large = seller.client.make_image(product_photo(66_003, size=(7000, 6500)), width=6000, hook=seller.hooks.url())
        between = [
            seller.client.make_image(product_photo(66_010 + number), hook=seller.hooks.url()) for number in range(4)
        ]
        seller.ended(large, within=90)
        for each in between:
            seller.ended(each)
        assert _pid(town, "images-1") == pid
        assert town.fleet.parts["images-1"].alive, "the worker itself lives on"
        seller.accounted([small, large, *between], "not enough memory for a photo", failed={large: "out_of_memory"})
        _seen_by_the_operator(town, large, "out_of_memory")
    finally:
        town.fleet.parts["images-1"].kill()


def _pid(town: Town, name: str) -> int:
    process = town.fleet.parts[name].process
    assert process is not None
    return process.pid


def _seen_by_the_operator(town: Town, job: str, code: str) -> None:
    said = town.fleet.beside(
        "from processing.queries.installation import photos_set_aside\n"
        "print([(str(image.job_id), image.error['code']) for image in photos_set_aside()])"
    )
    assert f"('{job}', '{code}')" in said
