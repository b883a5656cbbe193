"""The canvas that satisfies a profile: how large, in what shape, with how much room around the product.

Pure arithmetic over the photo's size and the product's box, by the same placement that the operation uses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor

from processing.compliance import words
from processing.compliance.facts import PictureFacts
from processing.compliance.profile import RuleSpec
from processing.compliance.rules.rule import Thresholds, number
from processing.imaging.placement import Canvas, place

_USUAL_FILL, _USUAL_SIDE = (0.6, 1.0), 2048
"""Where the profile asks for none: the product may get smaller in the frame, down to the first share."""
_USUAL_TARGET = 0.84
_MOST_SIDE, _MOST_PIXELS = 10_000, 50_000_000
_ROOM = 0.005
"""Distance from the limits of the fill, for the product's outline is found anew on the new image."""
_BYTES_PER_PIXEL = 0.9
"""Of a busy product in a JPEG of quality 92."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sizes`: the profile's rows on size. `ratio`: width to height, None keeps the photo's. `fill`: share of the frame
    that the product spans, least and most. `reframe`: the product's place in the frame may change. `enlarging`: how
    far the product may be scaled up.
    """

    sizes: tuple[RuleSpec, ...]
    ratio: float | None
    fill: tuple[float, float] | None
    fill_key: str
    fill_required: bool
    reframe: bool
    most_megabytes: float | None
    enlarging: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """`margin`: as the operation takes it, None keeps the product's place. `cannot`: keys of rules that stay broken."""

    width: int
    height: int
    margin: float | None
    cannot: tuple[tuple[str, str], ...] = field(default=())


def fit(wanted: Wanted, facts: PictureFacts) -> Fitted:
    ratio = wanted.ratio or facts.width / facts.height
    longest = max(1.0, ratio, 1 / ratio)  # of a canvas whose shorter side is 1
    margin = _margin(wanted, facts, ratio) if wanted.reframe else None
    natural = _natural(facts, ratio, margin)
    every = max((_least(spec.thresholds, longest) for spec in wanted.sizes), default=0.0)
    must = max((_least(spec.thresholds, longest) for spec in wanted.sizes if spec.severity == "required"), default=0.0)
    most = _most(wanted, longest)
    reach = natural * wanted.enlarging
    side = natural if every == 0 else every
    side = min(side, _USUAL_SIDE) if every == 0 else side
    cannot: list[tuple[str, str]] = []
    if side > reach:
        side = reach
        if wanted.reframe:
            goals = {_least(spec.thresholds, longest) for spec in wanted.sizes}
            margin, side = _wider(wanted, facts, ratio, margin, {min(goal, most) for goal in goals}, side)
        if side < must and not wanted.fill_required:
            # Empty canvas around the product makes the size, without a made-up pixel.
            margin, side = _padded(facts, ratio, must, wanted.enlarging), must
            if wanted.fill and _fill(facts, ratio, must, margin) < wanted.fill[0]:
                cannot.append((wanted.fill_key, "The photo is too small to fill the frame without scaling it up."))
    side = min(side, most)
    width, height = _sides(side, ratio)
    shortest, long = min(width, height), max(width, height)
    for spec in wanted.sizes:
        need, need_shortest = number(spec.thresholds, "min_longest", 0), number(spec.thresholds, "min_shortest", 0)
        if long < need or shortest < need_shortest:
            cannot.append((spec.key, _too_small(wanted, width, height)))
    return Fitted(width, height, None if margin is None else round(margin, 4), tuple(cannot))


def _least(thresholds: Thresholds, longest: float) -> float:
    """The longest side that a row asks for."""
    return max(number(thresholds, "min_longest", 0), number(thresholds, "min_shortest", 0) * longest)


def _most(wanted: Wanted, longest: float) -> float:
    sides = [float(_MOST_SIDE), float((_MOST_PIXELS * longest) ** 0.5)]
    for spec in wanted.sizes:
        if most := number(spec.thresholds, "max_longest", 0):
            sides.append(most)
        if most := number(spec.thresholds, "max_megapixels", 0):
            sides.append(float((most * 1e6 * longest) ** 0.5))
    if wanted.most_megabytes is not None:
        sides.append(float((wanted.most_megabytes * 1e6 / _BYTES_PER_PIXEL * longest) ** 0.5))
    return floor(min(sides))


def _sides(longest: float, ratio: float) -> tuple[int, int]:
    side = max(1, ceil(longest - 1e-6))
    if ratio >= 1:
        return side, max(1, ceil(side / ratio - 0.5))
    return max(1, ceil(side * ratio - 0.5)), side


def _scale(facts: PictureFacts, ratio: float, longest: float, margin: float | None) -> float:
    width, height = _sides(longest, ratio)
    box = facts.box or (0, 0, facts.width, facts.height)
    canvas = Canvas(width, height, None if margin is None else (margin,) * 4)
    return place((facts.width, facts.height), box, frozenset(facts.cut), canvas).scale


def _fill(facts: PictureFacts, ratio: float, longest: float, margin: float | None) -> float:
    width, height = _sides(longest, ratio)
    _, _, across, down = facts.box or (0, 0, facts.width, facts.height)
    scale = _scale(facts, ratio, longest, margin)
    return max(across * scale / width, down * scale / height)


def _natural(facts: PictureFacts, ratio: float, margin: float | None) -> float:
    """The longest side at which the product is not scaled."""
    return floor(1000 / _scale(facts, ratio, 1000, margin))


def _margin(wanted: Wanted, facts: PictureFacts, ratio: float) -> float:
    """The margin at which the product's share of the frame is the customary one, or within what is asked for."""
    if wanted.fill is None:
        return _nearest(facts, ratio, _USUAL_TARGET)
    least, most = wanted.fill
    target = max(0.9, min(0.96, least + 0.03)) if most >= 1 else min(0.9, (least + most) / 2 + 0.015)
    return _nearest(facts, ratio, target)


def _nearest(facts: PictureFacts, ratio: float, target: float) -> float:
    steps = [step / 400 for step in range(0, 160)]
    return min(steps, key=lambda margin: abs(_fill(facts, ratio, 2000, margin) - target))


def _wider(
    wanted: Wanted, facts: PictureFacts, ratio: float, margin: float | None, goals: set[float], side: float
) -> tuple[float | None, float]:
    """More room around the product, as far as the fill allows it, where that reaches one more of the sizes `goals`."""
    least, _ = wanted.fill or _USUAL_FILL
    roomy = _nearest(facts, ratio, least + 2 * _ROOM)
    reach = _natural(facts, ratio, roomy) * wanted.enlarging
    goal = max((goal for goal in goals if side < goal <= reach), default=None)
    return (margin, side) if goal is None else (roomy, goal)


def _padded(facts: PictureFacts, ratio: float, side: float, enlarging: float) -> float:
    """The smallest margin at which the product is not scaled further than it may be."""
    steps = [step / 400 for step in range(0, 197)]
    return next((margin for margin in steps if _scale(facts, ratio, side, margin) <= enlarging), steps[-1])


def _too_small(wanted: Wanted, width: int, height: int) -> str:
    if wanted.enlarging <= 1:
        return (
            f"The photo gives {words.size(width, height)} without scaling up, which is not allowed here; "
            "use a larger photo."
        )
    return f"The photo gives {words.size(width, height)} at most before it looks soft; use a larger photo."
