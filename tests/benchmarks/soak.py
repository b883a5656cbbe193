"""`make soak`: thousands of photos of mixed sizes and formats through one worker; its memory must not grow.

PHOTOS (2000) of up to MEGAPIXELS (4), no two alike, two at a time through the whole HTTP API with the real network. A
line every tenth of them, the memory taken while the worker rests. The exit code is 1 where the memory after the last
differs from that after the first tenth (200 of 2000) by 5 % or more, or where a photo was refused.
"""

from __future__ import annotations

import io
import itertools
import os
import statistics
import sys
import tempfile
import time
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests.benchmarks.speed import posting, processes
from tests.benchmarks.unique_photos import photos
from tests.support import reachable
from tests.support.server import NO_LIMITS_BY_ADDRESS, Server

PHOTOS = int(os.environ.get("PHOTOS", "2000"))
MEGAPIXELS = float(os.environ.get("MEGAPIXELS", "4"))
MOST_GROWTH = 0.05
# Shares of the largest; a prime number of them, so that sizes, formats and outputs meet in every combination.
_SHARES = (0.08, 0.25, 0.1, 0.5, 0.15, 1.0, 0.2)
_FORMATS = ("JPEG", "PNG", "WEBP")
_OUTPUTS: tuple[dict[str, str], ...] = (
    {"format": "png", "background": "transparent"},
    {"preset": "amazon-main"},
    {"format": "webp", "background": "#ffffff:#e5e5e5", "shadow": "drop", "margin": "0.1"},
    {"format": "jpg", "shadow": "reflection"},
)


def main() -> int:
    models_dir = reachable.models_dir()
    if models_dir is None:
        print("The segmentation model is not here. Run: make model")
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        wanted = NO_LIMITS_BY_ADDRESS | {
            "MODELS_DIR": str(models_dir), "SEGMENTATION_MODEL": "isnet-general-use", "LOG_LEVEL": "WARNING",
            "RATE_LIMIT_KEY_PER_MINUTE": "10000000", "SEGMENTATION_CACHE_MB": "0",
        }  # fmt: skip
        server = Server(Path(folder), wanted).start(ready_within=300)
        try:
            return _soak(server)
        finally:
            server.kill()


def _soak(server: Server) -> int:
    assert server.process is not None
    key = server.organization(credits=10 * PHOTOS)["api_key"]
    address, headers = f"{server.base}/api/v1/process", {"x-api-key": key, "Accept": "image/*"}
    worker = next(pid for pid in server.children() if " worker " in processes.command_of(pid))
    every, began = max(1, PHOTOS // 10), time.monotonic()
    taken: list[int] = []
    refused: list[str] = []

    def send(sent: tuple[bytes, dict[str, str]]) -> None:
        try:
            posting.form(address, sent[0], sent[1], part="image", headers=headers)
        except urllib.error.HTTPError as error:
            # A photo in which nothing is found is an answer too; what fails inside is not.
            if error.code >= 500:
                refused.append(f"{error.code} {error.read()[:200]!r}")

    print(f"{PHOTOS} photos of up to {MEGAPIXELS:g} MP through worker {worker}", flush=True)
    work = _mixed()
    with ThreadPoolExecutor(2) as pool:
        for start in range(0, PHOTOS, every):
            block = list(itertools.islice(work, min(every, PHOTOS - start)))
            list(pool.map(send, block))
            taken.append(_at_rest(worker))
            done = start + len(block)
            growth = taken[-1] / taken[0] - 1
            print(
                f"after {done:5}: {taken[-1]:5} MiB ({growth:+.1%}), peak {processes.peak_mib(worker)} MiB, "
                f"{done / (time.monotonic() - began):.2f} photos/s, {len(refused)} failed",
                flush=True,
            )
    growth = taken[-1] / taken[0] - 1
    held = abs(growth) < MOST_GROWTH and not refused
    print(f"{'held' if held else 'NOT HELD'}: {growth:+.1%} of at most {MOST_GROWTH:.0%}. {' '.join(refused[:3])}")
    return 0 if held else 1


def _mixed() -> Iterator[tuple[bytes, dict[str, str]]]:
    """Photos and what to make of them, without an end."""
    for number in itertools.count():
        megapixels = MEGAPIXELS * _SHARES[number % len(_SHARES)]
        photo = next(photos(megapixels, 1, seed=1000 + number))
        kind = _FORMATS[number % len(_FORMATS)]
        if kind != "JPEG":
            buffer = io.BytesIO()
            image = Image.open(io.BytesIO(photo))
            image.save(buffer, kind, **({"compress_level": 1} if kind == "PNG" else {"quality": 80, "method": 0}))
            photo = buffer.getvalue()
        yield photo, _OUTPUTS[number % len(_OUTPUTS)]


def _at_rest(worker: int) -> int:
    """MiB, once the last images are judged."""
    processes.until_quiet([worker], at_most=60)
    readings = []
    for _ in range(5):
        readings.append(processes.memory_mib(worker))
        time.sleep(0.1)
    return round(statistics.median(readings))


if __name__ == "__main__":
    sys.exit(main())
