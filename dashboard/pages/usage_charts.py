"""The three charts of the usage page: calls, credits and times a day, or a week where there are many days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils import dateformat
from django.utils.translation import gettext, ngettext

from accounts.queries.usage import Figures, Usage, Wanted
from dashboard.charts import Chart, Day, ranges, stacked
from dashboard.templatetags.figures import duration

# More bars than this are too thin to be pointed at, and make the page heavy.
_MOST_DAYS = 100
_NOTHING = Figures()


@dataclass(frozen=True, slots=True)
class Titled:
    """`about`: the chart in one sentence, for who does not see it. `legend`: kind and word."""

    title: str
    about: str
    chart: Chart
    top: str
    middle: str
    legend: tuple[tuple[str, str], ...] = ()


def charts(found: Usage, wanted: Wanted) -> list[Titled]:
    weekly = wanted.days > _MOST_DAYS
    spans = (
        _weeks(found, wanted)
        if weekly
        else [(dateformat.format(day, "D j M Y"), found.days.get(day, _NOTHING)) for day in wanted.every_day()]
    )
    total = found.total
    calls = stacked(
        [
            Day(
                called,
                ", ".join((_calls(of.calls), _client(of.errors_4xx), _server(of.errors_5xx))),
                (("good", of.good), ("client", of.errors_4xx), ("server", of.errors_5xx)),
            )
            for called, of in spans
        ]
    )
    charged = stacked([Day(called, _credits(of.credits), (("credits", of.credits),)) for called, of in spans])
    times = ranges(
        [
            Day(
                called,
                gettext("median {duration}, 95 % within {duration_2}").format(
                    duration=duration(of.p50), duration_2=duration(of.p95)
                ),
                (("p50", of.p50), ("p95", of.p95)),
            )
            for called, of in spans
        ]
    )
    most = max((of.calls for _, of in spans), default=0)
    about_calls = (
        gettext(
            "Calls a week: {calls} in all, at most {most} in one week; "
            "{errors_4xx} client and {errors_5xx} server errors"
        )
        if weekly
        else gettext(
            "Calls a day: {calls} in all, at most {most} on one day; {errors_4xx} client and {errors_5xx} server errors"
        )
    )
    about_times = (
        gettext("Time of a call, by week: median {duration}, 95 % within {duration_2} over all weeks")
        if weekly
        else gettext("Time of a call, by day: median {duration}, 95 % within {duration_2} over all days")
    )
    about_credits = (
        gettext("Credits a week: {credits} in all") if weekly else gettext("Credits a day: {credits} in all")
    )
    return [
        Titled(
            gettext("Calls a week") if weekly else gettext("Calls a day"),
            about_calls.format(
                calls=intcomma(total.calls),
                most=intcomma(most),
                errors_4xx=intcomma(total.errors_4xx),
                errors_5xx=intcomma(total.errors_5xx),
            ),
            calls,
            str(intcomma(round(calls.top))),
            str(intcomma(round(calls.middle))),
            (
                ("good", gettext("Success")),
                ("client", gettext("Client error (4xx)")),
                ("server", gettext("Server error (5xx)")),
            ),
        ),
        Titled(
            gettext("Time of a call"),
            about_times.format(duration=duration(total.p50), duration_2=duration(total.p95)),
            times,
            duration(times.top),
            duration(times.middle),
            (("p50", gettext("Median")), ("p95", gettext("95 % within"))),
        ),
        Titled(
            gettext("Credits a week") if weekly else gettext("Credits a day"),
            about_credits.format(credits=intcomma(total.credits)),
            charged,
            str(intcomma(round(charged.top))),
            str(intcomma(round(charged.middle))),
        ),
    ]


def _weeks(found: Usage, wanted: Wanted) -> list[tuple[str, Figures]]:
    """Each by what it is called: its first wanted day."""
    weeks: dict[date, tuple[date, Figures]] = {}
    for day in wanted.every_day():
        first, so_far = weeks.get(monday := day - timedelta(days=day.weekday()), (day, Figures()))
        weeks[monday] = first, so_far + found.days.get(day, _NOTHING)
    return [
        (gettext("Week from {day}").format(day=dateformat.format(first, "j M Y")), of) for first, of in weeks.values()
    ]


def _calls(number: int) -> str:
    return ngettext("{count} call", "{count} calls", number).format(count=intcomma(number))


def _client(number: int) -> str:
    return ngettext("{count} client error", "{count} client errors", number).format(count=intcomma(number))


def _server(number: int) -> str:
    return ngettext("{count} server error", "{count} server errors", number).format(count=intcomma(number))


def _credits(number: int) -> str:
    return ngettext("{count} credit", "{count} credits", number).format(count=intcomma(number))
