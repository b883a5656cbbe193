"""The image's public address: ends in an image type, no query string. Judged where the address is known."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from processing.compliance.rules.extension import ENDINGS
from processing.compliance.rules.rule import Outcome, Rule, Thresholds

if TYPE_CHECKING:
    from processing.compliance.picture import MeasuredPicture

_ENDINGS = tuple(f".{ending}" for endings in ENDINGS.values() for ending in endings)


def check(picture: MeasuredPicture, thresholds: Thresholds) -> Outcome | None:
    if not picture.address:
        return None
    parts = urlsplit(picture.address)
    query = bool(parts.query) or "?" in picture.address
    ends = parts.path.lower().endswith(_ENDINGS)
    name = parts.path.rpartition("/")[2] + (f"?{parts.query}" if query else "")
    wrong = [
        *([] if ends else ["does not end in an image type"]),
        *(["has a query string"] if query else []),
    ]
    return Outcome(
        status="fail" if wrong else "pass",
        measured=name[-60:] or "no file name",
        wanted="an address that ends in .jpg or another image type, without a query string",
        detail=f"The address {' and '.join(wrong)}." if wrong else "The address is plain.",
        fix="Publish from Packshot: its addresses are plain." if wrong else None,
        values={"address": picture.address},
    )


RULE = Rule("address", "Address", check)
