"""Where every millisecond of an image goes: from the photo's first byte to the answer's last, and its judging after."""

from __future__ import annotations

import json
import statistics
import time

from tests.benchmarks.speed import processes
from tests.benchmarks.speed.packshot import Packshot
from tests.benchmarks.unique_photos import photos

# In the order in which they happen. `judge` comes after the answer and is processor time.
PARTS = {
    "receive": "upload, key, limits, validation, photo and job stored",
    "wait": "until a worker takes it",
    "decode": "decode",
    "segment": "segment (the network and its input)",
    "refine": "refine the edges",
    "compose": "compose",
    "encode": "encode as PNG",
    "store": "read the photo, keep the image, write the rows",
    "answer": "notice the end, send the image",
    "judge": "judged by its marketplace's rules, after the answer (processor time)",
}


def milliseconds(packshot: Packshot, megapixels: float, rounds: int) -> dict[str, float]:
    """The median of each part."""
    found: dict[str, list[float]] = {part: [] for part in PARTS}
    for photo in photos(megapixels, rounds, seed=88):
        processes.until_quiet(packshot.pids())
        began = time.time()
        packshot.send(photo)
        ended = time.time()
        worker = packshot.worker()
        found["judge"].append(1000 * processes.until_quiet([worker]))
        created, started, finished, steps, _ = packshot.last_job()
        taken = {step["name"]: float(step["ms"]) for step in json.loads(steps)}
        for name, ms in taken.items():
            found.setdefault(name, []).append(ms)
        found["receive"].append(1000 * (created - began))
        found["wait"].append(1000 * (started - created))
        found["store"].append(1000 * (finished - started) - sum(taken.values()))
        found["answer"].append(1000 * (ended - finished))
    return {part: round(statistics.median(values), 1) for part, values in found.items() if values}
