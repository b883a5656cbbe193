"""The operation segment from bytes to bytes."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
from PIL import Image

from accounts.kit.errors import InvalidInput
from processing.engines.base import Engine
from processing.engines.errors import BackdropNotPlain, ModelNotInstalled
from processing.imaging.arrays import RGB, Alpha, Mask
from processing.imaging.errors import NoSubject
from processing.operations.base import STEPS, Result
from processing.operations.output_size import OutputTooLarge
from processing.operations.registry import find, price
from processing.operations.segment import MAX_MARKS, clicks
from processing.operations.work.subject import Subject
from tests.support.operation_run import KnownBackdrop, Run, Stopped
from tests.support.pictures.mug import Mug, around, mug_on_a_table

OPERATION = find("segment")
MUG = mug_on_a_table()
HOLE = {"keep": False, "points": [list(MUG.in_hole)]}
HANDLE = {"keep": True, "points": [list(MUG.on_handle)]}


class ClosedHandle(KnownBackdrop):
    """A network that takes what is seen through the handle for the mug."""

    def mask(self, rgb: RGB) -> Mask:
        self.calls += 1
        return MUG.closed


class Refusing(KnownBackdrop):
    def mask(self, rgb: RGB) -> Mask:
        raise BackdropNotPlain("The backdrop is not plain.")


@dataclass
class Corrected(Run):
    """The surroundings of a photo whose cut was corrected before."""

    alpha: Alpha = field(default_factory=lambda: np.zeros((1, 1), np.uint8))

    def matte(self) -> Alpha | None:
        return self.alpha


def _photo(mug: Mug = MUG) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(mug.rgb).save(buffer, "PNG")
    return buffer.getvalue()


def _run(marks: list[dict[str, object]], context: Run | None = None, **given: object) -> Result:
    parameters = OPERATION.merge({}, {"marks": marks, **given})
    return OPERATION.run(_photo(), parameters, context or Run(loaded=ClosedHandle()))


def _alpha(result: Result) -> Alpha:
    return np.asarray(Image.open(io.BytesIO(result.data)))[:, :, 3]


def test_the_handles_hole_is_opened_and_nothing_else_changes() -> None:
    found = _run([HOLE])
    before = OPERATION.run(
        _photo(), OPERATION.merge({}, {"marks": [{"keep": False, "points": [[2, 2]]}]}), Run(loaded=ClosedHandle())
    )
    assert (found.format, found.width, found.height) == ("png", 600, 480)
    assert _alpha(found)[MUG.in_hole[1], MUG.in_hole[0]] == 0
    assert _alpha(before)[MUG.in_hole[1], MUG.in_hole[0]] == 255
    far = ~around(MUG.hole, 40)
    assert np.array_equal(_alpha(found)[far], _alpha(before)[far])
    assert found.matte is not None
    matte = cv2.imdecode(np.frombuffer(found.matte, np.uint8), cv2.IMREAD_UNCHANGED)
    assert matte is not None
    assert np.array_equal(matte, _alpha(found))


def test_the_matte_is_that_of_the_whole_photo_wherever_the_product_is_placed() -> None:
    placed = _run([HOLE], width=300, height=300, margin=0.1, format="jpg")
    assert (placed.format, placed.width, placed.height) == ("jpg", 300, 300)
    assert placed.matte == _run([HOLE]).matte


def test_a_mask_shows_the_hole() -> None:
    found = np.asarray(Image.open(io.BytesIO(_run([HOLE], output="mask").data)))
    assert found.shape == (480, 600)
    assert found[MUG.in_hole[1], MUG.in_hole[0]] == 0
    assert found[MUG.on_handle[1], MUG.on_handle[0]] == 255


def test_jpg_is_on_white_and_the_rest_transparent() -> None:
    white = np.asarray(Image.open(io.BytesIO(_run([HOLE], format="jpg").data)))
    assert white[MUG.in_hole[1], MUG.in_hole[0]].min() > 250
    assert Image.open(io.BytesIO(_run([HOLE], format="webp").data)).mode == "RGBA"
    with pytest.raises(InvalidInput, match="transparent"):
        OPERATION.merge({}, {"marks": [HOLE], "format": "jpg", "background": "transparent"})


def test_a_correction_goes_on_from_the_one_before_and_asks_no_network() -> None:
    opened = _alpha(_run([HOLE]))
    context = Corrected(loaded=ClosedHandle(), alpha=opened)
    again = _run([{"keep": False, "points": [[MUG.on_handle[0], MUG.on_handle[1]]], "radius": 4}], context)
    assert context.loaded.calls == 0
    assert again.engine == "corrected"
    assert _alpha(again)[MUG.on_handle[1], MUG.on_handle[0]] == 0
    far = ~around(MUG.handle, 40)
    assert np.array_equal(_alpha(again)[far], opened[far])


@dataclass
class Keeping(Run):
    """The surroundings of previews: a cut is kept for the next one."""

    cuts: dict[tuple[str | None, str], Subject] = field(default_factory=dict)

    def kept_cut(self, model: str | None, edges: str) -> Subject | None:
        return self.cuts.get((model, edges))

    def keep_cut(self, model: str | None, edges: str, subject: Subject) -> None:
        self.cuts[model, edges] = subject


def test_a_kept_cut_is_corrected_as_a_new_one_would_be() -> None:
    context = Keeping(loaded=ClosedHandle())
    alone = _run([HOLE], context)
    assert context.cuts == {}, "a corrected cut is not what the next correction begins with"
    process = find("process")
    process.run(_photo(), process.merge({}, {"format": "png"}), context)
    assert _run([HOLE], context).data == alone.data
    assert _run([HOLE], context).data == alone.data
    assert len(context.cuts) == 1


@pytest.mark.parametrize("name", ["process", "remove_background", "relight_shadow"])
def test_every_later_operation_uses_the_corrected_cut(name: str) -> None:
    context = Corrected(loaded=ClosedHandle(), alpha=_alpha(_run([HOLE])))
    operation = find(name)
    given = {"format": "png", "background": "transparent"} | ({"shadow": "none"} if name == "relight_shadow" else {})
    result = operation.run(_photo(), operation.merge({}, given), context)
    assert context.loaded.calls == 0
    assert np.array_equal(_alpha(result), context.alpha)
    assert result.warnings == []


def test_the_matte_may_be_of_another_size() -> None:
    context = Corrected(alpha=np.asarray(cv2.resize(_alpha(_run([HOLE])), (300, 240)), np.uint8))
    result = find("remove_background").run(_photo(), find("remove_background").merge({}, {}), context)
    assert _alpha(result).shape == (480, 600)
    assert _alpha(result)[MUG.in_hole[1], MUG.in_hole[0]] == 0


def test_a_photos_own_transparency_is_corrected_too() -> None:
    cut = Image.fromarray(np.dstack([MUG.rgb, np.rint(MUG.closed * 255).astype(np.uint8)]))
    buffer = io.BytesIO()
    cut.save(buffer, "PNG")
    found = OPERATION.run(buffer.getvalue(), OPERATION.merge({}, {"marks": [HOLE]}), Run())
    assert found.engine == "alpha"
    assert _alpha(found)[MUG.in_hole[1], MUG.in_hole[0]] == 0


def test_starting_from_the_marks_only_what_was_pointed_at_is_kept() -> None:
    photo = np.full((200, 400, 3), (200, 210, 220), np.uint8)
    photo[50:150, 40:140] = (150, 40, 30)
    photo[50:150, 260:360] = (30, 80, 150)
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "PNG")
    one = OPERATION.merge({}, {"marks": clicks([(310, 100)]), "start": "marks"})
    found = _alpha(OPERATION.run(buffer.getvalue(), one, Run()))
    assert (found[100, 90], found[100, 310]) == (0, 255)
    with pytest.raises(InvalidInput, match="at least one click with keep"):
        OPERATION.merge({}, {"marks": [HOLE], "start": "marks"})


def test_without_any_cut_the_clicks_alone_find_the_product() -> None:
    found = _run(clicks([(240, 340), MUG.on_handle], [MUG.in_hole]), Run(loaded=Refusing()), start="marks")
    inside = cv2.erode((MUG.alpha > 0.5).astype(np.uint8), np.ones((9, 9))) > 0
    assert (_alpha(found)[inside] > 200).mean() > 0.6
    assert _alpha(found)[MUG.in_hole[1], MUG.in_hole[0]] == 0
    with pytest.raises(BackdropNotPlain):
        _run([HOLE], Run(loaded=Refusing()))


def test_with_nothing_left_there_is_no_subject() -> None:
    with pytest.raises(NoSubject):
        _run([{"keep": False, "points": [[0, 240], [600, 240]], "radius": 600}])


@pytest.mark.parametrize("step", STEPS)
def test_it_stops_before_any_step(step: str) -> None:
    context = Run(loaded=ClosedHandle(), stop_before=step)
    with pytest.raises(Stopped):
        _run([HOLE], context)
    assert context.steps == list(STEPS[: STEPS.index(step)])


def test_a_test_key_marks_the_image_and_not_the_matte() -> None:
    marked = _run([HOLE], Run(loaded=ClosedHandle(), sandbox=True), background="#ffffff")
    plain = _run([HOLE], background="#ffffff")
    assert marked.data != plain.data
    assert marked.matte == plain.matte


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        (None, "marks is missing"),
        ([], "list of at least one mark"),
        ("[", "must be a JSON list"),
        ('{"keep": true}', "list of at least one mark"),
        ([{"points": [[1, 1]]}], "Mark 1 must say keep"),
        ([HOLE, {"keep": "yes", "points": [[1, 1]]}], "Mark 2 must say keep"),
        ([{"keep": True}], "Mark 1: points must be"),
        ([{"keep": True, "points": []}], "Mark 1: points must be"),
        ([{"keep": True, "points": [[1]]}], "Mark 1: points must be"),
        ([{"keep": True, "points": [["1", 2]]}], "Mark 1: points must be"),
        ([{"keep": True, "points": [[float("nan"), 2]]}], "Mark 1: points must be"),
        ([{"keep": True, "points": [[1, 1], [2, 2]]}], "a click has one"),
        ([{"keep": True, "points": [[1, 1]], "radius": -1}], "Mark 1: radius"),
        ([{"keep": True, "points": [[1, 1]], "radius": True}], "Mark 1: radius"),
        ([{"keep": True, "points": [[1, 1]], "size": 3}], "Mark 1 has no size"),
        ([HOLE] * (MAX_MARKS + 1), "At most 200 marks"),
        ([{"keep": True, "points": [[1, 1]] * 20_001, "radius": 3}], "more than 20000 points"),
    ],
)
def test_what_is_wrong_with_the_marks_is_said(marks: object, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refused:
        OPERATION.merge({}, {} if marks is None else {"marks": marks})
    assert [error.field for error in refused.value.errors] == ["marks"]


@pytest.mark.parametrize("point", [(600, 10), (-1, 10), (10, 480), (10, -0.5)])
def test_a_click_outside_of_the_photo_is_refused_before_any_work(point: tuple[float, float]) -> None:
    parameters = OPERATION.merge({}, {"marks": [HANDLE, {"keep": False, "points": [list(point)]}]})
    with pytest.raises(InvalidInput, match="Mark 2 lies outside of the photo") as refused:
        OPERATION.check(parameters, (600, 480), max_pixels=50_000_000)
    assert [error.field for error in refused.value.errors] == ["marks"]
    context = Run(loaded=ClosedHandle())
    with pytest.raises(InvalidInput):
        OPERATION.run(_photo(), parameters, context)
    assert context.loaded.calls == 0


def test_a_stroke_may_reach_beyond_the_photo() -> None:
    stroke = {"keep": True, "points": [[-20, 10], [700, 10]], "radius": 5}
    assert _alpha(_run([stroke]))[10].min() == 255


def test_other_refusals() -> None:
    with pytest.raises(InvalidInput, match="no presets"):
        OPERATION.merge({"margin": 0.1}, {"marks": [HOLE]})
    with pytest.raises(InvalidInput, match="cannot be transparent beside a background image"):
        OPERATION.merge({}, {"marks": [HOLE], "background": "transparent"}, background_image=True)
    with pytest.raises(OutputTooLarge):
        OPERATION.check(OPERATION.merge({}, {"marks": [HOLE], "width": 9000}), (600, 480), max_pixels=50_000_000)


def test_it_is_free_and_may_be_text() -> None:
    parameters = OPERATION.merge({}, {"marks": json.dumps([HOLE])})
    assert parameters == OPERATION.merge({}, {"marks": [HOLE]})
    kept = parameters.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert price("segment", kept) == 0
    assert OPERATION.Parameters.model_validate(kept) == parameters


def test_marks_of_a_smaller_copy() -> None:
    from processing.operations.segment import SegmentParameters

    given = SegmentParameters.model_validate(
        {"marks": [{"keep": True, "points": [[10, 20]]}, {"keep": False, "points": [[4, 4]], "radius": 2}]}
    )
    assert given.scaled((100, 80), (50, 40)) == [
        {"keep": True, "points": [[5, 10]]},
        {"keep": False, "points": [[2, 2]], "radius": 1},
    ]


class WithoutSam(Run):
    def engine(self, name: str | None) -> Engine:
        if name == "sam":
            raise ModelNotInstalled("The model sam is not installed.", field="model")
        return super().engine(name)


def test_where_sam_is_not_installed_it_is_said() -> None:
    with pytest.raises(ModelNotInstalled):
        _run([HOLE], WithoutSam(loaded=ClosedHandle()), clicks="sam")


class Sees(ClosedHandle):
    """Stands for SAM: what is asked for is a square around the last click."""

    def thing_at(self, rgb: RGB, clicks: list[object]) -> np.ndarray:
        self.asked = clicks
        x, y = (int(value) for value in clicks[-1].points[0])  # type: ignore[attr-defined]
        thing = np.zeros(rgb.shape[:2], np.bool_)
        thing[y - 10 : y + 11, x - 10 : x + 11] = True
        return thing


def test_sam_is_asked_for_the_thing_at_a_click() -> None:
    engine = Sees()
    found = _alpha(_run([HANDLE, HOLE], Run(loaded=engine), clicks="sam"))
    x, y = MUG.in_hole
    assert (found[y, x], found[y - 30, x]) == (0, 255)
    assert [click.keep for click in engine.asked] == [False, True]  # type: ignore[attr-defined]


def test_a_model_that_cannot_be_pointed_with_is_refused() -> None:
    with pytest.raises(InvalidInput, match="cannot be pointed with"):
        _run([HOLE], clicks="sam")
