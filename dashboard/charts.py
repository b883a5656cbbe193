"""Charts as shapes for an SVG: x in steps of 10 a day, y from 0 at the bottom to 100 at the top. No colours.

The drawing is stretched to its place, so nothing in it may depend on its proportions: bars only. All bars of a kind are
one path, which a page of 366 days draws as quickly as one of seven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

STEP = 10
_GAP = 1.5
# Of the height: what is not zero can be seen.
_LEAST = 0.8
_MARK = 1.5


@dataclass(frozen=True, slots=True)
class Day:
    """Values of a day by kind, in the order in which they lie on each other; None: there is nothing to show. `called`:
    the day's name, or that of the days of which it is the first."""

    called: str
    words: str
    values: Sequence[tuple[str, float | None]]


@dataclass(frozen=True, slots=True)
class Column:
    """Where a day is, and what is said when it is pointed at."""

    x: int
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`paths`: kind and outline; the kind becomes part of a CSS class. `top`: the value at the upper edge, `middle`
    half of it. `width` of the view box."""

    columns: list[Column]
    paths: list[tuple[str, str]]
    top: float
    width: int

    @property
    def middle(self) -> float:
        return self.top / 2

    @property
    def pointed_at(self) -> SafeString:
        """A rectangle for each day, with what it says. Hundreds of them: a template takes five times as long."""
        rects = ((column.x, column.words) for column in self.columns)
        return format_html_join("", '<rect class="chart__day" x="{}"><title>{}</title></rect>', rects)


# Kind, lower end and height of each bar of a day, in hundredths of the chart's height.
_Bars = list[tuple[str, float, float]]


def stacked(days: Sequence[Day]) -> Chart:
    """The values of a day on top of each other."""
    top = nice(max((sum(value or 0 for _, value in day.values) for day in days), default=0), least=2)
    return _chart(days, top, _pile)


def ranges(days: Sequence[Day]) -> Chart:
    """From the first value of a day to its second one, with a mark at each."""
    top = nice(max((value or 0 for day in days for _, value in day.values), default=0), least=10)
    return _chart(days, top, _range)


def nice(value: float, *, least: float) -> float:
    """The next of 2, 4, 6, 10, 20, 40 … (for `least=2`) that is not below the value; its half is a round number too."""
    step = least
    while step < value:
        for factor in (1, 2, 3, 5):
            if step * factor >= value:
                return step * factor
        step *= 10
    return step


def _chart(days: Sequence[Day], top: float, bars_of: Callable[[Day, float], _Bars]) -> Chart:
    # A day alone stands in the middle and is no wall.
    beside = 3 if len(days) == 1 else 0
    columns: list[Column] = []
    outlines: dict[str, list[str]] = {}
    for index, day in enumerate(days):
        x = STEP * (index + beside)
        columns.append(Column(x, f"{day.called}: {day.words}"))
        for kind, low, height in bars_of(day, 100 / top):
            height = min(height, 100.0)
            low = max(0.0, min(low, 100 - height))
            outline = f"M{x + _GAP:g} {low:.4g}h{STEP - 2 * _GAP:g}v{height:.4g}h-{STEP - 2 * _GAP:g}z"
            outlines.setdefault(kind, []).append(outline)
    return Chart(
        columns, [(kind, "".join(parts)) for kind, parts in outlines.items()], top, STEP * (len(days) + 2 * beside)
    )


def _pile(day: Day, scale: float) -> _Bars:
    bars: _Bars = []
    below = 0.0
    for kind, value in day.values:
        if value:
            height = max(value * scale, _LEAST)
            bars.append((kind, below, height))
            below += height
    return bars


def _range(day: Day, scale: float) -> _Bars:
    (low_kind, low), (high_kind, high) = day.values
    if low is None or high is None:
        return []
    return [
        ("range", low * scale, (high - low) * scale),
        (low_kind, low * scale - _MARK, _MARK),
        (high_kind, high * scale - _MARK, _MARK),
    ]
