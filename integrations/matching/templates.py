"""How files are named after products, as data, and what a name says when it is read by them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from accounts.kit.errors import InvalidInput
from integrations.matching import slots
from integrations.matching.keys import Kind, may_be, plain
from integrations.publishing import MAIN

# The usual ways, the whole name first. Each is also a template for names of downloads.
TEMPLATES = (
    "{sku}", "{barcode}", "{asin}", "{handle}",
    "{sku}_{n}", "{sku}-{n}", "{sku}.{n}", "{sku} {n}", "{sku} ({n})", "{sku}/{n}",
    "{sku}_{slot}", "{sku}.{slot}", "{sku}-{slot}",
    "{barcode}_{n}", "{barcode}-{n}", "{barcode}/{n}", "{barcode}.{slot}",
    "{asin}.{slot}", "{asin}_{n}", "{asin}-{n}", "{asin}_{slot}", "{asin}/{n}",
    "{handle}_{n}", "{handle}-{n}", "{handle}/{n}",
)  # fmt: skip
KEYS = tuple(kind.value for kind in Kind)

_LONGEST = 120
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_EXTENSION = re.compile(r"\.(jpe?g|png|webp|avif|gif|bmp|tiff?|hei[cf])$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name. `whole`: nothing but the key is in it. `slot`: None where the number means no place."""

    kind: Kind
    key: str
    slot: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Template:
    text: str
    kind: Kind
    whole: bool
    pattern: re.Pattern[str]

    def read(self, stem: str) -> Reading | None:
        """`stem`: as `stem_of` gives it. A template without a folder looks at the file alone."""
        found = self.pattern.fullmatch(stem if "/" in self.text else stem.rpartition("/")[2])
        if found is None or not may_be(self.kind, found["key"]):
            return None
        place = found.groupdict().get("place")
        return Reading(self.kind, found["key"].strip(), MAIN if place is None else slots.slot_of(place), self.whole)


@lru_cache(maxsize=256)
def template(text: str) -> Template:
    """Raises InvalidInput (field `template`) for one that cannot be read by."""
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        raise InvalidInput(
            gettext("Write a template such as {{sku}}_{{n}}, {longest} characters at most.").format(longest=_LONGEST),
            field="template",
        )
    names = _PLACEHOLDER.findall(text)
    keys, places = [name for name in names if name in KEYS], [name for name in names if name in ("n", "slot")]
    rest = _PLACEHOLDER.sub("", text)
    if len(keys) != 1 or len(places) > 1 or len(keys) + len(places) != len(names) or "{" in rest or "}" in rest:
        raise InvalidInput(
            gettext("Use one of {sku}, {barcode}, {asin} and {handle}, and at most one of {n} and {slot}."),
            field="template",
        )
    if rest.count("/") > 1:
        raise InvalidInput(gettext("Only the file and the folder that it lies in are read."), field="template")
    return Template(text, Kind(keys[0]), len(names) == 1 and not rest, re.compile(_pattern(text), re.IGNORECASE))


def readings(name: str, templates: Sequence[str] = TEMPLATES) -> list[Reading]:
    """What a file's name can mean, in the order of the templates, each meaning once."""
    stem = stem_of(name)
    found: dict[tuple[Kind, str, str | None], Reading] = {}
    for text in templates:
        if reading := template(text).read(stem):
            found.setdefault((reading.kind, plain(reading.key), reading.slot), reading)
    return list(found.values())


def stem_of(name: str) -> str:
    """The file's name with the folder that it lies in, without an image's extension, in one Unicode form."""
    path = unicodedata.normalize("NFKC", name).replace("\\", "/")
    parts = [part.strip() for part in path.split("/") if part.strip() not in ("", ".", "..")]
    if not parts:
        return ""
    parts[-1] = _EXTENSION.sub("", parts[-1]).strip()
    return "/".join(parts[-2:])


def _pattern(text: str) -> str:
    pattern, end = "", 0
    for found in _PLACEHOLDER.finditer(text):
        pattern += re.escape(text[end : found.start()])
        if found[1] in KEYS:
            pattern += r"(?P<key>[^/]+)"
        else:
            pattern += r"(?P<place>\d{1,2})" if found[1] == "n" else f"(?P<place>{slots.PATTERN})"
        end = found.end()
    return pattern + re.escape(text[end:])
