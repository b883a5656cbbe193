"""Cut-outs against generated pictures whose alpha is known, by engine and by stage. python -m tests.benchmarks.quality

Each kind of picture has its own seeds (PICTURES of each). `raw` is the engine's mask stretched over the photo with the
photo's own colours, a plain cut-out; `fast` and `fine` are what becomes of it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

import cv2
import numpy as np

from accounts.kit.errors import InvalidImage
from processing.engines import load
from processing.engines.base import Engine
from processing.imaging.confidence import confidence
from processing.imaging.refine import Edges, refine
from tests.support import reachable
from tests.support.cut_quality import alpha_error, edge_colour_error, iou, ranks_bad_first
from tests.support.pictures.bottles import bottle
from tests.support.pictures.hard import hard
from tests.support.pictures.hollow import hollow
from tests.support.pictures.picture import Picture
from tests.support.pictures.soft import soft
from tests.support.pictures.solid import solid
from tests.support.pictures.thin import thin

PICTURES = int(os.environ.get("PICTURES", "8"))
KINDS: dict[str, Callable[[int], Picture]] = {
    "solid": solid,
    "bottle": bottle,
    "hollow": hollow,
    "thin": thin,
    "soft": soft,
    "hard": hard,
}
FINE: tuple[Edges, ...] = ("fast", "fine")


@dataclass
class Figures:
    iou: list[float] = field(default_factory=list)
    alpha: list[float] = field(default_factory=list)
    edge: list[float] = field(default_factory=list)

    def add(self, alpha: np.ndarray, foreground: np.ndarray, picture: Picture) -> None:
        ground = 0 if picture.backdrop.mean() > 128 else 255  # where the old backdrop would show most
        self.iou.append(iou(alpha, picture.alpha))
        self.alpha.append(alpha_error(alpha, picture.alpha))
        self.edge.append(edge_colour_error(alpha, foreground, picture, ground))


def main() -> None:
    models_dir = reachable.models_dir()
    for name in ("isnet-general-use", "grabcut"):
        if models_dir is None and name != "grabcut":
            print("isnet-general-use is not here: make model")
            continue
        measure(load.load(name, models_dir or Path("data/models"), threads=2))


def measure(engine: Engine) -> None:
    stages: dict[str, dict[str, Figures]] = defaultdict(lambda: defaultdict(Figures))
    sure: list[float] = []
    refused = 0
    for kind, make in KINDS.items():
        for seed in range(900, 900 + PICTURES):
            picture = make(seed)
            try:
                mask = engine.mask(picture.rgb)
            except InvalidImage:
                refused += 1
                continue
            height, width = picture.alpha.shape
            raw = np.clip(cv2.resize(mask, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
            stages["raw"][kind].add(raw, picture.rgb, picture)
            for edges in FINE:
                cut = refine(picture.rgb, mask, edges=edges)
                stages[edges][kind].add(cut.alpha / np.float32(255), cut.foreground, picture)
                if edges == "fine":
                    sure.append(confidence(mask, cut.alpha, picture.rgb).value)
    print(f"\n{engine.name}, {engine.runtime}: {PICTURES} pictures a kind, {refused} refused")
    print(f"{'':8}" + "".join(f"{kind:>24}" for kind in KINDS) + f"{'all':>24}")
    print(f"{'':8}" + f"{'IoU / alpha / edge':>24}" * (len(KINDS) + 1))
    for stage, kinds in stages.items():
        cells = [row(kinds[kind]) for kind in KINDS]
        print(f"{stage:8}" + "".join(f"{cell:>24}" for cell in [*cells, row(merged(kinds))]))
    plain, fine = merged(stages["raw"]), merged(stages["fine"])
    print(
        f"refined against the plain cut-out: alpha error {mean(fine.alpha) / mean(plain.alpha):.2f}, "
        f"edge colour error {mean(fine.edge) / mean(plain.edge):.2f}; "
        f"worst bottle {min(stages['fine']['bottle'].iou):.3f}"
    )
    quality = [value for kind in KINDS for value in stages["fine"][kind].iou]
    print(f"confidence ranks cut-outs of IoU < 0.9 first: AUC {ranks_bad_first(sure, quality, below=0.9):.2f}")


def row(figures: Figures) -> str:
    if not figures.iou:
        return "–"
    return f"{mean(figures.iou):.3f} / {mean(figures.alpha):.4f} / {mean(figures.edge):.1f}"


def merged(kinds: dict[str, Figures]) -> Figures:
    return Figures(
        iou=[value for figures in kinds.values() for value in figures.iou],
        alpha=[value for figures in kinds.values() for value in figures.alpha],
        edge=[value for figures in kinds.values() for value in figures.edge],
    )


if __name__ == "__main__":
    main()
