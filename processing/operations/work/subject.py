"""The first half of every operation that needs the product by itself: decode, segment, refine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from processing.engines.backdrop import Notice
from processing.engines.base import Engine, Noticing
from processing.engines.errors import BackdropNotPlain
from processing.imaging.arrays import RGB, Alpha, Box, Mask
from processing.imaging.confidence import Confidence, confidence
from processing.imaging.decode import Photo, decode, decode_opened
from processing.imaging.inspect import open_image
from processing.imaging.placement import Canvas, Placement, Size, place
from processing.imaging.refine import Refined, refine, resize, with_colours
from processing.imaging.subject import cut_sides, subject_box
from processing.operations import warnings
from processing.operations.base import Context, KeepsCuts, KeepsMatte, Warning
from processing.operations.process import Edges

Shown = Callable[[Size, Box, frozenset[str]], float]
"""Of a photo of that size (width, height) with the subject in that box, cut off on those sides: pixels of the image for
each of the photo's; 0 where nothing of the photo is shown, only the subject's outline asked for."""

_MASK_SIDE = 1024
"""Pixels that a network looks at in each direction: a photo is never read with fewer."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What was cut out of a photo. `cut`: the sides on which the photo's frame cuts it off.

    `photo_size`: width and height of the photo; colours, alpha and box are smaller where it was read smaller.
    """

    foreground: RGB
    alpha: Alpha
    box: Box
    cut: frozenset[str]
    confidence: Confidence
    engine: str
    runtime: str
    photo_size: Size
    notices: tuple[Notice, ...] = ()

    @property
    def source_size(self) -> Size:
        """Of alpha and colours, in whose pixels the box is."""
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def reduced(self) -> float:
        """The photo's pixels for each of alpha's; 1 where it was read whole."""
        return self.photo_size[0] / self.source_size[0]

    @property
    def box_in_photo(self) -> Box:
        """The box in the photo's pixels; in whole ones of alpha, so that nothing of the subject lies outside."""
        across, down = self.reduced, self.photo_size[1] / self.source_size[1]
        x, y = floor(self.box[0] * across), floor(self.box[1] * down)
        right = min(self.photo_size[0], ceil((self.box[0] + self.box[2]) * across))
        return x, y, right - x, min(self.photo_size[1], ceil((self.box[1] + self.box[3]) * down)) - y

    def place(self, canvas: Canvas, *, scale: float | None = None) -> Placement:
        """As processing.imaging.placement.place. `scale` shared with a group: in pixels of the whole photo, while the
        placement's are those of alpha."""
        width, height = canvas.size(self.photo_size)
        fixed = replace(canvas, width=width, height=height)
        return place(self.source_size, self.box, self.cut, fixed, scale=None if scale is None else scale * self.reduced)

    @property
    def warnings(self) -> list[Warning]:
        """What the owner should know of the cut itself, wherever the product is placed."""
        found: list[Warning] = []
        if self.engine == "alpha":
            found.append(warnings.alpha_kept())
        elif self.engine != "corrected" and self.confidence.value < warnings.LOW_CONFIDENCE_BELOW:
            found.append(warnings.low_confidence(self.confidence.value, self.confidence.reasons))
        if self.engine == "grabcut":
            found.append(warnings.engine_grabcut())
        found.extend(Warning(notice.code, notice.detail) for notice in self.notices)
        return found


@dataclass(frozen=True, slots=True)
class Correction:
    """What is changed about a cut before it is used.

    `apply`: the photo, uint8 (H, W, 3), and its cut become the corrected cut. `from_nothing`: it can do without a cut
    where the engine finds none.
    """

    apply: Callable[[RGB, Refined], Refined]
    from_nothing: bool = False


def cut_out(
    source: bytes,
    context: Context,
    *,
    model: str | None,
    edges: Edges,
    check: Callable[[Size], None],
    correction: Correction | None = None,
    shown: Shown | None = None,
) -> Subject:
    """The product of a photo: by its own transparency, else by the cut that was corrected by hand, else by a network.

    `check` is asked with the photo's size (width, height) before anything expensive happens, and may raise.
    `shown`: how large the photo will be shown; it is read smaller than it is where that is enough, and so is the cut.
    Raises subclasses of PackshotError.
    """
    kept = context.kept_cut(model, edges) if isinstance(context, KeepsCuts) else None
    if correction is not None:
        if kept is None:
            return _cut_out(source, context, model, edges, check, correction)
        return _corrected(source, context, kept, check, correction)
    if kept is not None:
        check(kept.source_size)
        return kept
    subject = _cut_out(source, context, model, edges, check, None, shown)
    if shown and subject.reduced > 1 and shown(subject.source_size, subject.box, subject.cut) > 1:
        subject = _cut_out(source, context, model, edges, check, None)
    if isinstance(context, KeepsCuts) and subject.reduced == 1:
        context.keep_cut(model, edges, subject)
    return subject


