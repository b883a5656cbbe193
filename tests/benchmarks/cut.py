"""Correcting a cut: a preview at one megapixel, a whole correction at twelve: python -m tests.benchmarks.cut.

The preview is the operation from bytes to bytes with the network's mask kept, as it is after the first click; times
are best of five. Its reference is OpenCV's GrabCut over the whole photo with the same seeds, in the same process.
The twelve megapixels run in a process of their own, so that the peak is theirs.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable

from tests.benchmarks.peak_memory import peak_mib

WANTED_MS, WANTED_MIB = 500, 1500
SMALL, LARGE = (1155, 866), (4000, 3000)


def _photo(size: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """The mug on the table and the middle of its handle's hole."""
    import cv2
    from PIL import Image

    from tests.support.pictures.mug import mug_on_a_table

    mug = mug_on_a_table()
    rgb = cv2.resize(mug.rgb, size, interpolation=cv2.INTER_CUBIC)
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=92)
    return buffer.getvalue(), (mug.in_hole[0] * size[0] // 600, mug.in_hole[1] * size[1] // 480)


def _operation(size: tuple[int, int], clicks: int, **given: object) -> Callable[[], object]:
    from processing.operations.registry import find
    from tests.processing.operations.test_segment import ClosedHandle
    from tests.support.operation_run import Run

    photo, (x, y) = _photo(size)
    operation = find("segment")
    spread = size[1] // 40
    marks = [{"keep": index % 2 == 1, "points": [[x, y + index // 2 * spread % spread]]} for index in range(clicks)]
    parameters = operation.merge({}, {"marks": marks, **given})
    context = Run(loaded=ClosedHandle())
    return lambda: operation.run(photo, parameters, context)


def _best(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * min(times)


def _reference() -> float:
    import cv2
    import numpy as np

    data, (x, y) = _photo(SMALL)
    photo = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    from tests.support.pictures.mug import mug_on_a_table

    closed = cv2.resize(mug_on_a_table().closed, SMALL) > 0.5

    def work() -> None:
        labels = np.where(closed, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
        cv2.circle(labels, (x, y), 3, cv2.GC_BGD, -1)
        cv2.grabCut(photo, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)  # type: ignore[call-overload]

    return _best(work)


def _preview() -> None:
    shown = {"output": "mask", "format": "png", "edges": "fast"}
    one, ten = _best(_operation(SMALL, 1, **shown)), _best(_operation(SMALL, 10, **shown))
    reference = _reference()
    print(f"a click at 1 MP: {one:.0f} ms (wanted under {WANTED_MS}), ten clicks: {ten:.0f} ms")
    print(f"GrabCut over the whole photo alone: {reference:.0f} ms; click / reference: {one / reference:.2f}")


def _whole() -> None:
    work = _operation(LARGE, 3)
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"3 clicks at 12 MP, bytes to bytes: {seconds:.1f} s, peak {peak_mib():.0f} MiB (wanted under {WANTED_MIB})")


if __name__ == "__main__":
    if sys.argv[1:] == ["whole"]:
        _whole()
    else:
        _preview()
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "tests.benchmarks.cut", "whole"], check=True)
