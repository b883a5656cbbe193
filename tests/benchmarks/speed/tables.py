"""The table of `make bench`, from its findings."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.speed.findings import WANTED, wanted
from tests.benchmarks.speed.machine import sentence
from tests.benchmarks.speed.milliseconds import PARTS


def show(found: dict[str, Any]) -> None:
    sizes = found["megapixels"]
    print(f"\n{sentence(found['machine'])}")
    print(f"Medians of {found['rounds']} (least-most), every photo unique, PNG out; {found['minutes']} minutes\n")
    header = "".join(f"{f'{size} MP, s':>20}" for size in sizes) + "".join(f"{f'{size} MP, /s':>20}" for size in sizes)
    print(f"{'':44}{header}{'peak MiB':>10}")
    for name, each in found["contestants"].items():
        times = "".join(_spread(each[size]["seconds"]).rjust(20) for size in sizes)
        rates = "".join(_spread(each[size]["per_second"]).rjust(20) for size in sizes)
        print(f"{each['title']:44}{times}{rates}{found['peak_mib'].get(name, '-'):>10}")
    for name, why in found["left_out"].items():
        print(f"{name} is left out: {why}")
    print()
    _ratios(found)
    _figures(found)
    _steps(found)


def _spread(values: dict[str, float] | None) -> str:
    return f"{values['median']:.2f} ({values['min']:.2f}-{values['max']:.2f})" if values else "-"


def _ratios(found: dict[str, Any]) -> None:
    for peer, against in found["peers"].items():
        for shape, ratios in against["latency"].items():
            least = wanted(peer, found["machine"]["runtimes"].get(shape, ""))
            text = ", ".join(
                f"{size} MP {_checked(ratio, least.get(size), most=False)}" for size, ratio in ratios.items()
            )
            rates = ", ".join(f"{size} MP {ratio:.2f}" for size, ratio in against["throughput"][shape].items())
            print(f"{shape:16} times as fast as {peer:6} one at a time: {text}; in photos a second: {rates}")
    print()


def _figures(found: dict[str, Any]) -> None:
    for shape, each in found["overhead_ms"].items():
        said = _checked(each["median"], WANTED["overhead_ms"][shape], most=True)  # type: ignore[index]
        print(f"Over the bare pipeline at 1 MP, {shape}: {said} ms ({each['min']:.0f} to {each['max']:.0f})")
    if "pipeline_without_network_ms" in found:
        figure = _checked(found["pipeline_without_network_ms"], WANTED["pipeline_without_network_ms"], most=True)  # type: ignore[arg-type]
        print(
            f"Without the network at {found['megapixels'][-1]} MP: {figure} ms, "
            f"{found['pipeline_without_network']['steps']}"
        )
    peaks = found["peak_mib"]
    for shape in peaks:
        if "rembg" in peaks and shape.startswith(("embedded", "postgresql")):
            openvino = str(found["machine"]["runtimes"].get(shape, "")).startswith("openvino")
            wanted_share = WANTED["peak_of_rembg" if openvino else "peak_of_rembg_fp32"]
            share = _checked(peaks[shape] / peaks["rembg"], wanted_share, most=True)  # type: ignore[arg-type]
            print(f"Peak of the worker, four of the largest at once, {shape}: {share} of rembg's")
    if "mask_iou" in found:
        iou = _checked(found["mask_iou"], WANTED["mask_iou"], most=False, digits=4)  # type: ignore[arg-type]
        print(f"Masks against rembg's: mean IoU {iou}, worst {found['mask_iou_worst']:.4f}")
    if edges := found.get("edge_colour_error"):
        ratio = _checked(edges["ratio"], WANTED["edge_colour_ratio"], most=False)  # type: ignore[arg-type]
        print(
            f"Colour error along edges, alpha included: {edges['packshot']} against rembg's {edges['rembg']}, {ratio}"
            f" times less; in the median picture {edges['median_ratio']:.2f} times"
        )
        ratio = _checked(edges["colours_ratio"], WANTED["edge_tint_ratio"], most=False)  # type: ignore[arg-type]
        print(f"The colours alone: {edges['packshot_colours']} against {edges['rembg_colours']}, {ratio} times less")
    print()


def _checked(value: float, wanted: float | None, *, most: bool, digits: int = 2) -> str:
    if wanted is None:
        return f"{value:.{digits}f}"
    reached = value < wanted if most else value >= wanted
    return f"{value:.{digits}f} ({'' if reached else 'NOT '}{'under' if most else 'at least'} {wanted:.4g})"


def _steps(found: dict[str, Any]) -> None:
    sizes = found["megapixels"]
    for shape, by_size in found["steps_ms"].items():
        print(f"Where the milliseconds of an image go, {shape}")
        for part in [*PARTS, *sorted({name for each in by_size.values() for name in each} - set(PARTS))]:
            cells = "".join(f"{by_size[size].get(part, 0):>10.1f}" for size in sizes)
            print(f"  {PARTS.get(part, part):76}{cells}")
