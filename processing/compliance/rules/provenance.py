"""A picture made with AI says so: IPTC's DigitalSourceType stays in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.generated import MADE_BY_AI
from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    kind = picture.file.source_type
    wanted = "IPTC DigitalSourceType in pictures made with AI"
    values = {"source_type": kind}
    if kind in MADE_BY_AI:
        return Outcome("pass", kind, wanted, "The file says that it was made with AI.", values=values)
    if picture.generated:
        detail = "The picture was made with AI, and its file does not say so."
        return Outcome("fail", kind or "missing", wanted, detail, values=values)
    return Outcome("pass", kind or "not needed", wanted, "Nothing says that the picture was generated.", values=values)


RULE = Rule("provenance", "AI statement", check)
