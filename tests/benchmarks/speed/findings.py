"""From measurements to the JSON of `make bench JSON=file`, whose names others rely on."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Any

from tests.benchmarks.speed.contestant import Contestant, Spread
from tests.benchmarks.speed.peers import VERSIONS

# What is wanted of the product; by megapixels where it is a ratio.
WANTED = {
    "rembg": {"1": 4.0, "4": 4.0, "12": 4.0},
    "rembg_fp32": {"1": 1.2, "4": 1.4, "12": 1.8},
    "imgly": {"1": 15.0, "4": 15.0, "12": 15.0},
    "imgly_fp32": {"1": 4.0, "4": 4.0, "12": 4.0},
    "overhead_ms": {"embedded": 60, "postgresql": 30},
    "pipeline_without_network_ms": 350,
    "peak_of_rembg": 0.25,
    "peak_of_rembg_fp32": 1 / 3,
    "mask_iou": 0.99,
    "edge_colour_ratio": 3.0,
    "edge_tint_ratio": 3.0,
}


def wanted(peer: str, runtime: str) -> dict[str, float]:
    """The ratios wanted of what is computed so: the high ones with bfloat16, which AMX makes fast."""
    found: dict[str, float] = WANTED[peer if runtime.endswith("bf16") else f"{peer}_fp32"]  # type: ignore[assignment]
    return found


def findings(
    contestants: Sequence[Contestant],
    left_out: dict[str, str],
    measured: dict[str, Any],
    machine: dict[str, object],
    *,
    sizes: Sequence[float],
    rounds: int,
) -> dict[str, Any]:
    by_name = {each.name: each for each in contestants}
    shapes = [each for each in by_name if each.startswith(("embedded", "postgresql"))]
    found: dict[str, Any] = {
        "machine": machine | {"runtimes": measured.get("runtimes", {})},
        "rounds": rounds,
        "megapixels": [f"{size:g}" for size in sizes],
        "left_out": left_out | {each.name: each.gone for each in contestants if each.gone},
        "contestants": {each.name: _of(each, sizes) for each in contestants},
        "peers": {
            name: _against(by_name[name], [by_name[shape] for shape in shapes], sizes)
            for name in VERSIONS
            if name in by_name
        },
        "overhead_ms": {
            name: spread.json()
            for name, values in measured.get("overhead", {}).items()
            if (spread := Spread.of(values))
        },
        "steps_ms": measured.get("steps", {}),
        "peak_mib": {each.name: each.peak_mib for each in contestants if each.peak_mib},
    }
    if without := measured.get("without_network"):
        spread = Spread.of(without["milliseconds"])
        assert spread is not None
        found["pipeline_without_network_ms"] = round(spread.median, 1)
        found["pipeline_without_network"] = spread.json() | {"steps": without["steps"]}
    if ious := measured.get("iou"):
        found["mask_iou"] = round(mean(ious), 4)
        found["mask_iou_worst"] = round(min(ious), 4)
    if edges := measured.get("edges"):
        found["edge_colour_error"] = edges.json()
    return found


def _of(contestant: Contestant, sizes: Sequence[float]) -> dict[str, Any]:
    found: dict[str, Any] = {"title": contestant.title}
    for size in sizes:
        latency, rate = contestant.latency(size), contestant.rate(size)
        found[f"{size:g}"] = {
            "seconds": latency.json() if latency else None, "per_second": rate.json() if rate else None
        }  # fmt: skip
    return found


def _against(peer: Contestant, shapes: Sequence[Contestant], sizes: Sequence[float]) -> dict[str, Any]:
    """How many times as fast each shape is as the peer, by megapixels. `ratio`: the slower of the two shapes at one
    photo at a time; `fp32`: the same on the portable path."""
    found: dict[str, Any] = {"version": VERSIONS[peer.name], "ratio": {}, "fp32": {}, "latency": {}, "throughput": {}}
    for shape in shapes:
        latency, throughput = {}, {}
        for size in sizes:
            theirs, mine = peer.latency(size), shape.latency(size)
            if theirs and mine:
                latency[f"{size:g}"] = round(theirs.median / mine.median, 2)
            theirs, mine = peer.rate(size), shape.rate(size)
            if theirs and mine:
                throughput[f"{size:g}"] = round(mine.median / theirs.median, 2)
        found["latency"][shape.name], found["throughput"][shape.name] = latency, throughput
        least = found["fp32" if shape.name.endswith("fp32") else "ratio"]
        for megapixels, ratio in latency.items():
            least[megapixels] = min(ratio, least.get(megapixels, ratio))
    return found
