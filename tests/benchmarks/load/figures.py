"""Puts the figures of `make load JSON=file` into the documentation: make load-figures JSON=file"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from tests.benchmarks.figure_table import table
from tests.benchmarks.load.report import GROUPS, per_second
from tests.benchmarks.speed.machine import sentence
from tests.support.server import ROOT

FILE = ROOT / "templates" / "docs" / "figures" / "load.html"
_PARTS = {
    "web": "Web servers",
    "images": "Worker for images (niced)",
    "shops": "Worker for shops and webhooks (niced)",
    "database": "PostgreSQL",
    "redis": "Redis",
    "generator": "The load generator itself",
}

_ROUTES = 12


def written(found: dict[str, Any]) -> str:
    about = found["machine"]
    errors, limited = sum(found["errors"].values()), sum(found["limited"].values())
    web = sum(each["seconds"] for each in found["web"].values()) or 1
    busy = about["load_before"] > about["processors"] / 2
    return (
        "<h2>Load</h2>\n"
        f"<p>One run of <code>make load</code> on {about['measured_on']}: {found['users']} people in browsers and "
        f"{found['clients']} programs in all four API families for {found['seconds'] / 60:.0f} minutes, at once. "
        f"gunicorn with two processes, PostgreSQL, Redis, niced workers with {escape(found['engine'])} and the load "
        f"generator share {escape(sentence(about))}. {per_second(found):.0f} requests a second; "
        f"{sum(found['images'].values())} images were made and arrived; {errors} errors; {limited} answers with 429. "
        f"At the end {found['left']} of what had been accepted were still in the works; they ended "
        f"{found['drained']:.0f} s later."
        "</p>\n"
        + ("<p>The machine was busy with other work: the times are those of a slower one.</p>\n" if busy else "")
        + table(
            ["", "Count", "p50 ms", "p95 ms", "p99 ms"],
            [
                [title, *(f"{found['groups'][name][each]:.0f}" for each in ("count", "p50", "p95", "p99"))]
                for name, title in GROUPS.items()
                if name in found["groups"]
            ],
        )
        + "\n<p>Files and calls that wait are no measure of the web server: a download is as long as its image, and an "
        "image as long as the queue before it.</p>\n"
        + table(
            ["Part", "Share of the processors"],
            [[title, f"{found['shares'].get(part, 0):.0%}"] for part, title in _PARTS.items()],
        )
        + "\n<p>What the web servers' part went into, most of it first:</p>\n"
        + table(
            ["Request", "Count", "Processor ms each", "Share"],
            [
                [escape(route), f"{each['count']:.0f}", f"{each['ms']:.1f}", f"{each['seconds'] / web:.0%}"]
                for route, each in list(found["web"].items())[:_ROUTES]
            ],
        )
        + "\n"
    )


if __name__ == "__main__":
    if len(sys.argv) < 2 or not sys.argv[1]:
        sys.exit("Name the file that make load JSON=file has written: make load-figures JSON=file")
    FILE.write_text(written(json.loads(Path(sys.argv[1]).read_text())))
    print(f"Written to {FILE}")
