"""The mug on the kitchen table: its handle's hole is opened by a click, a lost handle comes back by another."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from processing.engines.pointed import part_at
from processing.imaging.arrays import Mask
from processing.imaging.correct import correct
from processing.imaging.marks import Mark, in_order
from processing.imaging.refine import Refined, refine, with_colours
from tests.support.pictures.mug import SEEDS, Mug, around, mug_on_a_table


def _cut(mug: Mug, mask: Mask) -> Refined:
    """As if the network's word stood: without it, holes are judged by the backdrop."""
    return with_colours(mug.rgb, np.rint(mask * 255).astype(np.uint8), edges="fine")


def _corrected(mug: Mug, cut: Refined, marks: Sequence[Mark]) -> Refined:
    return correct(mug.rgb, cut, marks, part_at, edges="fine")


def _error(found: Refined, mug: Mug, where: NDArray[np.bool_]) -> float:
    """Mean distance of alpha from the truth, 0..1."""
    return float(np.abs(found.alpha / 255 - mug.alpha)[where].mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_click_opens_the_handles_hole(seed: int) -> None:
    mug = mug_on_a_table(seed)
    cut = _cut(mug, mug.closed)
    found = _corrected(mug, cut, [Mark(False, (mug.in_hole,))])
    near, far = around(mug.hole, 6), ~around(mug.hole, 40)
    assert _error(cut, mug, mug.hole) > 0.95
    assert _error(found, mug, near) < 0.03
    assert (found.alpha[cv2.erode(mug.hole.astype(np.uint8), np.ones((9, 9))) > 0] == 0).mean() > 0.99
    assert np.array_equal(found.alpha[far], cut.alpha[far])
    assert np.array_equal(found.foreground[far], cut.foreground[far])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_click_brings_the_handle_back(seed: int) -> None:
    mug = mug_on_a_table(seed)
    lost = np.where(around(mug.handle, 3), 0, mug.alpha).astype(np.float32)
    cut = _cut(mug, lost)
    found = _corrected(mug, cut, [Mark(True, (mug.on_handle,))])
    inner = cv2.erode(mug.handle.astype(np.uint8), np.ones((5, 5))) > 0
    assert (found.alpha[inner] > 220).mean() > 0.98
    assert _error(found, mug, around(mug.handle, 6)) < 0.06
    assert found.alpha[mug.in_hole[1], mug.in_hole[0]] == 0
    far = ~around(mug.handle, 60)
    assert np.array_equal(found.alpha[far], cut.alpha[far])


def test_the_edge_of_what_was_opened_is_soft_and_has_no_halo() -> None:
    mug = mug_on_a_table()
    found = _corrected(mug, _cut(mug, mug.closed), [Mark(False, (mug.in_hole,))])
    edge = around(mug.hole, 3) & (mug.alpha > 0.3)
    soft = (found.alpha > 20) & (found.alpha < 235) & around(mug.hole, 6)
    assert soft.sum() > 60
    # Laid on black, the pale table would shine through as a bright rim around the dark handle.
    rim = found.foreground[edge].astype(float).mean(axis=1) * found.alpha[edge] / 255
    table = mug.rgb[mug.hole].astype(float).mean()
    assert np.percentile(rim, 95) < 0.45 * table


def test_a_later_click_takes_an_earlier_one_back() -> None:
    mug = mug_on_a_table()
    cut = _cut(mug, mug.closed)
    both = [Mark(False, (mug.in_hole,)), Mark(True, (mug.in_hole,))]
    found = _corrected(mug, cut, both)
    assert (found.alpha[mug.hole] > 250).mean() > 0.98


def test_what_is_as_was_asked_for_stays_the_same_object() -> None:
    mug = mug_on_a_table()
    cut = _cut(mug, mug.alpha)
    clicks = [Mark(True, (mug.on_handle,)), Mark(False, ((3.0, 3.0),)), Mark(False, (mug.in_hole,))]
    assert _corrected(mug, cut, clicks) is cut
    assert _corrected(mug, cut, []) is cut


def test_a_click_does_not_take_what_an_earlier_one_has_kept() -> None:
    mug = mug_on_a_table()
    x, y = mug.in_hole
    inside = Mark(True, ((x, y + 18),))
    found = _corrected(mug, _cut(mug, mug.closed), [inside, Mark(False, ((x, y - 18),))])
    assert found.alpha[y - 18, x] == 0
    # The kept spot stays as far as the click is sure of; beside it the table is gone.
    opened = _corrected(mug, _cut(mug, mug.alpha), [inside])
    assert opened.alpha[y + 18, x] > 128


@pytest.mark.parametrize("keep", [True, False])
def test_the_brush_changes_what_it_covers_and_nothing_else(keep: bool) -> None:
    mug = mug_on_a_table()
    cut = _cut(mug, mug.alpha)
    at = ((300.0, 20.0), (340.0, 24.0)) if keep else ((250.0, 300.0), (300.0, 306.0))
    found = _corrected(mug, cut, [Mark(keep, at, radius=9)])
    (x1, y1), (x2, y2) = at
    middle = found.alpha[int((y1 + y2) / 2), int((x1 + x2) / 2)]
    assert middle == (255 if keep else 0)
    y, x = np.mgrid[0:480, 0:600]
    along = np.clip(((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2), 0, 1)
    away = np.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))
    assert np.array_equal(found.alpha[away > 11.5], cut.alpha[away > 11.5])
    assert (found.alpha[away < 7.5] == middle).all()
    if keep:
        assert np.array_equal(found.foreground[away < 7.5], mug.rgb[away < 7.5])


def test_a_large_photo_is_corrected_like_a_small_one() -> None:
    mug = mug_on_a_table()
    large = cv2.resize(mug.rgb, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    alpha = cv2.resize(np.rint(mug.closed * 255).astype(np.uint8), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    cut = with_colours(np.asarray(large, np.uint8), np.asarray(alpha, np.uint8), edges="fine")
    found = correct(np.asarray(large, np.uint8), cut, [Mark(False, (mug.in_hole,)).scaled(4)], part_at, edges="fine")
    small = cv2.resize(found.alpha, (600, 480), interpolation=cv2.INTER_AREA)
    assert _error(Refined(np.asarray(small, np.uint8), mug.rgb), mug, around(mug.hole, 6)) < 0.04


def test_a_network_that_closed_the_hole_is_corrected_after_its_refinement() -> None:
    mug = mug_on_a_table()
    cut = refine(mug.rgb, mug.closed, edges="fast")
    found = correct(mug.rgb, cut, [Mark(False, (mug.in_hole,))], part_at, edges="fast")
    assert _error(found, mug, around(mug.hole, 6)) < 0.03


def test_clicks_without_an_order_keep_first() -> None:
    assert in_order([(1, 2)], [(3, 4)]) == [Mark(True, ((1, 2),)), Mark(False, ((3, 4),))]
