"""The product cut out by what somebody points at: clicks for keep and remove, and a brush.

`clicks(foreground, background)` makes `marks` of two lists of points, as other families' requests have them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from accounts.kit.errors import InvalidInput
from processing.imaging.colors import TRANSPARENT
from processing.imaging.placement import Size
from processing.operations.base import Context, Result
from processing.operations.picture_fields import Format, wrong
from processing.operations.process import ProcessParameters, check_output
from processing.operations.process import merge as merge_process
from processing.operations.validate import problem, validate

if TYPE_CHECKING:
    from processing.imaging.marks import Mark

MAX_MARKS = 200
MAX_POINTS = 20_000
MAX_RADIUS = 5_000.0

_WANTED = '{"keep": true, "points": [[x, y]]}'


class MarkFields(BaseModel):
    """A click or a brush stroke in pixels of the upright photo."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: bool
    points: tuple[tuple[float, float], ...]
    radius: float = 0.0


def _read(value: object) -> object:
    """The list, checked mark by mark; forms send it as JSON text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise problem(f"marks must be a JSON list, such as [{_WANTED}].") from None
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        raise problem(f"marks must be a list of at least one mark, such as [{_WANTED}].")
    if len(value) > MAX_MARKS:
        raise problem(f"At most {MAX_MARKS} marks are possible; there are {len(value)}.")
    marks = [_mark(index, each) for index, each in enumerate(value, 1)]
    if sum(len(mark.points) for mark in marks) > MAX_POINTS:
        raise problem(f"The marks have more than {MAX_POINTS} points together.")
    return marks


class SegmentParameters(ProcessParameters):
    """What was pointed at, and what process has for placement and output. Unknown fields are refused."""

    marks: Annotated[tuple[MarkFields, ...], BeforeValidator(_read)] = Field(
        title="Marks",
        description="What belongs to the product and what does not, in the order in which it was said: a list of "
        "{keep, points, radius} in pixels of the upright photo, at most 200. Without a radius it is a click, with one "
        "point: the connected part it lies on is kept (keep: true) or removed. With one it is a brush stroke through "
        "its points that keeps or removes exactly what it covers. Forms send the list as JSON text.",
        examples=[[{"keep": False, "points": [[412, 308]]}]],
    )
    start: Literal["product", "marks"] = Field(
        "product",
        title="Start",
        description="product: the marks correct the cut that the photo has or that the model makes. marks: only the "
        "parts of that cut that a keep click lies on are kept, so at least one is needed.",
        examples=["marks"],
    )
    clicks: Literal["grabcut", "sam"] = Field(
        "grabcut",
        title="Clicks",
        description="What tells which part a click lies on: grabcut is built in; sam is Segment Anything, where its "
        "model is installed.",
        examples=["sam"],
    )
    format: Format = Field("png", title="Format", description="File format of the image.", examples=["png"])
    background: str = Field(
        "",
        validate_default=True,
        title="Background",
        description="A colour (#ffffff), a gradient of two colours (#ffffff:#e5e5e5), or transparent (not with jpg). "
        "Without it: white in a jpg, else transparent.",
        examples=["transparent"],
    )

    @field_validator("background", mode="before")
    @classmethod
    def _has_a_background(cls, background: object, info: ValidationInfo) -> object:
        if background in (None, ""):
            return "#ffffff" if info.data.get("format") == "jpg" else TRANSPARENT
        return background

    @field_validator("start")
    @classmethod
    def _has_something_to_keep(cls, start: str, info: ValidationInfo) -> str:
        marks = info.data.get("marks")
        if start == "marks" and marks and not any(mark.keep and not mark.radius for mark in marks):
            raise problem("start is marks, so the marks need at least one click with keep: true.")
        return start

    @property
    def in_photo(self) -> list[Mark]:
        """The marks as the pixels' side knows them."""
        from processing.imaging.marks import Mark  # numpy and OpenCV: workers only

        return [Mark(mark.keep, mark.points, mark.radius) for mark in self.marks]

    def scaled(self, source_size: Size, size: Size) -> list[dict[str, object]]:
        """The marks for a copy of the photo; both sizes are width and height in pixels."""
        across, down = size[0] / source_size[0], size[1] / source_size[1]

        def point(x: float, y: float, *, inside: bool) -> list[float]:
            there = [round(x * across, 2), round(y * down, 2)]
            return [min(there[0], size[0] - 0.5), min(there[1], size[1] - 0.5)] if inside else there

        return [
            {
                "keep": mark.keep,
                "points": [point(x, y, inside=not mark.radius) for x, y in mark.points],
                **({"radius": round(max(0.5, mark.radius * across), 2)} if mark.radius else {}),
            }
            for mark in self.marks
        ]


