"""What this process has drawn before, for each language: words of templates, parts of pages."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from django.utils.safestring import SafeString
from django.utils.translation import trans_real


class Unchanging:
    """Base of objects that are made once and never change: a part can be remembered by them as by a word."""

    __slots__ = ()


_MOST = 4096  # some MiB at the most

_by_catalog: WeakKeyDictionary[object, dict[Any, SafeString]] = WeakKeyDictionary()


def of_this_language() -> dict[Any, SafeString]:
    """Of the catalog that texts are looked up in now, so that one that is loaded anew begins anew."""
    catalog = trans_real.catalog()
    known = _by_catalog.get(catalog)
    if known is None:
        known = _by_catalog[catalog] = {}
    elif len(known) > _MOST:
        known.clear()
    return known
