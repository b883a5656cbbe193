"""Relight and shadow: the preview against the full size, and peak memory: python -m tests.benchmarks.relight_preview.

The preview is lit_scene on a cut-out whose longest side is 1024; its reference is lit_scene at full size, in the same
process. Times are best of five. The whole operation at full size runs in a process of its own, so that the peak is its.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time

from tests.benchmarks.peak_memory import peak_mib

MEGAPIXELS = 12.0
PROXY = 1024
WANTED_MS, WANTED_MIB = 300, 1500


def _compare() -> None:
    import cv2
    import numpy as np

    from processing.imaging.background import fill
    from processing.imaging.colors import Solid
    from processing.imaging.cutout import resize
    from processing.imaging.light.light import Light
    from processing.imaging.light.relight import Look
    from processing.imaging.light.scene import lit_scene
    from processing.imaging.placement import Canvas, place
    from processing.imaging.subject import cut_sides, subject_box

    width, height = _size()
    alpha = np.zeros((height, width), np.uint8)
    cv2.ellipse(alpha, (width // 2, height // 2), (width // 4, height * 3 // 8), 0, 0, 360, 255, -1, cv2.LINE_AA)
    noise = np.random.default_rng(0).integers(90, 160, (height // 8, width // 8, 3), dtype=np.uint8)
    photo = np.asarray(cv2.resize(noise, (width, height)), np.uint8)
    shrink = PROXY / max(width, height)
    small = resize(photo, alpha, (round(width * shrink), round(height * shrink)))
    light, look = Light(300, 40), Look(0.5, 0.3, 0.5)

    def best(rgb: np.ndarray, matte: np.ndarray) -> float:
        size = matte.shape[1], matte.shape[0]
        placement = place(size, subject_box(matte), cut_sides(matte), Canvas())
        times = []
        for _ in range(5):
            started = time.perf_counter()
            lit_scene(rgb, matte, placement, fill(*size, Solid((255, 255, 255))), "cast", light, look)
            times.append(time.perf_counter() - started)
        return 1000 * min(times)

    preview, full = best(*small), best(photo, alpha)
    print(f"preview {PROXY}: {preview:.0f} ms (wanted under {WANTED_MS}); full size {width} × {height}: {full:.0f} ms")
    print(f"preview / full size: {preview / full:.2f}")


def _whole() -> None:
    from PIL import Image, ImageDraw

    from processing.operations.registry import find
    from tests.support.operation_run import BACKDROP, Run

    width, height = _size()
    photo = Image.new("RGB", (width, height), BACKDROP)
    ImageDraw.Draw(photo).ellipse((width // 4, height // 8, width * 3 // 4, height * 7 // 8), fill=(150, 40, 30))
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=92)
    operation = find("relight_shadow")
    parameters = operation.merge({}, {"lighting": 0.5, "warmth": 0.3, "exposure": 0.5, "direction": 300})
    started = time.perf_counter()
    operation.run(buffer.getvalue(), parameters, Run())
    seconds = time.perf_counter() - started
    peak = peak_mib()
    print(f"{width} × {height}, bytes to bytes: {seconds:.1f} s, peak {peak:.0f} MiB (wanted under {WANTED_MIB})")


def _size() -> tuple[int, int]:
    return round((MEGAPIXELS * 1e6 * 4 / 3) ** 0.5), round((MEGAPIXELS * 1e6 * 3 / 4) ** 0.5)


if __name__ == "__main__":
    if sys.argv[1:] == ["whole"]:
        _whole()
    else:
        _compare()
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "tests.benchmarks.relight_preview", "whole"], check=True)
