"""Puts the figures of `make bench JSON=file` into the documentation: make figures JSON=file

Writes templates/docs/figures/speed.html, and with the simulation fed by the same file the capacity page's figures,
templates/docs/figures/capacity.json.
"""

from __future__ import annotations

import json
import sys
from html import escape
from pathlib import Path
from typing import Any

from tests.benchmarks import simulation
from tests.benchmarks.figure_table import table
from tests.benchmarks.speed.findings import WANTED, wanted
from tests.benchmarks.speed.machine import sentence
from tests.benchmarks.speed.milliseconds import PARTS
from tests.support.server import ROOT

FIGURES = ROOT / "templates" / "docs" / "figures"
_NAMES = {"rembg": "rembg", "imgly": "IMG.LY"}
_SHAPES = {
    "embedded": "one machine",
    "postgresql": "PostgreSQL and Redis",
    "embedded_fp32": "one machine, 32 bits",
    "postgresql_fp32": "PostgreSQL and Redis, 32 bits",
}


def main(file: Path) -> None:
    found = json.loads(file.read_text())
    parts = [_opening(found), _times(found), _ratios(found), _others(found), _steps(found)]
    (FIGURES / "speed.html").write_text("\n".join(part for part in parts if part) + "\n")
    simulation.main(file, FIGURES / "capacity.json")
    print(f"Written to {FIGURES / 'speed.html'}")


def _opening(found: dict[str, Any]) -> str:
    about = found["machine"]
    busy = about["load_before"] > about["processors"] / 2
    runtimes = ", ".join(sorted({str(each) for each in about.get("runtimes", {}).values()}))
    return (
        "<h2>Speed</h2>\n"
        f"<p>One run of <code>make bench</code> on {about['measured_on']}: {escape(sentence(about))}. The same weights "
        f"for all, every photo unique, caches off, PNG out, medians of {found['rounds']} with the least and the most. "
        f"Packshot is measured over its whole HTTP API, with accounts, database, queue and storage; it computed with "
        f"{escape(runtimes)}. Two at a time means that two programs each send the next photo once they have an "
        "answer.</p>"
    ) + ("\n<p>The machine was busy with other work: read ratios, not times.</p>" if busy else "")


def _times(found: dict[str, Any]) -> str:
    sizes, everybody = found["megapixels"], found["contestants"].items()
    peaks = found["peak_mib"]
    seconds = [
        [escape(each["title"]), *(_spread(each[size]["seconds"]) for size in sizes), str(peaks.get(name, "–"))]
        for name, each in everybody
    ]
    rates = [
        [escape(each["title"]), *(_spread(each[size]["per_second"]) for size in sizes)]
        for _, each in everybody
        if any(each[size]["per_second"] for size in sizes)
    ]
    heads = [f"{size} MP" for size in sizes]
    return (
        "<h3>One photo at a time: seconds</h3>\n" + table(["", *heads, "Peak MiB, four at once"], seconds)
        + "\n<h3>Two photos at a time: photos a second</h3>\n" + table(["", *heads], rates)
    )  # fmt: skip


def _ratios(found: dict[str, Any]) -> str:
    seconds, rates = [], []
    for peer, against in found["peers"].items():
        for shape, ratios in against["latency"].items():
            least = wanted(peer, found["machine"]["runtimes"].get(shape, ""))
            who, per_second = f"{_NAMES[peer]}, {_SHAPES[shape]}", against["throughput"][shape]
            seconds.append([who, *(_reached(ratios.get(size), least.get(size)) for size in found["megapixels"])])
            rates.append([who, *(_reached(per_second.get(size), None) for size in found["megapixels"])])
    if not seconds:
        return ""
    heads = ["", *(f"{size} MP" for size in found["megapixels"])]
    return (
        "<h3>Times as fast as the peers, one photo at a time</h3>\n" + table(heads, seconds)
        + "\n<h3>Times as many photos a second, two at a time</h3>\n" + table(heads, rates)
    )  # fmt: skip


def _reached(ratio: float | None, wanted: float | None) -> str:
    if ratio is None:
        return "–"
    short = wanted is not None and ratio < wanted
    return f"{ratio:.1f}" + (f" (wanted: {wanted:g})" if short else "")


def _others(found: dict[str, Any]) -> str:
    items = []
    for shape, each in found["overhead_ms"].items():
        items.append(
            f"What the product adds to its bare pipeline at 1 megapixel, {_SHAPES[shape]}: {each['median']:.0f} ms "
            f"(wanted: under {WANTED['overhead_ms'][shape]})"  # type: ignore[index]
        )
    if "pipeline_without_network_ms" in found:
        items.append(
            f"The pipeline without the network at {found['megapixels'][-1]} megapixels, PNG out: "
            f"{found['pipeline_without_network_ms']:.0f} ms (wanted: under {WANTED['pipeline_without_network_ms']})"
        )
    peaks = found["peak_mib"]
    items += [
        f"Peak memory of the worker, four photos of {found['megapixels'][-1]} megapixels at once, {_SHAPES[shape]}: "
        f"{peaks[shape] / peaks['rembg']:.2f} of rembg's"
        for shape in _SHAPES
        if shape in peaks and "rembg" in peaks
    ]
    if "mask_iou" in found:
        items.append(
            f"Agreement with rembg's own mask before refinement: mean IoU {found['mask_iou']:.3f}, "
            f"worst {found['mask_iou_worst']:.3f}"
        )
    if edges := found.get("edge_colour_error"):
        items.append(
            f"Colour error along soft edges, alpha included: {edges['packshot']} of 255 against {edges['rembg']} of "
            f"rembg's default cut-out, {edges['ratio']:.1f} times less ({edges['median_ratio']:.1f} times in the "
            "median picture); what both networks miss counts for both"
        )
    if edges and "colours_ratio" in edges:
        items.append(
            f"The colours of those edges alone: {edges['packshot_colours']} against {edges['rembg_colours']}, "
            f"{edges['colours_ratio']:.1f} times less"
        )
    items += [f"{escape(name)} took no part: {escape(why[:200])}" for name, why in found["left_out"].items()]
    return "<ul>\n" + "\n".join(f"  <li>{item}.</li>" for item in items) + "\n</ul>" if items else ""


def _steps(found: dict[str, Any]) -> str:
    made = []
    for shape, by_size in found["steps_ms"].items():
        sizes = [size for size in found["megapixels"] if size in by_size]
        rows = [
            [escape(words[0].upper() + words[1:]), *(f"{by_size[size].get(part, 0):.0f}" for size in sizes)]
            for part, words in PARTS.items()
        ]
        title = f"<h3>Where the milliseconds of an image go: {_SHAPES[shape]}</h3>\n"
        made.append(title + table(["Part", *(f"{size} MP" for size in sizes)], rows))
    return "\n".join(made)


def _spread(values: dict[str, float] | None) -> str:
    return f"{values['median']:.2f} ({values['min']:.2f}–{values['max']:.2f})" if values else "–"


if __name__ == "__main__":
    if len(sys.argv) < 2 or not sys.argv[1]:
        sys.exit("Name the file that make bench JSON=file has written: make figures JSON=file")
    main(Path(sys.argv[1]))
