"""The way of a photo whose cut is corrected: decode, segment, refine with the marks, compose, encode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from processing.engines import pointed
from processing.imaging.arrays import RGB, Alpha
from processing.imaging.correct import FIND_PIXELS as GRABCUT_PIXELS
from processing.imaging.correct import Finder, correct
from processing.imaging.marks import Mark
from processing.imaging.placement import Size, place
from processing.imaging.refine import Refined
from processing.operations.base import Context, Result
from processing.operations.process import Edges
from processing.operations.segment import OPERATION, SegmentParameters
from processing.operations.work import pipeline
from processing.operations.work.subject import Correction, Subject, cut_out

_SAM = "sam"
_SAM_PIXELS = 700_000


def run(source: bytes, parameters: SegmentParameters, context: Context) -> Result:
    """The finished image of `source`, with the corrected matte. Raises subclasses of PackshotError."""
    subject = _cut_out(source, parameters, context, parameters.edges)
    return replace(pipeline.finished(subject, parameters, context, source=source), matte=_png(subject.alpha))


def measure(source: bytes, parameters: SegmentParameters, context: Context) -> float:
    """Output pixels per photo pixel at which this photo alone fits its canvas."""
    subject = _cut_out(source, parameters, context, "fast")  # only its outline is looked at
    return place(subject.source_size, subject.box, subject.cut, parameters.canvas).scale


def _cut_out(source: bytes, parameters: SegmentParameters, context: Context, edges: Edges) -> Subject:
    def check(size: Size) -> None:
        OPERATION.check(parameters, size, max_pixels=context.limits.max_pixels)

    marks = parameters.in_photo
    find, pixels = _finder(parameters.clicks, context)

    def apply(rgb: RGB, cut: Refined) -> Refined:
        if parameters.start == "marks":
            cut = Refined(_pointed_at(cut.alpha, marks), cut.foreground)
        return correct(rgb, cut, marks, find, edges=edges, find_pixels=pixels)

    keeps = any(mark.keep for mark in marks)
    correction = Correction(apply, from_nothing=keeps)
    return cut_out(source, context, model=parameters.model, edges=edges, check=check, correction=correction)


def _finder(clicks: str, context: Context) -> tuple[Finder, int]:
    """What finds the part under a click, and the size of photo that it takes. Raises ModelNotInstalled."""
    if clicks != _SAM:
        return pointed.part_at, GRABCUT_PIXELS
    return pointed.by(context.engine(_SAM)), _SAM_PIXELS


def _pointed_at(alpha: Alpha, marks: Sequence[Mark]) -> Alpha:
    """Only the parts of the cut that a keep click lies on."""
    labels = cv2.connectedComponents((alpha > 0).astype(np.uint8), connectivity=8)[1]
    kept = {int(labels[int(y), int(x)]) for mark in marks if mark.keep and mark.click for x, y in mark.points}
    return np.where(np.isin(labels, sorted(kept - {0})), alpha, 0).astype(np.uint8)


def _png(alpha: Alpha) -> bytes:
    _, data = cv2.imencode(".png", alpha, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    return data.tobytes()
