"""A language that nobody speaks: every text that can be translated comes out accented, so what is left in plain
letters on a page is either data or a text that was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.utils import translation
from django.utils.translation import trans_real

CODE = "xx"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "àƀçđéƒğĥîĵķļɱñöþɋŕšţûṽŵẋýžÀƁÇĐÉƑĞĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
# Placeholders, tags and entities are not words.
_KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{[^{}]*\}|<[^<>]*>|&#?\w+;)")

_SILENT = {"script", "style", "code", "pre", "kbd", "textarea", "template"}
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_READ = ("placeholder", "title", "aria-label", "alt", "data-label", "data-shortcut-words")
_READ_BY_SCRIPTS = ("data-confirm", "data-confirm-title", "data-confirm-label")


def accented(text: str) -> str:
    return "".join(part if at % 2 else part.translate(_ACCENTS) for at, part in enumerate(_KEPT.split(text)))


class Pseudo(trans_real.DjangoTranslation):
    """In the place of a catalog. `asked`: every text that was looked up."""

    def __init__(self) -> None:
        super().__init__("en", domain="django")
        self.asked: set[str] = set()

    def to_language(self) -> str:
        return CODE

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return accented(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked.add(msgid1)
        return accented(msgid1 if n == 1 else msgid2)


@contextmanager
def spoken() -> Iterator[Pseudo]:
    """Pages speak it meanwhile."""
    language = Pseudo()
    trans_real._translations[CODE] = language  # type: ignore[attr-defined]
    try:
        with translation.override(CODE):
            yield language
    finally:
        del trans_real._translations[CODE]  # type: ignore[attr-defined]


class _Reader(HTMLParser):
    """Collects what people see and hear: text, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _silent(self) -> bool:
        return any(silent for _, silent in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in _SILENT or "mono" in (given.get("class") or "").split() or given.get("translate") == "no"
        if not self._silent and not silent:
            self.found += [value for name in (*_READ, *_READ_BY_SCRIPTS) if (value := given.get(name))]
        if tag not in _VOID:
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(" ".join(data.split()))


def read(html: str) -> list[str]:
    """Every text of a page, in order."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
