"""Charts stay inside of their box, show what is small, and end at a round number."""

from __future__ import annotations

import re

import pytest

from dashboard.charts import Day, nice, ranges, stacked


@pytest.mark.parametrize(
    ("value", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (5, 6), (7, 10), (11, 20), (2001, 4000), (1e6, 1e6)]
)
def test_the_top_is_round(value: float, top: float) -> None:
    assert nice(value, least=2) == top


def test_bars_lie_on_each_other_inside_of_the_box() -> None:
    days = [
        Day(f"{index + 1} Nov", "words", (("good", good), ("client", 1), ("server", 1)))
        for index, good in enumerate((0, 10, 99_998))
    ]
    chart = stacked(days)
    assert (chart.top, chart.middle, chart.width) == (100_000, 50_000, 30)
    assert chart.columns[0].words == "1 Nov: words"
    outlines = dict(chart.paths)
    assert list(outlines) == ["client", "server", "good"]
    found = {
        kind: [tuple(map(float, bar)) for bar in re.findall(r"M(\S+) (\S+)h7v(\S+)h-7z", outline)]
        for kind, outline in outlines.items()
    }
    assert [len(found[kind]) for kind in ("good", "client", "server")] == [2, 3, 3], "nothing where there is nothing"
    for bars in found.values():
        for _, low, height in bars:
            assert height >= 0.8, "one call in a hundred thousand can be seen"
            assert low >= 0
            assert low + height <= 100.001


def test_days_without_times_are_gaps() -> None:
    chart = ranges(
        [
            Day("1 Nov", "", (("p50", 20.0), ("p95", 90.0))),
            Day("2 Nov", "", (("p50", None), ("p95", None))),
        ]
    )
    assert (chart.top, chart.width) == (100, 20)
    assert {kind: outline.count("M") for kind, outline in chart.paths} == {"range": 1, "p50": 1, "p95": 1}
    assert stacked([]).columns == []
    alone = stacked([Day("1 Nov", "", (("good", 1),))])
    assert (alone.width, alone.columns[0].x) == (70, 30), "a day alone stands in the middle"


def test_each_day_can_be_pointed_at() -> None:
    chart = stacked([Day("1 Nov", "1 < 2 calls", (("good", 1),)), Day("2 Nov", "none", (("good", 0),))])
    assert chart.pointed_at == (
        '<rect class="chart__day" x="0"><title>1 Nov: 1 &lt; 2 calls</title></rect>'
        '<rect class="chart__day" x="10"><title>2 Nov: none</title></rect>'
    )
