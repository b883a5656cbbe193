"""The path around the network, step by step, at 1, 4, 12 and 24 megapixels: python -m tests.benchmarks.path [COUNT].

The network's masks are made beforehand, so every other millisecond is this product's own. Medians over COUNT photos,
each of other content: wall clock, and processor time of all threads together, which other work on the machine does not
change. "whole" is the operation as it runs in a job, from the bytes of a JPEG to those of a PNG; "small" the same where
the image is of 500 pixels, for which a large photo is read smaller than it is.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from processing.engines import load
from processing.engines.base import Engine
from processing.engines.registry import find
from processing.engines.tensor import to_tensor
from processing.imaging.arrays import RGB, Mask
from processing.imaging.compose import compose
from processing.imaging.confidence import confidence
from processing.imaging.decode import decode, decode_opened
from processing.imaging.encode import encode
from processing.imaging.inspect import open_image
from processing.imaging.limits import Limits
from processing.imaging.placement import place
from processing.imaging.refine import refine
from processing.imaging.subject import cut_sides, subject_box
from processing.operations.process import Process, ProcessParameters
from tests.benchmarks.bare_pipeline import MODEL, BenchmarkContext
from tests.benchmarks.unique_photos import photos
from tests.support import reachable

SIZES = (1, 4, 12, 24)
_SIZE = (1024, 1024)
_PARAMETERS = ProcessParameters(format="png", background="transparent")
_SMALL = ProcessParameters(format="png", background="transparent", width=500)


class _Known:
    """An engine that answers with a mask that was made before: the network costs nothing."""

    name, runtime = MODEL, "kept"

    def __init__(self, mask: Mask) -> None:
        self._mask = mask

    def mask(self, rgb: RGB) -> Mask:
        return self._mask


class Taken:
    """What each step took: (wall, processor) seconds, a pair for each photo."""

    def __init__(self) -> None:
        self.of: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        wall, processor = time.perf_counter(), time.process_time()
        yield
        self.of.setdefault(name, []).append((time.perf_counter() - wall, time.process_time() - processor))

    def said(self, name: str) -> str:
        walls, processors = zip(*self.of[name], strict=True)
        return f"{1000 * statistics.median(walls):8.1f} {1000 * statistics.median(processors):8.1f}"


def measure(engine: Engine, megapixels: float, count: int) -> Taken:
    taken = Taken()
    normalisation = find(MODEL).normalisation
    assert normalisation is not None
    for photo in photos(megapixels, count + 1):
        with taken.time("decode"):
            rgb = decode(photo, Limits()).rgb
        with taken.time("read smaller, tensor"):
            to_tensor(decode_opened(open_image(photo, Limits()), least=_SIZE).rgb, _SIZE, normalisation)
        with taken.time("tensor"):
            to_tensor(rgb, _SIZE, normalisation)
        with taken.time("network, tensor"):
            mask = engine.mask(rgb)
        with taken.time("refine"):
            refined = refine(rgb, mask, edges="fine")
        with taken.time("box, cut sides"):
            box, cut = subject_box(refined.alpha), cut_sides(refined.alpha)
        with taken.time("confidence"):
            confidence(mask, refined.alpha, rgb)
        placement = place((rgb.shape[1], rgb.shape[0]), box, cut, _PARAMETERS.canvas)
        with taken.time("compose"):
            composed = compose(refined.foreground, refined.alpha, placement, None, "none")
        with taken.time("PNG"):
            encode(composed.rgb, composed.alpha, format="png", quality=90)
        with taken.time("whole"):
            Process().run(photo, _PARAMETERS, BenchmarkContext(_Known(mask)))
        with taken.time("small"):
            Process().run(photo, _SMALL, BenchmarkContext(_Known(mask)))
    for rows in taken.of.values():
        del rows[0]  # the first one allocates
    return taken


def main(count: int) -> None:
    models_dir = reachable.models_dir()
    if models_dir is None:
        raise SystemExit("The segmentation model is not here. Run: make model")
    engine = load.load(MODEL, models_dir, runtime="auto")
    found = {size: measure(engine, size, count) for size in SIZES}
    print(f"{'ms: wall, processor':20}" + "".join(f"{f'{size} MP':>18}" for size in SIZES))
    for name in found[SIZES[0]].of:
        print(f"{name:20}" + "".join(f" {found[size].said(name)}" for size in SIZES))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 5)
