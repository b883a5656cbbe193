"""Files that are two things at once: a picture to one program, an archive, a document or a script to another."""

from __future__ import annotations

import re

from processing.imaging.errors import ContradictoryImage

_PDF_MAY_START_BEFORE = 1024
# Cameras and phones do put things behind a picture (previews, a short film): only what another program would run or
# unpack is refused.
_BEHIND = re.compile(rb"<script\b|<html\b|<!doctype html|<\?php|%pdf-1", re.IGNORECASE)
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE, _LONGEST_COMMENT = 22, 65_535


def check_single(data: bytes, end: int) -> None:
    """`end`: where the picture ends in `data`. Raises ContradictoryImage when something else is hidden in the file."""
    if b"%PDF-" in data[:_PDF_MAY_START_BEFORE]:
        raise _hidden("a PDF")
    if _ends_as_zip(data):
        raise _hidden("a ZIP archive")
    if end < len(data) and (found := _BEHIND.search(data, end)):
        raise _hidden("a PDF" if found[0].lower().startswith(b"%pdf") else "a script or web page")


def _ends_as_zip(data: bytes) -> bool:
    tail = data[-_ZIP_END_SIZE - _LONGEST_COMMENT :]
    at = tail.rfind(_ZIP_END)
    if at < 0 or at + _ZIP_END_SIZE > len(tail):
        return False
    comment = int.from_bytes(tail[at + 20 : at + 22], "little")
    return at + _ZIP_END_SIZE + comment == len(tail)


def _hidden(what: str) -> ContradictoryImage:
    return ContradictoryImage(f"The file is a picture and {what} at once. Save the picture again and send it.")
