"""One page of a list of rows: which ones, "Showing a-b of n", and the addresses of the pages around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.kit.paging import COUNT_UP_TO, Page, count, page
from accounts.kit.sorted_paging import Order, before, sorted_page

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


def listing(
    request: HttpRequest, rows: QuerySet[M], *, size: int, counted: tuple[int, bool] | None = None
) -> Listing[M]:
    """The page that the request's `older` or `newer` cursor asks for. Raises InvalidInput for a broken cursor.

    The figures are counted and not carried along in the address, so they stay true while rows come and go. `counted`:
    what `count` said of the rows, where it was asked already.
    """
    found = page(rows, size=size, older_than=request.GET.get("older", ""), newer_than=request.GET.get("newer", ""))
    earlier, _ = count(rows.filter(pk__gt=found.rows[0].pk)) if found.newer and found.rows else (0, False)
    return _listing(request, found, counted or count(rows), earlier)


def _listing(request: HttpRequest, found: Page[M], counted: tuple[int, bool], earlier: int) -> Listing[M]:
    total, more = counted
    return Listing(
        rows=found.rows,
        start=_figure(earlier + 1 if found.rows else 0),
        end=_figure(earlier + len(found.rows)),
        total=f"{total:,}+" if more else f"{total:,}",
        previous_url=_address(request, "newer", found.newer),
        next_url=_address(request, "older", found.older),
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that can be sorted by. `direction`: as aria-sort has it, empty where the list is in another order."""

    label: str
    url: str
    direction: str = ""


def sorted_listing(
    request: HttpRequest, rows: QuerySet[M], order: Order, *, size: int, counted: tuple[int, bool] | None = None
) -> Listing[M]:
    """The same in another order than by age. Raises InvalidInput for a broken cursor."""
    found = sorted_page(
        rows, order, size=size, older_than=request.GET.get("older", ""), newer_than=request.GET.get("newer", "")
    )
    earlier = count(before(rows, order, found.rows[0]))[0] if found.newer and found.rows else 0
    return _listing(request, found, counted or count(rows), earlier)


def headings(request: HttpRequest, columns: Mapping[str, str], chosen: str) -> dict[str, Heading]:
    """By the names that `sort` takes; `columns`: their labels. A second click turns the order around."""
    found = {}
    for name, label in columns.items():
        direction = {name: "ascending", f"-{name}": "descending"}.get(chosen, "")
        query = request.GET.copy()
        for other in ("older", "newer"):
            query.pop(other, None)
        query["sort"] = f"-{name}" if direction == "ascending" else name
        found[name] = Heading(label, f"{request.path}?{query.urlencode()}", direction)
    return found


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
