"""Subject, shadow and background in one image."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from processing.imaging.arrays import RGB, Alpha, Box
from processing.imaging.background import fill
from processing.imaging.colors import Solid
from processing.imaging.compose import compose, compose_mask
from processing.imaging.placement import Canvas, Placement, place
from processing.imaging.shadow import Kind

RED = np.array([200, 30, 40])
WHITE = Solid((255, 255, 255))
SHADOWS: tuple[Kind, ...] = ("contact", "drop", "reflection")


def _disc(side: int = 400, radius: float = 150.0) -> tuple[RGB, Alpha, Box]:
    """A red disc with a soft edge; what is clear is black underneath, which must never show."""
    rows, columns = np.indices((side, side))
    distance = np.hypot(rows - side / 2 + 0.5, columns - side / 2 + 0.5)
    alpha = (np.clip(radius + 0.5 - distance, 0, 1) * 255).round().astype(np.uint8)
    foreground = np.where(alpha[:, :, None] > 0, RED, 0).astype(np.uint8)
    x, y, width, height = cv2.boundingRect((alpha > 127).astype(np.uint8))
    return foreground, alpha, (x, y, width, height)


def _bottle() -> tuple[RGB, Alpha, Box]:
    alpha = np.zeros((800, 400), np.uint8)
    alpha[100:300, 170:230] = 255
    cv2.ellipse(alpha, (200, 680), (100, 30), 0, 0, 360, 255, -1, cv2.LINE_AA)
    alpha[290:680, 100:301] = 255
    x, y, width, height = cv2.boundingRect((alpha > 127).astype(np.uint8))
    return np.full((800, 400, 3), (40, 120, 90), np.uint8), alpha, (x, y, width, height)


def _place(alpha: Alpha, box: Box, canvas: Canvas) -> Placement:
    return place((alpha.shape[1], alpha.shape[0]), box, frozenset(), canvas)


def test_at_its_own_size_every_pixel_stays() -> None:
    foreground, alpha, box = _disc()
    composed = compose(foreground, alpha, _place(alpha, box, Canvas()), None)
    assert composed.alpha is not None
    assert np.array_equal(composed.alpha, alpha)
    assert np.array_equal(composed.rgb[alpha > 0], foreground[alpha > 0])
    assert composed.box == box


def test_white_is_exactly_white_outside_the_subject() -> None:
    foreground, alpha, box = _disc()
    placement = _place(alpha, box, Canvas(333, 271, (0.07,) * 4))
    mask, _ = compose_mask(foreground, alpha, placement)
    composed = compose(foreground, alpha, placement, fill(333, 271, WHITE))
    assert composed.alpha is None
    assert (composed.rgb[mask == 0] == 255).all()
    assert (np.abs(composed.rgb[mask == 255].astype(int) - RED) <= 1).all()


@pytest.mark.parametrize("side", [61, 250, 300, 437, 1100])
@pytest.mark.parametrize("ground", [0, 255])
def test_no_fringe_at_any_size(side: int, ground: int) -> None:
    """Every pixel of the edge is a mixture of the subject's colour and the background, nothing else."""
    foreground, alpha, box = _disc()
    placement = _place(alpha, box, Canvas(side, side, (0.1,) * 4))
    mask, _ = compose_mask(foreground, alpha, placement)
    composed = compose(foreground, alpha, placement, fill(side, side, Solid((ground,) * 3)))
    share = mask[:, :, None] / 255
    assert np.abs(composed.rgb - (RED * share + ground * (1 - share))).max() <= 2


@pytest.mark.parametrize("side", [61, 300, 1100])
def test_transparent_keeps_straight_colours(side: int) -> None:
    foreground, alpha, box = _disc()
    composed = compose(foreground, alpha, _place(alpha, box, Canvas(side, side, (0.1,) * 4)), None)
    assert composed.alpha is not None
    assert np.abs(composed.rgb[composed.alpha > 40].astype(int) - RED).max() <= 3


@pytest.mark.parametrize("side", [200, 333, 640, 999, 2000])
@pytest.mark.parametrize("margin", [0.0, 0.05, 0.21])
def test_the_subject_touches_its_margins_to_the_pixel(side: int, margin: float) -> None:
    foreground, alpha, box = _disc(701, 233.3)
    placement = _place(alpha, box, Canvas(side, side, (margin,) * 4))
    mask, coverage = compose_mask(foreground, alpha, placement)
    x, y, width, height = cv2.boundingRect((mask > 127).astype(np.uint8))
    wanted = margin * side
    for found in (x, y, side - x - width, side - y - height):
        assert abs(found - wanted) <= 1
    assert np.abs(np.subtract((x, y, width, height), placement.subject_box)).max() <= 1
    assert coverage == pytest.approx(mask.mean() / 255, abs=1e-6)


def test_a_subject_that_is_cut_off_meets_the_edge_at_full_strength() -> None:
    foreground, alpha = np.full((300, 200, 3), 90, np.uint8), np.zeros((300, 200), np.uint8)
    alpha[100:, 50:151] = 255
    canvas = Canvas(777, 777, (0.1,) * 4)
    placement = place((200, 300), (50, 100, 101, 200), frozenset({"bottom"}), canvas)
    mask, _ = compose_mask(foreground, alpha, placement)
    assert (mask[-1, 300:470] == 255).all()


