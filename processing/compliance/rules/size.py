"""Pixels of the picture: enough to be accepted and to zoom, not more than is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance import words
from processing.compliance.rules.rule import Outcome, Rule, Threshold, Thresholds, number

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    longest, shortest = max(picture.width, picture.height), min(picture.width, picture.height)
    megapixels = picture.width * picture.height / 1e6
    least, least_shortest = number(thresholds, "min_longest", 0), number(thresholds, "min_shortest", 0)
    most, most_megapixels = number(thresholds, "max_longest", 0), number(thresholds, "max_megapixels", 0)
    wanted: list[str] = []
    if least_shortest:
        wanted.append(f"at least {words.size(least_shortest, least_shortest)}")
    if least:
        wanted.append(f"at least {words.pixels(least)} on the longest side")
    if most:
        wanted.append(f"at most {words.pixels(most)} on the longest side")
    if most_megapixels:
        wanted.append(f"at most {most_megapixels:g} megapixels")
    small = longest < least or shortest < least_shortest
    large = bool(most and longest > most) or bool(most_megapixels and megapixels > most_megapixels)
    detail = "The picture is large enough." if least or least_shortest else "The picture is not too large."
    fix = None
    if small:
        detail = "The picture is too small."
        fix = "Make a larger image from the photo, as far as the photo allows it."
    elif large:
        detail, fix = "The picture has more pixels than are taken.", "Make the image smaller."
    return Outcome(
        status="fail" if small or large else "pass",
        measured=words.size(picture.width, picture.height),
        wanted=words.sentence(wanted or ["any size"]),
        detail=detail,
        fix=fix,
        values={"width": picture.width, "height": picture.height, "longest": longest, "shortest": shortest},
    )


RULE = Rule(
    "size",
    "Size",
    check,
    (
        Threshold("min_longest", "Longest side at least", unit="px", lowest=1),
        Threshold("min_shortest", "Shortest side at least", unit="px", lowest=1),
        Threshold("max_longest", "Longest side at most", unit="px", lowest=1),
        Threshold("max_megapixels", "Megapixels at most", unit="megapixels", lowest=0.01, highest=1000),
    ),
)
