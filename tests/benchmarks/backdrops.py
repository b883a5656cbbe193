"""Time and peak memory of each built-in backdrop under a product: python -m tests.benchmarks.backdrops [megapixels].

Every style runs in a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import io
import subprocess
import sys
import time

from tests.benchmarks.peak_memory import peak_mib

MEGAPIXELS = 12.0


def measure(style: str, megapixels: float) -> str:
    """One line: seconds, and the most memory that the process has had."""
    from PIL import Image, ImageDraw

    from processing.operations.registry import find
    from tests.support.backdrop_run import Surroundings

    operation = find("generate_background")
    width, height = round((megapixels * 1e6 * 4 / 3) ** 0.5), round((megapixels * 1e6 * 3 / 4) ** 0.5)
    photo = Image.new("RGB", (width, height), (200, 210, 220))
    ImageDraw.Draw(photo).ellipse((width // 4, height // 8, width * 3 // 4, height * 7 // 8), fill=(150, 40, 30))
    buffer = io.BytesIO()
    photo.save(buffer, "JPEG", quality=92)
    parameters = operation.merge({}, {"style": style, "width": width, "height": height})
    started = time.perf_counter()
    operation.run(buffer.getvalue(), parameters, Surroundings())
    seconds = time.perf_counter() - started
    peak = peak_mib()
    return f"{style:10} {width} × {height}: {seconds:5.1f} s, peak {peak:5.0f} MiB"


def main() -> None:
    from processing.imaging.backdrops.styles import STYLES

    megapixels = sys.argv[1] if len(sys.argv) > 1 else str(MEGAPIXELS)
    for style in STYLES:
        subprocess.run([sys.executable, "-m", "tests.benchmarks.backdrops", megapixels, style], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(measure(sys.argv[2], float(sys.argv[1])), flush=True)
    else:
        main()
