"""The three charts of the usage page: calls, credits and times a day."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext, ngettext

from accounts.queries.usage import Figures, Usage, Wanted
from dashboard.charts import Chart, Day, ranges, stacked
from dashboard.templatetags.figures import duration


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
    days = [(day, found.days.get(day) or Figures()) for day in wanted.every_day()]
    total = found.total
    calls = stacked(
        [
            Day(
                day,
                ", ".join((_calls(of.calls), _client(of.errors_4xx), _server(of.errors_5xx))),
                (("good", of.good), ("client", of.errors_4xx), ("server", of.errors_5xx)),
            )
            for day, of in days
        ]
    )
    charged = stacked([Day(day, _credits(of.credits), (("credits", of.credits),)) for day, of in days])
    times = ranges(
        [
            Day(
                day,
                gettext("median {duration}, 95 % within {duration_2}").format(
                    duration=duration(of.p50), duration_2=duration(of.p95)
                ),
                (("p50", of.p50), ("p95", of.p95)),
            )
            for day, of in days
        ]
    )
    most = max((of.calls for _, of in days), default=0)
    return [
        Titled(
            gettext("Calls a day"),
            gettext(
                "Calls a day: {calls} in all, at most {most} on one day; "
                "{errors_4xx} client and {errors_5xx} server errors"
            ).format(
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
            gettext("Time of a call, by day: median {duration}, 95 % within {duration_2} over all days").format(
                duration=duration(total.p50), duration_2=duration(total.p95)
            ),
            times,
            duration(times.top),
            duration(times.middle),
            (("p50", gettext("Median")), ("p95", gettext("95 % within"))),
        ),
        Titled(
            gettext("Credits a day"),
            gettext("Credits a day: {credits} in all").format(credits=intcomma(total.credits)),
            charged,
            str(intcomma(round(charged.top))),
            str(intcomma(round(charged.middle))),
        ),
    ]


def _calls(number: int) -> str:
    return ngettext("{count} call", "{count} calls", number).format(count=intcomma(number))


def _client(number: int) -> str:
    return ngettext("{count} client error", "{count} client errors", number).format(count=intcomma(number))


def _server(number: int) -> str:
    return ngettext("{count} server error", "{count} server errors", number).format(count=intcomma(number))


def _credits(number: int) -> str:
    return ngettext("{count} credit", "{count} credits", number).format(count=intcomma(number))
