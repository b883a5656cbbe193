"""Text and watermarks over the background: lines of writing, told apart by how faint and how often they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from processing.compliance.detectors import glyphs, lines, paper
from processing.compliance.detectors.frame import Frame
from processing.compliance.detectors.lines import Line
from processing.compliance.detectors.paper import Paper
from processing.compliance.finding import Region
from processing.imaging.arrays import RGB, Alpha

_FAINT = 100.0
_LEAST = 0.4
_LEAST_FREE = 0.02
_REPEATED, _SURE_LINE = 3, 0.8
_TEXTURE = 120


@dataclass(frozen=True, slots=True)
class Text:
    """`lines` of writing, `region` around them all in pixels of the picture."""

    lines: int
    region: Region
    confidence: float


@dataclass(frozen=True, slots=True)
class Watermark:
    """`repeated`: the same mark several times. `over_product`: it seems to go on over the product."""

    region: Region
    confidence: float
    repeated: bool
    over_product: bool


@dataclass(frozen=True, slots=True)
class Marks:
    text: Text | None = None
    watermark: Watermark | None = None


def find(rgb: RGB, alpha: Alpha | None, frame: Frame | None, *, certain: bool) -> Marks:
    """What is written on `rgb` (H, W, 3) outside of the product `alpha` (H, W), `certain` where it is known."""
    sheet = paper.sheet(rgb, alpha, (frame.region, frame.thickness) if frame else None, certain=certain)
    if sheet.free < _LEAST_FREE:
        return Marks()
    written = _written(sheet)
    repeated = _repeated(written)
    marks = [line for line in written if line.contrast < _FAINT or line in repeated]
    texts = [line for line in written if line not in marks]
    return Marks(_text(texts, sheet), _watermark(marks, bool(repeated), sheet))


def _written(sheet: Paper) -> list[Line]:
    """The lines of all levels; of those in one place the surest."""
    found: list[Line] = []
    for level in sheet.levels:
        components = glyphs.find(sheet, level)
        if components is not None:
            found += _without_texture(lines.find(components, sheet.product), components.crowd)
    found.sort(key=lambda line: (-line.confidence, -line.letters))
    kept: list[Line] = []
    for line in found:
        if all(_shared(line.box, other.box) < 0.3 for other in kept):
            kept.append(line)
    return kept


def _without_texture(found: list[Line], crowd: int) -> list[Line]:
    """Among very many bits a few stand in a row by chance."""
    in_lines = sum(line.letters for line in found if line.confidence >= 0.5)
    if crowd < _TEXTURE or in_lines >= 0.5 * crowd:
        return found
    return [line for line in found if line.letters >= 12 and in_lines >= 0.25 * crowd]


def _repeated(written: list[Line]) -> list[Line]:
    """The largest set of lines that say the same: one length, one height, one direction."""
    best: list[Line] = []
    for line in written:
        if line.confidence < 0.3:
            continue
        same = [
            other
            for other in written
            if abs(other.length - line.length) <= 0.06 * line.length + 3
            and abs(other.height - line.height) <= 0.12 * line.height + 2
            and abs((other.angle - line.angle + 90) % 180 - 90) < 5
            and abs(other.contrast - line.contrast) <= 0.35 * line.contrast
        ]
        if len(same) > len(best):
            best = same
    return best if len(best) >= _REPEATED else []


def _text(found: list[Line], sheet: Paper) -> Text | None:
    sure = _together(found)
    if sure < _LEAST:
        return None
    shown = [line for line in found if line.confidence >= 0.3]
    return Text(len(shown), _around(shown, sheet), sure)


def _watermark(found: list[Line], repeated: bool, sheet: Paper) -> Watermark | None:
    sure = _together(found)
    if repeated and max(line.confidence for line in found) >= _SURE_LINE:
        sure = max(sure, 0.9)
    if sure < _LEAST:
        return None
    shown = [line for line in found if line.confidence >= 0.3]
    over = repeated or any(_meets(line, sheet) for line in shown)
    return Watermark(_around(shown, sheet), sure, repeated, over)


def _together(found: list[Line]) -> float:
    """Several lines make it surer that there is writing at all."""
    best = sorted((line.confidence for line in found), reverse=True)[:3]
    doubt = float(np.prod([1 - value for value in best[:1]] + [1 - 0.5 * value for value in best[1:]]))
    return round(1 - doubt, 3) if best else 0.0


def _meets(line: Line, sheet: Paper) -> bool:
    """Whether the line ends at the product, or points at it from nearby."""
    height, width = sheet.product.shape
    towards = np.array(line.end) - np.array(line.start)
    towards = towards / max(float(np.hypot(*towards)), 1e-6) * line.height
    for at, way in ((line.start, -towards), (line.end, towards)):
        for step in (0.5, 1.0, 1.5):
            x, y = np.round(np.array(at) + step * way).astype(int)
            if 0 <= x < width and 0 <= y < height and sheet.product[y, x]:
                return True
    return False


def _around(found: list[Line], sheet: Paper) -> Region:
    boxes = np.array([line.box for line in found])
    left, top = boxes[:, 0].min(), boxes[:, 1].min()
    right, bottom = (boxes[:, 0] + boxes[:, 2]).max(), (boxes[:, 1] + boxes[:, 3]).max()
    x, y = int(left / sheet.scale), int(top / sheet.scale)
    return x, y, int(np.ceil((right - left) / sheet.scale)), int(np.ceil((bottom - top) / sheet.scale))


def _shared(one: Region, other: Region) -> float:
    """Overlap as a share of the smaller box."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / max(1, min(one[2] * one[3], other[2] * other[3]))
