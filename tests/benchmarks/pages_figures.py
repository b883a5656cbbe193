"""Puts the figures of `make pages-bench JSON=file` into the documentation: make pages-figures JSON=file"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figure_table import table
from tests.benchmarks.speed.machine import sentence
from tests.support.server import ROOT

FILE = ROOT / "templates" / "docs" / "figures" / "pages.html"
# By how their addresses begin: the first that fits, and the last takes what is left.
_GROUPS = (
    ("Home", ("/?", "/$")),
    ("Studio, review", ("/studio/", "/review/")),
    ("Library", ("/library/",)),
    ("Jobs", ("/jobs/",)),
    ("Catalog", ("/catalog/",)),
    ("Integrations, publishing", ("/integrations/", "/publish/", "/publications/")),
    ("Compliance, presets", ("/compliance/", "/presets/")),
    ("Usage, credits", ("/usage/", "/credits/")),
    ("Keys, webhooks", ("/api-keys/", "/api-access/", "/api-tester/", "/webhooks/")),
    ("Team, audit, settings", ("/team/", "/audit/", "/settings/", "/approvals/", "/reviews/", "/organizations/")),
    ("Lists of the API", ("/api/", "/v1/", "/v3/")),
    ("All others", ("/",)),
)


def written(found: dict[str, Any]) -> str:
    about, pages = found["machine"], found["pages"]
    slow = sum(page["p95"] >= found["most_ms"] for page in pages)
    heavy = max(page["kib"] for page in pages if _group(page["path"]) != "Lists of the API")
    busy = about["load_before"] > about["processors"] / 2
    return (
        "<h2>Pages over a million jobs</h2>\n"
        f"<p><code>make pages-bench</code> on {about['measured_on']}: {len(pages)} addresses of pages and lists with "
        f"their filters, each asked for {found['turns']} times by one visitor of an organization with "
        f"{found['jobs']:,} jobs, {found['products']:,} products and a year of usage. One web process and PostgreSQL "
        f"share {escape(sentence(about))}. {_so_many(slow)} {found['most_ms']} ms or more at the 95th percentile; the "
        f"heaviest page weighs {heavy:.0f} KiB without its images.</p>\n"
        + ("<p>The machine was busy with other work: the times are those of a slower one.</p>\n" if busy else "")
        + table(
            ["", "Addresses", "Median ms", "Slowest, p95 ms", "Database, most ms", "Queries, most"],
            [_row(title, mine) for title, mine in _grouped(pages).items()],
        )
        + "\n"
    )


def _so_many(slow: int) -> str:
    return {0: "None takes", 1: "One takes"}.get(slow, f"{slow} take")


def _grouped(pages: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {title: [] for title, _ in _GROUPS}
    for page in pages:
        grouped[_group(page["path"])].append(page)
    return {title: mine for title, mine in grouped.items() if mine}


def _group(path: str) -> str:
    return next(title for title, begins in _GROUPS if f"{path}$".startswith(begins))


def _row(title: str, pages: list[dict[str, Any]]) -> list[str]:
    """Of the database: milliseconds of processor."""
    there = [page["database"] for page in pages if page["database"] is not None]
    return [
        title,
        str(len(pages)),
        f"{median(page['p50'] for page in pages):.0f}",
        f"{max(page['p95'] for page in pages):.0f}",
        f"{max(there):.0f}" if there else "–",
        str(max(page["queries"] for page in pages)),
    ]


if __name__ == "__main__":
    if len(sys.argv) < 2 or not sys.argv[1]:
        sys.exit("Name the file that make pages-bench JSON=file has written: make pages-figures JSON=file")
    FILE.write_text(written(json.loads(Path(sys.argv[1]).read_text())))
    print(f"Written to {FILE}")
