"""Paths in an organization's file space: which text is one, and which only looks like one.

A path is a name with slashes in it and never reaches a file system: files lie under their hash. What other systems
would read as a way out is refused all the same, however it is written.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from accounts.kit.errors import InvalidInput

LONGEST = 1024
_DECODINGS = 4
_DRIVE = re.compile(r"[A-Za-z]:")
# Joiners are part of some languages' words and of emoji; the others of their kind reorder or hide text.
_JOINERS = {"\u200c", "\u200d"}


def clean(text: str, field: str) -> str:
    """The path in its one spelling (NFC). Raises InvalidInput that says what is wrong with it."""
    if not text:
        raise InvalidInput(f"{field} must not be empty.", field=field)
    if len(text) > LONGEST:
        raise InvalidInput(f"{field} has {len(text)} characters. At most {LONGEST} are possible.", field=field)
    for form in _forms(text):
        if why := _wrong(form):
            raise InvalidInput(f"{field} {why}. Use a path such as my-project/photo.jpg.", field=field)
    path = unicodedata.normalize("NFC", text)
    if len(path) > LONGEST:
        raise InvalidInput(f"{field} has {len(path)} characters. At most {LONGEST} are possible.", field=field)
    return path


def _forms(text: str) -> list[str]:
    """As it is and as a reader could take it: percent-decoded again and again, and with look-alikes made plain."""
    forms = [text]
    while len(forms) <= _DECODINGS and (decoded := unquote(forms[-1])) != forms[-1]:
        forms.append(decoded)
    return forms + [unicodedata.normalize("NFKC", form) for form in forms]


def _wrong(path: str) -> str:
    if any(_is_hidden(character) for character in path):
        return "holds characters that cannot be seen"
    if "\\" in path:
        return "holds a backslash"
    if path.startswith("/") or _DRIVE.match(path):
        return "must not be absolute"
    parts = path.split("/")
    if ".." in parts or "." in parts:
        return "must not hold . or .. as a part"
    return "has an empty part" if "" in parts else ""


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character not in _JOINERS