def _cut_out(
    source: bytes,
    context: Context,
    model: str | None,
    edges: Edges,
    check: Callable[[Size], None],
    correction: Correction | None,
    shown: Shown | None = None,
) -> Subject:
    with context.step("decode"):
        opened = open_image(source, context.limits)
        size = opened.info.width, opened.info.height
        photo = decode_opened(opened, least=None if shown is None else _least(size, shown))
        check(size)
    if (known := _known(photo, context, edges)) is not None:
        return _decided(photo, *known, context, correction)
    with context.step("segment"):
        engine = context.engine(model)
        mask = context.cached_mask(engine)
        if mask is None:
            mask = _mask(engine, photo.rgb, context, correction)
        notices = tuple(engine.notices(photo.rgb)) if isinstance(engine, Noticing) else ()
    with context.step("refine"):
        refined = refine(photo.rgb, mask, edges=edges)
        if correction:
            refined = correction.apply(photo.rgb, refined)
        return Subject(
            foreground=refined.foreground,
            alpha=refined.alpha,
            box=subject_box(refined.alpha),
            cut=cut_sides(refined.alpha),
            confidence=_own_word(refined.alpha) if correction else confidence(mask, refined.alpha, photo.rgb),
            engine=engine.name,
            runtime=engine.runtime,
            photo_size=size,
            notices=notices,
        )


def _least(size: Size, shown: Shown) -> Size:
    """Pixels that are enough for a network, and to show a subject that fills half of the frame or more."""
    half = size[0] // 4, size[1] // 4, max(1, size[0] // 2), max(1, size[1] // 2)
    scale = shown(size, half, frozenset())
    return max(_MASK_SIDE, ceil(size[0] * scale - 1e-6)), max(_MASK_SIDE, ceil(size[1] * scale - 1e-6))


def _corrected(
    source: bytes, context: Context, kept: Subject, check: Callable[[Size], None], correction: Correction
) -> Subject:
    """The kept cut with the correction: what a click changes is to be seen at once."""
    with context.step("decode"):
        photo = decode(source, context.limits)
        check((photo.info.width, photo.info.height))
    with context.step("refine"):
        refined = correction.apply(photo.rgb, Refined(kept.alpha, kept.foreground))
        return replace(
            kept,
            foreground=refined.foreground,
            alpha=refined.alpha,
            box=subject_box(refined.alpha),
            cut=cut_sides(refined.alpha),
            confidence=_own_word(refined.alpha),
        )


def _mask(engine: Engine, rgb: RGB, context: Context, correction: Correction | None) -> Mask:
    try:
        return context.keep_mask(engine, engine.mask(rgb))
    except BackdropNotPlain:
        if correction is None or not correction.from_nothing:
            raise
        return np.zeros(rgb.shape[:2], np.float32)  # not kept: it says nothing of the photo


def _known(photo: Photo, context: Context, edges: Edges) -> tuple[Refined, str] | None:
    """The cut that was decided before, and by whom: the photo's own transparency, or a correction by hand."""
    if photo.alpha is not None:
        with context.step("segment"):
            return Refined(photo.alpha, photo.rgb), "alpha"
    matte = context.matte() if isinstance(context, KeepsMatte) else None
    if matte is None:
        return None
    with context.step("segment"):
        size = photo.rgb.shape[1], photo.rgb.shape[0]
        whole = matte if matte.shape == size[::-1] else resize(matte, size)
        return with_colours(photo.rgb, whole, edges=edges), "corrected"


def _decided(photo: Photo, refined: Refined, by: str, context: Context, correction: Correction | None) -> Subject:
    """Whoever sends a cut-out, or has corrected one, has decided what the subject is: no network is asked."""
    with context.step("refine"):
        if correction:
            refined = correction.apply(photo.rgb, refined)
        alpha = refined.alpha
        box = subject_box(alpha)
        size = photo.info.width, photo.info.height
        return Subject(refined.foreground, alpha, box, cut_sides(alpha), _own_word(alpha), by, "none", size)


def _own_word(alpha: Alpha) -> Confidence:
    """Of a cut that somebody has decided: what a network doubted there says nothing of it."""
    return confidence(alpha.astype(np.float32) / np.float32(255), alpha)
