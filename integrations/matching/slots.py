"""Places of a listing as they are written in file names and tables: 1, MAIN, PT01, SWCH."""

from __future__ import annotations

import re

from integrations.publishing import MAIN

SWATCH = "swatch"
# As a pattern, with one group that a caller names.
PATTERN = r"main|pt\d{1,2}|swch|swatch|\d{1,2}"
_PART = re.compile(r"pt(\d{1,2})")
_MOST_DIGITS = 4  # no listing has that many images, and Python refuses to read numbers without an end


def slot_of(text: str) -> str | None:
    """`main`, a number from `2` on, or the marketplace's own word; None for 0 and for what is no slot.

    Amazon's PT01 is the second image of a listing.
    """
    text = text.strip().lower()
    if part := _PART.fullmatch(text):
        number = int(part[1]) + 1
        return str(number) if number > 1 else None
    if text.isascii() and text.isdecimal():
        if len(text) > _MOST_DIGITS:
            return None
        number = int(text)
        return (MAIN if number == 1 else str(number)) if number else None
    if text == "swch":
        return SWATCH
    return text if re.fullmatch(r"[a-z][a-z0-9_-]{0,19}", text) else None


def number_of(slot: str) -> str:
    """Counted from 1; the slot's own name where it is no place of the gallery."""
    return "1" if slot == MAIN else slot


def amazon_slot(slot: str) -> str:
    """As Amazon's upload of images names it: MAIN, PT01, PT02, …, SWCH."""
    if slot == SWATCH:
        return "SWCH"
    return f"PT{int(slot) - 1:02d}" if slot.isdecimal() and int(slot) > 1 else slot.upper()
