"""One page of a list of rows: which ones, "Showing a-b of n", and the addresses of the pages around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.kit.paging import COUNT_UP_TO, count, page

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Listing(Generic[M]):
    """`start`, `end` and `total` are figures as they are shown; the addresses are None where there is no such page."""

    rows: list[M]
    start: str
    end: str
    total: str
    previous_url: str | None
    next_url: str | None


def listing(request: HttpRequest, rows: QuerySet[M], *, size: int) -> Listing[M]:
    """The page that the request's `older` or `newer` cursor asks for. Raises InvalidInput for a broken cursor.

    The figures are counted and not carried along in the address, so they stay true while rows come and go.
    """
    found = page(rows, size=size, older_than=request.GET.get("older", ""), newer_than=request.GET.get("newer", ""))
    total, more = count(rows)
    before, _ = count(rows.filter(pk__gt=found.rows[0].pk)) if found.newer and found.rows else (0, False)
    return Listing(
        rows=found.rows,
        start=_figure(before + 1 if found.rows else 0),
        end=_figure(before + len(found.rows)),
        total=f"{total:,}+" if more else f"{total:,}",
        previous_url=_address(request, "newer", found.newer),
        next_url=_address(request, "older", found.older),
    )


def asked(request: HttpRequest, *names: str) -> dict[str, str]:
    """The filters of an address as text that a database takes: trimmed, without unprintable characters."""
    return {
        name: "".join(character for character in request.GET.get(name, "") if character.isprintable()).strip()
        for name in names
    }


def _figure(number: int) -> str:
    return f"{number:,}" if number <= COUNT_UP_TO else f"{COUNT_UP_TO:,}+"


def _address(request: HttpRequest, direction: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    for name in ("older", "newer"):
        query.pop(name, None)
    query[direction] = cursor
    return f"{request.path}?{query.urlencode()}"
