"""The operation generate_background in tests: its surroundings, a photo, and what came of it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image, ImageDraw

from accounts.kit.errors import InvalidInput, PackshotError
from processing.engines.text_to_image import TextToImage
from processing.imaging.upscaling.tiles import Upscaler
from processing.operations.base import Result
from processing.operations.registry import find
from tests.support.operation_run import BACKDROP, Run

OPERATION = find("generate_background")
PRODUCT = (150, 40, 30)


class Painter:
    """A text-to-image engine that paints a green wall over a brown table, or raises."""

    name = "painter"

    def __init__(self, *, takes_seed: bool = False, fails: PackshotError | None = None, data: bytes = b"") -> None:
        self.takes_seed = takes_seed
        self.fails = fails
        self.data = data
        self.asked: list[tuple[str, int, int, int]] = []

    def picture(self, prompt: str, *, width: int, height: int, seed: int) -> bytes:
        self.asked.append((prompt, width, height, seed))
        if self.fails:
            raise self.fails
        image = Image.new("RGB", (96, 64), (40, 160, 60))
        ImageDraw.Draw(image).rectangle((0, 38, 96, 64), fill=(120, 80, 40))
        return self.data or saved(image)


@dataclass
class Surroundings(Run):
    """The surroundings of one photo, with an engine that paints where there is one."""

    painter: TextToImage | None = None

    def upscaler(self, name: str) -> Upscaler:
        raise NotImplementedError

    def text_to_image(self) -> TextToImage | None:
        return self.painter


def saved(image: Image.Image, format: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format)
    return buffer.getvalue()


def photo(box: tuple[int, int, int, int] = (60, 40, 140, 160)) -> bytes:
    """A box of PRODUCT on a backdrop that the engine here knows, 200 × 200."""
    image = Image.new("RGB", (200, 200), BACKDROP)
    left, top, right, bottom = box
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=PRODUCT)
    return saved(image)


def run(source: bytes, given: dict[str, object], context: Surroundings | None = None) -> Result:
    context = context or Surroundings()
    given = {"format": "png", **given}
    return OPERATION.run(source, OPERATION.merge({}, given, background_image="background" in context.files), context)


def pixels(result: Result) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(result.data)).convert("RGB")).astype(np.float64)


def codes(result: Result) -> list[str]:
    return [warning.code for warning in result.warnings]


def refused(given: dict[str, object], *, background_image: bool = False) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        OPERATION.merge({}, given, background_image=background_image)
    assert caught.value.status == 400
    return {error.field: error.detail for error in caught.value.errors}
