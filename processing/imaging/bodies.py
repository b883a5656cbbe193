"""Product outside of what the network saw: a body behind its label, a label that runs around a bottle."""

from __future__ import annotations

import numpy as np

from processing.imaging.arrays import Mask
from processing.imaging.backdrop_model import BackdropModel
from processing.imaging.evidence import Witness
from processing.imaging.regions import Region, components, filled, grown, hull, opened, rim, share_touching

_THICK, _BODY = 0.07, 0.03
"""How thick, and how large a share of the subject, a part is that the network may have missed."""
_TRACE, _HALF = 0.02, 0.2
"""Mean mask of a part that the network has at least an inkling of, and of one that it half saw."""
_SURE, _BEYOND_SHADOW = 2.0, 1.2


def missed(rough: Mask, backdrop: BackdropModel, witness: Witness) -> Region:
    """Parts open to the outside that are product beyond a doubt: bool (h, w), for `rough` (h, w) with a subject.

    Darkness alone says nothing here: below the subject lies its shadow.
    """
    subject = rough > 0.5
    area = float(subject.sum())
    found, outline, around = np.zeros_like(subject), hull(subject), rim(subject)
    enclosed = filled(subject) & ~subject
    lost = (rough < 0.9) & ~backdrop.reached & ~enclosed & ~witness.resembles()
    # Only what is thick: along every outline runs a seam between the backdrop that was reached and the subject, as wide
    # as its fur.
    for region in components(opened(lost, max(7, round(_THICK * np.sqrt(area))))):
        if float(region.sum()) < _BODY * area:
            continue
        wide, seen = grown(region, 2) & lost, float(rough[region].mean())
        between = float(outline[region].mean()) > 0.9 and share_touching(wide, backdrop.reached) < 0.7
        behind = seen > _TRACE and float(grown(region, 3)[around].mean()) > 0.6
        if between or behind or seen > _HALF:
            evidence = witness.on(region)
            if evidence.score > _SURE and max(evidence.tint, evidence.bright) > _BEYOND_SHADOW:
                found |= wide
    return found
