"""The simulation behind the capacity page, where its answer is known without it."""

from __future__ import annotations

import pytest

from tests.benchmarks.simulated_machines import Machine
from tests.benchmarks.simulation import Image, Site, sustained, workers_for

PHOTO = Image(receive=0.02, wait=0.01, before=0.05, network=0.2, after=0.1, answer=0.02, judge=0.3)


def test_one_photo_at_a_time_takes_the_sum_of_its_parts() -> None:
    rate, seconds = Site(PHOTO).together(1)
    assert seconds == pytest.approx(0.4)
    assert rate == pytest.approx(1 / 0.4, rel=0.02)


def test_the_network_of_a_worker_is_one_at_a_time() -> None:
    network_alone = Image(receive=0, wait=0, before=0, network=0.2, after=0, answer=0, judge=0)
    assert Site(network_alone, threads=4).together(4)[0] == pytest.approx(5, rel=0.02)
    assert Site(network_alone, workers=3, threads=1).together(3)[0] == pytest.approx(15, rel=0.02)


def test_photos_share_the_processors() -> None:
    computing = Image(receive=0, wait=0, before=0.1, network=0, after=0, answer=0, judge=0)
    site = Site(computing, processors=2, threads=4)
    assert site.together(4)[0] == pytest.approx(20, rel=0.02)
    assert site.machines[0].busy == pytest.approx(80, rel=0.02)


def test_the_workers_reckoned_for_a_load_carry_it() -> None:
    assert sustained(PHOTO) == pytest.approx(2 / (0.05 + 0.2 * 2 + 0.1 + 0.3))
    count = workers_for(PHOTO, 20)
    median, late, used = Site(PHOTO, workers=count, web=Machine(64)).arriving(20)
    assert median < 0.6
    assert late < 2
    assert 0.6 < used < 0.75
