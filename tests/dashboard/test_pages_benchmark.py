"""`make pages-bench` asks every route that answers a GET, or says why not. A new route is measured by itself."""

from __future__ import annotations

from tests.benchmarks.page_routes import LEFT_OUT, left_out, wanted_routes
from tests.benchmarks.page_things import NAMES
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
