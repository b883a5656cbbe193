"""The first half of every operation that needs the product by itself: decode, segment, refine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from processing.engines.backdrop import Notice
from processing.engines.base import Noticing
from processing.imaging.arrays import RGB, Alpha, Box
from processing.imaging.confidence import Confidence, confidence
from processing.imaging.decode import Photo, decode
from processing.imaging.placement import Size
from processing.imaging.refine import refine
from processing.imaging.subject import cut_sides, subject_box
from processing.operations import warnings
from processing.operations.base import Context, Warning
from processing.operations.process import Edges


@dataclass(frozen=True, slots=True)
class Subject:
    """What was cut out of a photo. `cut`: the sides on which the photo's frame cuts it off."""

    foreground: RGB
    alpha: Alpha
    box: Box
    cut: frozenset[str]
    confidence: Confidence
    engine: str
    runtime: str
    notices: tuple[Notice, ...] = ()

    @property
    def source_size(self) -> Size:
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def warnings(self) -> list[Warning]:
        """What the owner should know of the cut itself, wherever the product is placed."""
        found: list[Warning] = []
        if self.engine == "alpha":
            found.append(warnings.alpha_kept())
        elif self.confidence.value < warnings.LOW_CONFIDENCE_BELOW:
            found.append(warnings.low_confidence(self.confidence.value, self.confidence.reasons))
        if self.engine == "grabcut":
            found.append(warnings.engine_grabcut())
        found.extend(Warning(notice.code, notice.detail) for notice in self.notices)
        return found


def cut_out(
    source: bytes, context: Context, *, model: str | None, edges: Edges, check: Callable[[Size], None]
) -> Subject:
    """The product of a photo.

    `check` is asked with the photo's size (width, height) before anything expensive happens, and may raise.
    Raises subclasses of PackshotError.
    """
    with context.step("decode"):
        photo = decode(source, context.limits)
        check((photo.info.width, photo.info.height))
    if photo.alpha is not None:
        return _own_alpha(photo, photo.alpha, context)
    with context.step("segment"):
        engine = context.engine(model)
        mask = context.cached_mask(engine)
        if mask is None:
            mask = context.keep_mask(engine, engine.mask(photo.rgb))
        notices = tuple(engine.notices(photo.rgb)) if isinstance(engine, Noticing) else ()
    with context.step("refine"):
        refined = refine(photo.rgb, mask, edges=edges)
        return Subject(
            foreground=refined.foreground,
            alpha=refined.alpha,
            box=subject_box(refined.alpha),
            cut=cut_sides(refined.alpha),
            confidence=confidence(mask, refined.alpha, photo.rgb),
            engine=engine.name,
            runtime=engine.runtime,
            notices=notices,
        )


def _own_alpha(photo: Photo, alpha: Alpha, context: Context) -> Subject:
    """Whoever sends a cut-out has decided what the subject is: no network is asked."""
    with context.step("segment"):
        box = subject_box(alpha)
    with context.step("refine"):
        sure = confidence(alpha.astype(np.float32) / np.float32(255), alpha)
        return Subject(photo.rgb, alpha, box, cut_sides(alpha), sure, "alpha", "none")
