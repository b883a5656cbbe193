"""The three charts of the usage page: calls, credits and times a day."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma

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
                f"{_count(of.calls, 'call')}, {_count(of.errors_4xx, 'client error')}, "
                f"{_count(of.errors_5xx, 'server error')}",
                (("good", of.good), ("client", of.errors_4xx), ("server", of.errors_5xx)),
            )
            for day, of in days
        ]
    )
    charged = stacked([Day(day, _count(of.credits, "credit"), (("credits", of.credits),)) for day, of in days])
    times = ranges(
        [
            Day(day, f"median {duration(of.p50)}, 95 % within {duration(of.p95)}", (("p50", of.p50), ("p95", of.p95)))
            for day, of in days
        ]
    )
    most = max((of.calls for _, of in days), default=0)
    return [
        Titled(
            "Calls a day",
            f"Calls a day: {intcomma(total.calls)} in all, at most {intcomma(most)} on one day; "
            f"{intcomma(total.errors_4xx)} client and {intcomma(total.errors_5xx)} server errors",
            calls,
            str(intcomma(round(calls.top))),
            str(intcomma(round(calls.middle))),
            (("good", "Success"), ("client", "Client error (4xx)"), ("server", "Server error (5xx)")),
        ),
        Titled(
            "Time of a call",
            f"Time of a call, by day: median {duration(total.p50)}, 95 % within {duration(total.p95)} over all days",
            times,
            duration(times.top),
            duration(times.middle),
            (("p50", "Median"), ("p95", "95 % within")),
        ),
        Titled(
            "Credits a day",
            f"Credits a day: {intcomma(total.credits)} in all",
            charged,
            str(intcomma(round(charged.top))),
            str(intcomma(round(charged.middle))),
        ),
    ]


def _count(number: int, word: str) -> str:
    return f"{intcomma(number)} {word}{'' if number == 1 else 's'}"
