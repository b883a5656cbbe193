"""What product is meant by a piece of a file's name: its kinds of keys, and when two spellings are one."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum


class Kind(StrEnum):
    """What a key is looked up as."""

    SKU = "sku"
    BARCODE = "barcode"
    ASIN = "asin"
    HANDLE = "handle"


# What file systems refuse, and what people and programs write in its place.
_SEPARATORS = re.compile(r"[\s\-‐-―_./\\:*?\"<>|]+")
_BARCODE = re.compile(r"\d{8}|\d{12,14}")
_ASIN = re.compile(r"b0[a-z0-9]{8}|\d{9}[\dx]")
_BARCODE_DIGITS = (8, 12, 13, 14)


def plain(text: str) -> str:
    """One spelling whatever the case, the Unicode form and the number of spaces; separators stay."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(each for each in folded if each.isprintable() or each.isspace()).split())


def loose(text: str) -> str:
    """As `plain`, without separators: `AB/12 red` may be called `ab-12_red` in a file's name. It may be empty."""
    return _SEPARATORS.sub("", plain(text))


def may_be(kind: Kind, key: str) -> bool:
    """Whether a key has the form of its kind, so that it is worth looking up."""
    if kind is Kind.BARCODE:
        return _BARCODE.fullmatch(key.strip()) is not None
    if kind is Kind.ASIN:
        return _ASIN.fullmatch(key.strip().lower()) is not None
    return bool(loose(key))


def barcodes(key: str) -> list[str]:
    """A barcode in every length that the same number is written in: a UPC is an EAN that begins with 0."""
    digits = key.strip().lstrip("0")
    return [digits.zfill(length) for length in _BARCODE_DIGITS if len(digits) <= length]
