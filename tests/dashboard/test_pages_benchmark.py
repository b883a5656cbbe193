"""`make pages-bench` asks every route that answers a GET, or says why not. A new route is measured by itself."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.page_routes import LEFT_OUT, left_out, wanted_routes
from tests.benchmarks.page_things import NAMES
from tests.benchmarks.pages_figures import written
from tests.benchmarks.speed.machine import machine
from tests.support.access_walk import table


def test_every_route_is_measured_or_left_out_for_a_reason() -> None:
    rows = [row for row in table() if row.method == "GET" and not left_out(row.route)]
    unknown = {row.route: sorted({*row.names} - NAMES) for row in rows if {*row.names} - NAMES}
    assert not unknown, "page_things.py knows no such id: add it, or name the route in LEFT_OUT with a reason"


def test_nothing_is_left_out_that_is_not_there() -> None:
    routes = {row.route for row in table() if row.method == "GET"}
    for name, why in LEFT_OUT.items():
        assert why
        assert name in routes or (name.endswith("…") and any(each.startswith(name[:-1]) for each in routes)), name
    assert len(wanted_routes()) > len(routes) / 2


def _measured(path: str, **more: float | None) -> dict[str, object]:
    figures = {"p50": 40.0, "p95": 60.0, "web": 30.0, "database": 5.0, "queries": 9, "queries_small": 9, "kib": 50.0}
    return {"path": path, "status": 200, **figures, **more}


def _found(*pages: dict[str, object], load: float = 0.1) -> dict[str, Any]:
    about = machine() | {"load_before": load, "processors": 2}
    sizes = {"jobs": 1_000_000, "products": 1_000_000, "turns": 12, "most_ms": 150}
    return {"machine": about, **sizes, "pages": list(pages)}


def test_the_documentation_gets_a_line_for_each_kind_of_page() -> None:
    text = written(
        _found(
            _measured("/", p50=80.0),
            _measured("/jobs/", p95=110.0),
            _measured("/jobs/?q=mug", p50=60.0, p95=149.0, database=70.0, queries=13),
            _measured("/api/v1/jobs", kib=900.0, database=None),
            _measured("/docs/", kib=120.0),
        )
    )
    assert "<td>Home</td>" in text
    assert (
        '<tr><td>Jobs</td><td class="number">2</td><td class="number">50</td><td class="number">149</td>'
        '<td class="number">70</td><td class="number">13</td></tr>'
    ) in text
    assert "<td>Library</td>" not in text, "nothing of it was measured"
    assert '<td class="number">–</td>' in text, "the database is on another machine"
    assert "1,000,000 jobs" in text
    assert "None takes 150 ms or more" in text
    assert "weighs 120 KiB" in text, "what programs fetch is no page"
    assert "busy" not in text


def test_the_documentation_says_what_is_slow_and_that_the_machine_was_busy() -> None:
    text = written(_found(_measured("/jobs/", p95=150.0), _measured("/usage/", p95=400.0), load=1.5))
    assert "2 take 150 ms or more" in text
    assert "The machine was busy" in text
    assert "One takes" in written(_found(_measured("/jobs/", p95=150.0)))
