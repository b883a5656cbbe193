"""The figures of the capacity page: what machines do, what they cost at the reader's prices, what a load needs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

_MOST = 10_000.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of machine. `typed`: the price of an hour as the reader has typed it; `costs`: megapixels, images a second
    and the price of 1,000 images, None where the typed price is none."""

    name: str
    title: str
    typed: str
    problem: str
    costs: tuple[tuple[str, float, float | None], ...]


def capacity(request: HttpRequest) -> dict[str, Any]:
    """What the template shows. Prices come from the address: `?price-<kind>=0.10`."""
    found = _figures()
    about = found["machine"]
    busy = about.get("load_before", 0) > about["processors"] / 2
    return found | {"kinds": [_kind(each, request) for each in found["kinds"]], "busy": busy}


def _kind(each: dict[str, Any], request: HttpRequest) -> Kind:
    name = f"price-{each['slug']}"
    typed = request.GET.get(name, f"{each['price']:.2f}").strip()[:20]
    price = _price(typed)
    return Kind(
        name=name,
        title=each["title"],
        typed=typed,
        problem="" if price is not None else _("Type a price from 0 to 10,000, such as 0.10."),
        costs=tuple(
            (size, rate, None if price is None else price / 3600 / rate * 1000)
            for size, rate in each["per_second"].items()
        ),
    )


def _price(typed: str) -> float | None:
    try:
        price = float(typed.replace(",", "."))
    except ValueError:
        return None
    return price if math.isfinite(price) and 0 <= price <= _MOST else None


@cache
def _figures() -> dict[str, Any]:
    """Written by `make figures` from a run of `make bench`."""
    file = settings.BASE_DIR / "templates" / "docs" / "figures" / "capacity.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found
