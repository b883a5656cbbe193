"""sRGB, tagged or understood: any other colour space looks wrong where profiles are ignored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    file = picture.file
    name = file.profile or ("no profile, read as sRGB" if file.srgb else "no profile")
    return Outcome(
        status="pass" if file.srgb else "fail",
        measured=name,
        wanted="sRGB",
        detail="The colours look the same everywhere."
        if file.srgb
        else "Shops that ignore colour profiles show the colours of this file wrong.",
        fix=None if file.srgb else "Convert the colours to sRGB.",
        values={"profile": file.profile},
    )


RULE = Rule("colour_profile", "Colour space", check)
