"""Where every millisecond of an image goes: from the photo's first byte to the answer's last, and its judging after."""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass, field

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
_UNTIL_JUDGED = 1.5  # seconds: a worker looks every second for what is to be judged


@dataclass
class Ways:
    """The parts of each image that was sent, by megapixels."""

    found: dict[float, dict[str, list[float]]] = field(default_factory=dict)

    def add(self, megapixels: float, packshot: Packshot, began: float, ended: float) -> None:
        """Of the newest job. `began`, `ended`: the clock's time before the photo was sent and after it was answered."""
        created, started, finished, steps, _ = packshot.last_job()
        taken = {step["name"]: float(step["ms"]) for step in json.loads(steps)}
        taken["receive"] = 1000 * (created - began)
        taken["wait"] = 1000 * (started - created)
        taken["store"] = 1000 * (finished - started) - sum(float(step["ms"]) for step in json.loads(steps))
        taken["answer"] = 1000 * (ended - finished)
        parts = self.found.setdefault(megapixels, {})
        for name, ms in taken.items():
            parts.setdefault(name, []).append(ms)

    def medians(self) -> dict[str, dict[str, float]]:
        return {
            f"{megapixels:g}": {part: round(statistics.median(values), 1) for part, values in parts.items()}
            for megapixels, parts in self.found.items()
        }


def judging(packshot: Packshot, megapixels: float) -> float:
    """Milliseconds of processor time that judging takes after the answer: the median of three."""
    found = []
    worker = [packshot.worker()]
    for photo in photos(megapixels, 3, seed=88):
        processes.until_quiet(packshot.pids())
        packshot.send_judged(photo)
        used = processes.processor_seconds(worker)
        time.sleep(_UNTIL_JUDGED)
        processes.until_quiet(worker, at_most=20)
        found.append(1000 * (processes.processor_seconds(worker) - used))
    return round(statistics.median(found), 1)
