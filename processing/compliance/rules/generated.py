"""A picture or background that a program made up, by the file's own statement or by what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

MADE_BY_AI = frozenset(
    {
        "trainedAlgorithmicMedia",
        "compositeWithTrainedAlgorithmicMedia",
        "compositeSynthetic",
        "algorithmicMedia",
        "virtualRecording",
    }
)
"""IPTC's digital source types of pictures that are not, or not all, a photo."""


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    said = picture.file.source_type in MADE_BY_AI
    wanted = "a photo of the item itself"
    if not said and not picture.generated:
        return Outcome("pass", "no sign of it", wanted, "Nothing says that the picture was generated.")
    return Outcome(
        status="fail",
        measured="made with AI, says the file" if said else "a generated background",
        wanted=wanted,
        detail="The picture or its background was generated; the photo should show the item itself.",
        values={"source_type": picture.file.source_type},
    )


RULE = Rule("generated", "Real photo", check)
