"""Where the subject lands on the canvas."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processing.imaging.placement import Align, Canvas, Placement, place, shared_scale

NOWHERE = frozenset[str]()


def _edges(placement: Placement) -> tuple[int, int, int, int]:
    """Free space at the top, right, bottom, left of the subject's box."""
    x, y, width, height = placement.subject_box
    return y, placement.canvas_width - x - width, placement.canvas_height - y - height, x


def test_a_margin_is_met_in_the_tighter_direction() -> None:
    placement = place((3000, 4000), (900, 400, 1000, 3100), NOWHERE, Canvas(2000, 2000, (0.05,) * 4))
    assert _edges(placement) == (100, 709, 100, 710)


def test_margins_are_shares_of_the_shorter_side() -> None:
    placement = place((1000, 1000), (100, 100, 800, 800), NOWHERE, Canvas(3000, 1000, (0.1,) * 4))
    assert _edges(placement) == (100, 1100, 100, 1100)


def test_each_side_has_its_own_margin() -> None:
    placement = place((1000, 1000), (0, 0, 1000, 1000), NOWHERE, Canvas(1000, 1000, (0.0, 0.1, 0.2, 0.3), "top"))
    assert _edges(placement) == (0, 100, 400, 300)


def test_margin_zero_fills_the_canvas() -> None:
    placement = place((1000, 1000), (200, 300, 400, 400), NOWHERE, Canvas(500, 500, (0.0,) * 4))
    assert placement.subject_box == (0, 0, 500, 500)


@pytest.mark.parametrize(
    ("align", "edges"),
    [
        ("center", (100, 300, 100, 300)),
        ("left", (100, 500, 100, 100)),
        ("right", (100, 100, 100, 500)),
        ("top", (100, 300, 100, 300)),
    ],
)
def test_a_tall_subject_is_aligned_across(align: Align, edges: tuple[int, int, int, int]) -> None:
    placement = place((600, 1000), (100, 100, 400, 800), NOWHERE, Canvas(1000, 1000, (0.1,) * 4, align))
    assert _edges(placement) == edges


def test_a_wide_subject_stands_at_the_bottom() -> None:
    placement = place((1000, 600), (100, 100, 800, 400), NOWHERE, Canvas(1000, 1000, (0.1,) * 4, "bottom"))
    assert _edges(placement) == (500, 100, 100, 100)


def test_without_a_margin_the_subject_keeps_its_place_in_the_frame() -> None:
    placement = place((1000, 800), (250, 200, 500, 400), NOWHERE, Canvas(500, 400))
    assert placement.subject_box == (125, 100, 250, 200)
    assert placement.scale == 0.5


def test_without_a_margin_the_frame_is_fitted_into_another_ratio() -> None:
    placement = place((1000, 500), (400, 100, 200, 300), NOWHERE, Canvas(1000, 1000))
    assert placement.target == (0, 250, 1000, 500)
    assert place((1000, 500), (400, 100, 200, 300), NOWHERE, Canvas(1000, 1000, None, "bottom")).y == 500


def test_without_width_and_height_nothing_changes() -> None:
    placement = place((1234, 777), (10, 20, 30, 40), NOWHERE, Canvas())
    assert (placement.canvas_width, placement.canvas_height, placement.scale) == (1234, 777, 1)
    assert placement.subject_box == (10, 20, 30, 40)


def test_one_of_width_and_height_keeps_the_ratio() -> None:
    assert Canvas(width=500).size((3000, 2000)) == (500, 333)
    assert Canvas(height=500).size((3000, 2000)) == (750, 500)
    assert Canvas(width=1).size((9000, 2)) == (1, 1)


@pytest.mark.parametrize(("side", "at"), [("top", 0), ("right", 1), ("bottom", 2), ("left", 3)])
@pytest.mark.parametrize("canvas", [Canvas(1000, 1000, (0.1,) * 4), Canvas(900, 400, (0.1,) * 4), Canvas(300, 900)])
def test_a_side_that_is_cut_off_stays_on_the_edge(side: str, at: int, canvas: Canvas) -> None:
    boxes = {
        "top": (200, 0, 500, 700),
        "right": (500, 200, 500, 300),
        "bottom": (200, 300, 500, 700),
        "left": (0, 200, 400, 300),
    }
    edges = _edges(place((1000, 1000), boxes[side], frozenset({side}), canvas))
    assert edges[at] == 0
    if canvas.margins:
        margin = round(0.1 * min(canvas.width or 0, canvas.height or 0))
        assert all(edge >= margin - 1 for index, edge in enumerate(edges) if index != at)


def test_cut_off_on_both_sides_it_reaches_both_edges() -> None:
    across = frozenset({"left", "right"})
    for canvas in (Canvas(800, 800, (0.1,) * 4), Canvas(800, 1600)):
        top, right, bottom, left = _edges(place((1000, 1000), (0, 400, 1000, 200), across, canvas))
        assert (left, right) == (0, 0)
        assert top > 0 < bottom


def test_cut_off_on_both_sides_nothing_whole_is_lost() -> None:
    """Reaching both edges of a wide canvas would push the top and bottom out of it."""
    placement = place((1000, 1000), (0, 100, 1000, 800), frozenset({"left", "right"}), Canvas(2000, 800, (0.1,) * 4))
    top, _, bottom, _ = _edges(placement)
    assert (top, bottom) == (80, 80)


