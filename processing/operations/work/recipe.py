"""Runs operations one after the other, lossless in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from processing.engines.base import Engine
from processing.engines.text_to_image import TextToImage
from processing.imaging.arrays import Alpha, Mask
from processing.imaging.limits import Limits
from processing.imaging.upscaling.tiles import Upscaler
from processing.operations.base import Context, KeepsMatte, Operation, ReachesTextToImage, Result


def run(source: bytes, steps: Sequence[tuple[Operation[Any], Mapping[str, Any]]], context: Context) -> Result:
    """The last step's image, with every step's warnings. `steps`: operations with their JSON parameters."""
    results: list[Result] = []
    takes = next((index for index, (operation, _) in enumerate(steps) if operation.takes_background), None)
    for index, (operation, parameters) in enumerate(steps):
        last = index == len(steps) - 1
        model = operation.Parameters
        # What goes on to another step must not lose anything on its way.
        between = {} if last or "format" not in model.model_fields else {"format": "png"}
        own = model.model_validate(parameters).model_copy(update=between)
        place = _StepContext(context, first=index == 0, last=last, background=index == takes)
        results.append(operation.run(source, own, place))
        source = results[-1].data
    cut = next((each for each in reversed(results) if each.confidence is not None), results[-1])
    return replace(
        results[-1],
        confidence=cut.confidence,
        engine=cut.engine,
        runtime=cut.runtime,
        frame=_frame(results),
        matte=results[0].matte,  # the photo's own; later steps work on what was made of it
        warnings=list({warning.code: warning for each in results for warning in each.warnings}.values()),
    )


def _frame(results: Sequence[Result]) -> tuple[float, float, float, float] | None:
    """x, y, width, height of the whole photo in the last image's pixels: each step's own is of the image before."""
    photo = results[0].frame
    for before, after in pairwise(results):
        if photo is None or after.frame is None:
            return None
        x, y, width, height = after.frame
        across, down = width / before.width, height / before.height
        photo = (x + photo[0] * across, y + photo[1] * down, photo[2] * across, photo[3] * down)
    return photo


@dataclass(frozen=True, slots=True)
class _StepContext:
    """The job's context as one step sees it: the photo's kept mask and the files belong to one of them alone."""

    whole: Context
    first: bool
    last: bool
    background: bool

    @property
    def limits(self) -> Limits:
        return self.whole.limits

    @property
    def sandbox(self) -> bool:
        return self.whole.sandbox and self.last

    def engine(self, name: str | None) -> Engine:
        return self.whole.engine(name)

    def upscaler(self, name: str) -> Upscaler:
        return self.whole.upscaler(name)

    def step(self, name: str, *, brief: bool = False) -> AbstractContextManager[None]:
        return self.whole.step(name, brief=brief)

    def cached_mask(self, engine: Engine) -> Mask | None:
        return self.whole.cached_mask(engine) if self.first else None

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        if self.first:
            return self.whole.keep_mask(engine, mask)
        return (np.rint(mask * 255) / np.float32(255)).astype(np.float32)

    def file(self, role: str) -> bytes | None:
        return self.whole.file(role) if self.background or role != "background" else None

    def group_scale(self) -> float | None:
        return None

    def text_to_image(self) -> TextToImage | None:
        return self.whole.text_to_image() if isinstance(self.whole, ReachesTextToImage) else None

    def matte(self) -> Alpha | None:
        return self.whole.matte() if self.first and isinstance(self.whole, KeepsMatte) else None