@pytest.mark.parametrize("kind", SHADOWS)
def test_a_shadow_leaves_the_subject_alone_and_only_darkens(kind: Kind) -> None:
    foreground, alpha, box = _bottle()
    placement = _place(alpha, box, Canvas(600, 600, (0.15,) * 4))
    mask, _ = compose_mask(foreground, alpha, placement)
    plain = compose(foreground, alpha, placement, fill(600, 600, WHITE)).rgb.astype(int)
    lit = compose(foreground, alpha, placement, fill(600, 600, WHITE), kind).rgb.astype(int)
    assert np.array_equal(lit[mask == 255], plain[mask == 255])
    assert (lit <= plain).all()
    assert (plain - lit).max() > 25  # it can be seen
    beyond = [lit[0], lit[:, 0], lit[-1], lit[:, -1]]
    assert all((edge == 255).all() for edge in beyond)  # and ends before the canvas does


@pytest.mark.parametrize("kind", SHADOWS)
def test_a_shadow_ends_softly_before_the_canvas_does(kind: Kind) -> None:
    """A wide subject with narrow margins: there is no room beside it for all of its shadow."""
    foreground, alpha = np.full((300, 600, 3), (90, 60, 40), np.uint8), np.full((300, 600), 255, np.uint8)
    placement = _place(alpha, (0, 0, 600, 300), Canvas(600, 400, (0.05,) * 4))
    lit = compose(foreground, alpha, placement, fill(600, 400, WHITE), kind).rgb.astype(int)
    assert all((edge == 255).all() for edge in (lit[0], lit[:, 0], lit[-1], lit[:, -1]))
    right = lit[:, placement.subject_box[0] + placement.subject_box[2] + 3 :, 0]
    assert np.abs(np.diff(right, axis=1)).max() < 25


@pytest.mark.parametrize("kind", ["contact", "drop"])
def test_a_shadow_is_soft_and_lies_on_the_ground(kind: Kind) -> None:
    foreground, alpha, box = _bottle()
    placement = _place(alpha, box, Canvas(600, 600, (0.15,) * 4))
    composed = compose(foreground, np.where(alpha > 0, alpha, 0), placement, fill(600, 600, WHITE), kind)
    mask, _ = compose_mask(foreground, alpha, placement)
    darkness = 255 - composed.rgb[:, :, 0].astype(int)
    outside = cv2.dilate(mask, np.ones((5, 5), np.uint8)) == 0
    steps = np.maximum(np.abs(np.diff(darkness, axis=0))[:, :-1], np.abs(np.diff(darkness, axis=1))[:-1])
    assert steps[outside[:-1, :-1] & outside[1:, 1:]].max() < 30  # no hard edge
    ground = placement.subject_box[1] + placement.subject_box[3]
    darkest = (darkness * outside).max(axis=1)
    assert abs(int(darkest.argmax()) - ground) < 40
    assert darkest[: ground - 250].max() <= 2
    below = darkest[ground + 4 :]
    assert (np.diff(below) <= 1).all()  # fades away


def test_a_reflection_mirrors_the_foot_and_fades() -> None:
    foreground, alpha, box = _bottle()
    foreground[600:] = (250, 250, 0)
    placement = _place(alpha, box, Canvas(600, 600, (0.2,) * 4))
    lit = compose(foreground, alpha, placement, fill(600, 600, WHITE), "reflection").rgb.astype(int)
    ground = placement.subject_box[1] + placement.subject_box[3]
    column = lit[ground:, 300]
    assert column[3, 2] < 200  # blue is missing in the mirrored yellow
    assert (np.diff(column[5:, 2]) >= -1).all()
    assert (column[-1] == 255).all()


@pytest.mark.parametrize("kind", SHADOWS)
def test_a_shadow_on_transparent_looks_the_same_on_white(kind: Kind) -> None:
    foreground, alpha, box = _bottle()
    placement = _place(alpha, box, Canvas(500, 500, (0.15,) * 4))
    clear = compose(foreground, alpha, placement, None, kind)
    assert clear.alpha is not None
    share = clear.alpha[:, :, None] / 255
    direct = compose(foreground, alpha, placement, fill(500, 500, WHITE), kind).rgb
    assert np.abs(clear.rgb * share + 255 * (1 - share) - direct).max() <= 2


@pytest.mark.parametrize("kind", SHADOWS)
@pytest.mark.parametrize("size", [(1, 1), (3, 2), (2, 40)])
def test_tiny_canvases_have_room_for_a_shadow(kind: Kind, size: tuple[int, int]) -> None:
    foreground, alpha, box = _bottle()
    composed = compose(foreground, alpha, _place(alpha, box, Canvas(*size, (0.1,) * 4)), fill(*size, WHITE), kind)
    assert composed.rgb.shape == (size[1], size[0], 3)


@pytest.mark.parametrize("kind", SHADOWS)
def test_a_subject_that_fills_the_canvas_can_have_a_shadow(kind: Kind) -> None:
    foreground, alpha, box = _bottle()
    composed = compose(foreground, alpha, _place(alpha, box, Canvas(300, 300, (0.0,) * 4)), None, kind)
    assert composed.rgb.shape == (300, 300, 3)


@pytest.mark.parametrize("kind", SHADOWS)
def test_haze_far_from_the_subject_is_no_ground(kind: Kind) -> None:
    alpha = np.full((400, 400), 3, np.uint8)
    alpha[180:220, 180:220] = 255
    placement = _place(alpha, (180, 180, 40, 40), Canvas())
    foreground = np.full((400, 400, 3), 60, np.uint8)
    lit = compose(foreground, alpha, placement, fill(400, 400, WHITE), kind).rgb.astype(int)
    plain = compose(foreground, alpha, placement, fill(400, 400, WHITE)).rgb.astype(int)
    rows = np.flatnonzero((plain - lit).max(axis=(1, 2)) > 3)
    assert rows[0] > 170
    assert 215 < rows[-1] < 250