def test_cut_off_on_three_sides_it_overflows_where_it_was_cut() -> None:
    placement = place(
        (1000, 1000), (0, 200, 1000, 800), frozenset({"left", "right", "bottom"}), Canvas(2000, 1000, (0.1,) * 4)
    )
    assert _edges(placement) == (100, 0, 0, 0)
    assert placement.target == (0, 100, 2000, 1600)


def test_cut_off_on_all_sides_it_covers_the_canvas() -> None:
    everywhere = frozenset({"left", "right", "top", "bottom"})
    for canvas in (Canvas(500, 500, (0.1,) * 4), Canvas(500, 500), Canvas(900, 100)):
        assert _edges(place((1500, 1000), (0, 0, 1500, 1000), everywhere, canvas)) == (0, 0, 0, 0)


def test_a_group_shares_the_smallest_scale() -> None:
    side = ((4000, 3000), (500, 1000, 3000, 1200), NOWHERE)
    front = ((4000, 3000), (1400, 1000, 1200, 1200), NOWHERE)
    canvas = Canvas(1000, 1000, (0.05,) * 4)
    scale = shared_scale([side, front], canvas)
    assert scale == pytest.approx(0.3)
    heights = {place(*view, canvas, scale=scale).subject_box[3] for view in (side, front)}
    assert heights == {360}


def test_a_shared_scale_never_enlarges_beyond_what_fits() -> None:
    canvas = Canvas(1000, 1000, (0.05,) * 4)
    alone = place((4000, 3000), (500, 1000, 3000, 1200), NOWHERE, canvas)
    assert place((4000, 3000), (500, 1000, 3000, 1200), NOWHERE, canvas, scale=9) == alone


# A busy machine draws slowly; that says nothing about the placement.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def _cases(draw: st.DrawFn) -> tuple[tuple[int, int], tuple[int, int, int, int], Canvas]:
    width, height = draw(st.integers(1, 6000)), draw(st.integers(1, 6000))
    x, y = draw(st.integers(0, width - 1)), draw(st.integers(0, height - 1))
    box = (x, y, draw(st.integers(1, width - x)), draw(st.integers(1, height - y)))
    sizes = st.none() | st.integers(1, 4000)
    margins = st.none() | st.tuples(*[st.floats(0, 0.49)] * 4)
    aligns: st.SearchStrategy[Align] = st.sampled_from(["center", "top", "bottom", "left", "right"])
    return (width, height), box, Canvas(draw(sizes), draw(sizes), draw(margins), draw(aligns))


@_patient
@given(_cases())
def test_the_subject_is_inside_the_canvas(case: tuple[tuple[int, int], tuple[int, int, int, int], Canvas]) -> None:
    placement = place(case[0], case[1], NOWHERE, case[2])
    assert min(_edges(placement)) >= 0
    assert min(placement.subject_box[2:]) >= 1


@_patient
@given(_cases())
def test_margins_are_kept_and_met(case: tuple[tuple[int, int], tuple[int, int, int, int], Canvas]) -> None:
    size, box, canvas = case
    if canvas.margins is None:
        return
    placement = place(size, box, NOWHERE, canvas)
    shorter = min(placement.canvas_width, placement.canvas_height)
    if shorter < 100:  # a margin of 49 % leaves less than a pixel
        return
    slack = [edge - share * shorter for edge, share in zip(_edges(placement), canvas.margins, strict=True)]
    assert min(slack) >= -1
    assert min(slack[0] + slack[2], slack[1] + slack[3]) <= 1.5


@_patient
@given(_cases())
def test_the_ratio_is_kept(case: tuple[tuple[int, int], tuple[int, int, int, int], Canvas]) -> None:
    placement = place(case[0], case[1], NOWHERE, case[2])
    for length, whole in zip(placement.target[2:], placement.source[2:], strict=True):
        assert length == 1 or abs(length - whole * placement.scale) <= 0.5 + 1e-6


@_patient
@given(_cases(), st.sets(st.sampled_from(["left", "right", "top", "bottom"]), max_size=4))
def test_a_cut_side_that_can_is_on_the_edge(
    case: tuple[tuple[int, int], tuple[int, int, int, int], Canvas], sides: set[str]
) -> None:
    (width, height), (x, y, box_width, box_height), canvas = case
    left, top = (0 if "left" in sides else x), (0 if "top" in sides else y)
    right = width if "right" in sides else x + box_width
    bottom = height if "bottom" in sides else y + box_height
    placement = place((width, height), (left, top, right - left, bottom - top), frozenset(sides), canvas)
    edges = dict(zip(("top", "right", "bottom", "left"), _edges(placement), strict=True))
    opposite = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}
    assert min(edges.values()) >= 0
    for side in sides:
        if opposite[side] not in sides:
            assert edges[side] == 0


def test_the_frame_is_where_the_photo_lies() -> None:
    """The subject's box, carried by the frame, is the subject's place on the canvas."""
    placed = place((400, 300), (100, 50, 200, 150), frozenset(), Canvas(1000, 1000, margins=(0.1, 0.1, 0.1, 0.1)))
    x, y, width, height = placed.frame((400, 300))
    box = (x + width * 100 / 400, y + height * 50 / 300, width * 200 / 400, height * 150 / 300)
    assert box == pytest.approx(placed.subject_box, abs=1)
    assert width / height == pytest.approx(400 / 300, rel=0.01)