def clicks(
    foreground: Iterable[tuple[float, float]], background: Iterable[tuple[float, float]] = ()
) -> list[dict[str, object]]:
    """`marks` of points of which only the kind is known: first all that belongs to the product, then what does not."""
    keep: list[dict[str, object]] = [{"keep": True, "points": [list(point)]} for point in foreground]
    return keep + [{"keep": False, "points": [list(point)]} for point in background]


class Segment:
    """`operation=segment` of `POST /api/v1/jobs`, the page "Refine the cut", and the AI cut of other families.

    With `start="marks"` it cuts out what the clicks point at, else it corrects the cut that is there. The corrected
    matte comes back in Result.matte and stays with the version.
    """

    name: ClassVar[str] = "segment"
    title: ClassVar[str] = "Cut corrected"
    path: ClassVar[str] = ""
    summary: ClassVar[str] = "Correct a cut by pointing"
    description: ClassVar[str] = (
        "Keeps and removes the parts of the photo that the marks point at. What they do not concern stays as it is."
    )
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "Open a handle": {"marks": [{"keep": False, "points": [[412, 308]]}], "format": "png"},
        "Only what is pointed at": {"marks": [{"keep": True, "points": [[300, 280]]}], "start": "marks"},
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = True
    takes_preset: ClassVar[bool] = False
    cost: ClassVar[int] = 0
    scope: ClassVar[str] = "images:write"
    Parameters = SegmentParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> SegmentParameters:
        if preset:
            raise InvalidInput("segment has no presets.", field="preset")
        parameters = validate(SegmentParameters, given, max_pixels=max_pixels)
        if background_image:
            sent = {"background": given["background"], "format": parameters.format} if "background" in given else {}
            merge_process({}, sent, background_image=True)  # its rule: transparent contradicts an image
        return parameters

    def size(self, parameters: SegmentParameters, source_size: Size) -> Size:
        return parameters.canvas.size(source_size)

    def check(self, parameters: SegmentParameters, source_size: Size, *, max_pixels: int) -> None:
        """Also raises InvalidInput for a click outside of the photo; a stroke may reach beyond it."""
        check_output(parameters, source_size, max_pixels=max_pixels)
        width, height = source_size
        for index, mark in enumerate(parameters.marks, 1):
            for x, y in mark.points if not mark.radius else ():
                if not (0 <= x < width and 0 <= y < height):
                    raise wrong(
                        "marks",
                        f"Mark {index} lies outside of the photo: {x:g}, {y:g} is not within its {width} × {height} "
                        "pixels.",
                    )

    def run(self, source: bytes, parameters: SegmentParameters, context: Context) -> Result:
        from processing.operations.work import segment  # numpy and OpenCV: workers only

        return segment.run(source, parameters, context)

    def measure(self, source: bytes, parameters: SegmentParameters, context: Context) -> float:
        from processing.operations.work import segment

        return segment.measure(source, parameters, context)


def _mark(index: int, given: object) -> MarkFields:
    """Raises one sentence that says what is wrong with the mark."""
    if isinstance(given, MarkFields):
        return given
    if not isinstance(given, Mapping) or not isinstance(given.get("keep"), bool):
        raise problem(f"Mark {index} must say keep: true or false, such as {_WANTED}.")
    if unknown := sorted(set(map(str, given)) - {"keep", "points", "radius"}):
        raise problem(f"Mark {index} has no {unknown[0][:80]}: its fields are keep, points and radius.")
    points, radius = given.get("points"), given.get("radius", 0)
    if not _is_number(radius) or not 0 <= radius <= MAX_RADIUS:
        raise problem(f"Mark {index}: radius must be a number from 0 to {MAX_RADIUS:g}.")
    if not isinstance(points, Sequence) or isinstance(points, str) or not all(map(_is_point, points)) or not points:
        raise problem(f"Mark {index}: points must be a list of [x, y] in pixels of the photo.")
    if not radius and len(points) != 1:
        raise problem(f"Mark {index} has {len(points)} points: a click has one. A brush stroke needs a radius.")
    return MarkFields(keep=given["keep"], points=tuple((x, y) for x, y in points), radius=radius)


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2 and all(map(_is_number, value))
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


OPERATION = Segment()
