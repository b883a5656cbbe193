"""Openings of the subject: which show the backdrop and stay open, which are labels and panels that resemble it.

A network that looks for contrast punches light labels out of bottles, and now and then closes a ring or sees only the
label. All three are judged here, region by region, against the backdrop foretold for that place. On a backdrop that
cannot be foretold the network's word stands.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from processing.imaging.arrays import RGB, Mask
from processing.imaging.backdrop_model import BackdropModel, observe
from processing.imaging.bodies import missed
from processing.imaging.evidence import Witness
from processing.imaging.regions import Region, components, grown, share_touching
from processing.imaging.windows import closed_over

_SIDE = 400
"""Pixels across the small picture on which regions are judged."""
_FEWEST, _SEAM = 6, 3
_OPEN = 0.15
"""Share of a region's rim that touches the backdrop above which it is no hole but open to the outside."""
_UNDECIDED = -1.5
"""Log odds above which a region may be product by its likeness to a neighbour."""
_ALIKE = 5.0


def judge(small: RGB, mask: Mask) -> Mask:
    """The mask (h, w) with labels closed and true openings opened; `small` uint8 (h, w, 3) is the photo at its size."""
    height, width = mask.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    tiny = cv2.resize(small, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    rough = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32, copy=False)
    subject = rough > 0.5
    if not subject.any():
        return mask
    backdrop = observe(tiny, rough)
    if not backdrop.plain:
        return mask
    witness = Witness(tiny, rough, backdrop)
    closed = _labels(rough, backdrop, witness) | missed(rough, backdrop, witness)
    opened = closed_over(rough, backdrop, witness) & ~closed
    if closed.any():
        mask = np.maximum(mask, _ramp(closed | (grown(closed, 2) & subject), (width, height)))
    if opened.any():
        mask = np.minimum(mask, 1 - _ramp(grown(opened, 2), (width, height)))
    return mask


def _labels(rough: Mask, backdrop: BackdropModel, witness: Witness) -> Region:
    """Enclosed regions the network left out that are product."""
    closed, colours, doubtful = np.zeros(rough.shape, np.bool_), [], []
    for region, heard in _enclosed(rough, backdrop):
        evidence = witness.on(heard)
        colour = np.median(witness.smooth[heard], axis=0)
        if evidence.score > 0:
            closed |= region
            colours.append(colour)
        elif evidence.score > _UNDECIDED:
            doubtful.append((region, colour))
    # Print parts a label into fields: what has the colour of a field that is product is product too.
    for region, colour in doubtful:
        if any(float(np.abs(colour - other).max()) < _ALIKE for other in colours):
            closed |= region
    return closed


def _enclosed(rough: Mask, backdrop: BackdropModel) -> Iterator[tuple[Region, Region]]:
    """Holes of the mask: the whole with its soft rim, and the part of it to be judged."""
    lost, seen = (rough < 0.9) & ~backdrop.reached, np.zeros(rough.shape, np.bool_)
    for region in components(lost):
        torn = region & (rough < 0.5)
        if int(torn.sum()) >= _FEWEST and share_touching(region, backdrop.reached) <= _OPEN:
            seen |= region
            # Where the network saw nothing, the soft rim would only mislead; where it saw half, all counts.
            yield region, torn if 2 * int(torn.sum()) > int(region.sum()) else region
    # A wall so thin that the mask is soft all through parts the hole from the outside at half height only.
    for torn in components((rough < 0.5) & ~backdrop.reached & ~seen):
        if share_touching(torn, backdrop.reached) <= _OPEN:
            yield grown(torn, _SEAM) & lost, torn


def _ramp(region: Region, size: tuple[int, int]) -> Mask:
    """1 on the region, falling to 0 over the pixels of its rim; enlarged to `size`."""
    soft = cv2.GaussianBlur(cv2.erode(region.astype(np.float32), np.ones((3, 3))), (0, 0), 1.0)
    large = cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(large * 1.25, 0, 1), np.float32)
