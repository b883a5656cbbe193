"""What the address of the usage page asks for, and the addresses that ask for something else."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput, NotFound
from accounts.models import ApiKey
from accounts.models.usage_day import NO_KEY
from accounts.queries.usage import Wanted
from dashboard.listing import asked
from dashboard.period import Period, parse_day, period_of

# In an address: what was asked for without a key, calls without a label.
DASHBOARD_KEY = "dashboard"
NO_LABEL = "(none)"
SORTS = ("name", "calls", "errors", "p50", "p95", "credits")
_DEFAULT_SORT = "-calls"


@dataclass(frozen=True, slots=True)
class Filters:
    """`given`: the filters that are on, as the address spells them. `sort`: a column, with - in front downwards."""

    period: Period
    wanted: Wanted
    given: dict[str, str]
    sort: str
    api_keys: dict[uuid.UUID, ApiKey]
    # Addresses up to what each row of a table changes in them.
    _begun: dict[tuple[str, frozenset[str]], str] = field(default_factory=dict, repr=False, compare=False)

    def address(self, *, route: str = "usage", without: str = "", **more: str) -> str:
        """This page with some things changed."""
        changed = frozenset((without, *more))
        if (route, changed) not in self._begun:
            query = {"period": self.period.choice}
            if self.period.choice == "custom":
                query |= self.period.typed
            query |= self.given
            if self.sort != _DEFAULT_SORT:
                query["sort"] = self.sort
            left = {name: value for name, value in query.items() if name not in changed}
            self._begun[route, changed] = reverse(route, query=left)
        begun = self._begun[route, changed]
        return f"{begun}{'&' if '?' in begun else '?'}{urlencode(more)}" if more else begun

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The column, and whether the greatest come first."""
        return self.sort.removeprefix("-"), self.sort.startswith("-")


def filters_of(request: HttpRequest, actor: Actor) -> Filters:
    """Raises NotFound for a key that is not one of the organization's, InvalidInput for what cannot be read."""
    period = period_of(request, today=datetime.now(UTC).date())
    given = {
        name: value for name, value in asked(request, "key", "endpoint", "label", "day").items() if value.strip() != ""
    }
    first, last = period.first, period.last
    if "day" in given:
        day = parse_day(given["day"])
        if day is None or day.year < 2000:
            raise InvalidInput(gettext("Give a day such as 2026-11-20."), field="day")
        given["day"] = day.isoformat()
        first = last = day
    # Who looks at usage may know whose it is: names and prefixes, as beside each job.
    api_keys = ApiKey.objects.of(actor).in_bulk()
    label = given.get("label")
    wanted = Wanted(
        first,
        last,
        key=_key(given.get("key", ""), api_keys),
        endpoint=given.get("endpoint", "")[:100],
        label="" if label == NO_LABEL else label,
    )
    sort = request.GET.get("sort", _DEFAULT_SORT)
    if sort.removeprefix("-") not in SORTS:
        sort = _DEFAULT_SORT
    return Filters(period, wanted, given, sort, api_keys)


def _key(text: str, api_keys: dict[uuid.UUID, ApiKey]) -> uuid.UUID | None:
    if not text:
        return None
    if text == DASHBOARD_KEY:
        return NO_KEY
    try:
        found = uuid.UUID(text)
    except ValueError:
        raise InvalidInput(gettext("Take the key from the list of the page."), field="key") from None
    if found not in api_keys:
        raise NotFound(gettext("There is no such API key."))
    return found
