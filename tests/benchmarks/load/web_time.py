"""What the web servers' processor time went into, from the lines that they log."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path


def by_route(log: Path) -> dict[str, dict[str, float]]:
    """By method and route: `count`, `ms` of the processor for each, `seconds` for all; what took most comes first."""
    spent: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("{") and (found := json.loads(line)).get("event") == "request":
            spent[f"{found['method']} {found['route']}"].append(found["processor_ms"])
    totals = {
        route: {"count": len(each), "ms": round(sum(each) / len(each), 1), "seconds": round(sum(each) / 1000, 1)}
        for route, each in spent.items()
    }
    return dict(sorted(totals.items(), key=lambda each: -each[1]["seconds"]))
