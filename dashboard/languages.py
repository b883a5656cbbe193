"""The languages that pages can be read in: English, which the texts are written in, and those with a catalog."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO
from django.utils.translation import to_language

ENGLISH = "en"


def languages(folder: Path) -> list[tuple[str, str]]:
    """Code and own name of each, English first. `folder` holds the catalogs as LOCALE/LC_MESSAGES/django.mo."""
    codes = sorted(to_language(found.parents[1].name) for found in folder.glob("*/LC_MESSAGES/django.mo"))
    return [(code, _name(code)) for code in (ENGLISH, *(code for code in codes if code != ENGLISH))]


def _name(code: str) -> str:
    known = LANG_INFO.get(code) or LANG_INFO.get(code.partition("-")[0]) or {}
    return str(known.get("name_local", code)).capitalize()
