"""How often the detectors of the compliance engine are right, on generated listing photos.

    python -m tests.benchmarks.compliance [pictures of each kind] [folder for the mistakes] [first seed]

Precision: of the pictures that a detector would fail, how many really carry the thing. Recall: of those that carry it,
how many are failed, and how many are failed or warned about. A mark reported under its neighbour's name (text as a
watermark) counts as a mistake of that detector in `strict`, and as none in `either`.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from PIL import Image

from processing.compliance.judge import judge, look
from processing.compliance.profiles import find
from processing.imaging.limits import Limits
from tests.support.pictures.listings import KINDS, Listing, listing

DETECTORS = {"text": "text", "watermark": "watermark", "frame": "frame", "sharpness": "blur"}
MARKED = {"text", "watermark"}
# All four detectors, each binding, so that fail is what they are sure of.
PROFILE = find("amazon").with_changes({"rules": {"sharpness": {"severity": "required"}}})


@dataclass
class Score:
    right: int = 0
    warned: int = 0
    carried: int = 0
    wrong: int = 0
    wrong_warned: int = 0
    neighbour: int = 0
    clean: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong + self.neighbour)

    @property
    def precision_either(self) -> float:
        return (self.right + self.neighbour) / max(1, self.right + self.wrong + self.neighbour)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.carried)

    @property
    def recall_warned(self) -> float:
        return (self.right + self.warned) / max(1, self.carried)


@dataclass
class Results:
    scores: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in DETECTORS})
    mistakes: list[tuple[str, Listing]] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    pictures: int = 0


def measure(count: int, *, first: int = 0) -> Results:
    """`count` pictures of each kind, from the seed `first` on."""
    results = Results()
    for kind in KINDS:
        for seed in range(first, first + count):
            made = listing(kind, seed)
            if made is not None:
                _add(results, made)
    return results


def _add(results: Results, made: Listing) -> None:
    started = time.perf_counter()
    report = judge(look(made.data, Limits(), made.mask), PROFILE, date(2026, 11, 21))
    results.seconds += time.perf_counter() - started
    results.pictures += 1
    statuses = {name: found.status for name in DETECTORS if (found := report.of(name)) is not None}
    if made.kind in MARKED:
        found_any = {statuses.get(name) for name in MARKED}
        results.marks["fail" if "fail" in found_any else "warn" if "warn" in found_any else "missed"] += 1
    for name, kind in DETECTORS.items():
        score, status = results.scores[name], statuses.get(name, "pass")
        if made.kind == kind:
            score.carried += 1
            score.right += status == "fail"
            score.warned += status == "warn"
            if status == "pass" and not (kind in MARKED and "fail" in {statuses.get(one) for one in MARKED}):
                results.mistakes.append((f"missed-{name}", made))
        else:
            score.clean += 1
            score.wrong_warned += status == "warn"
            if status == "fail" and name in MARKED and made.kind in MARKED:
                score.neighbour += 1
            elif status == "fail":
                score.wrong += 1
                results.mistakes.append((f"false-{name}", made))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    results = measure(count, first=first)
    print(f"{results.pictures} pictures, {1000 * results.seconds / results.pictures:.0f} ms each\n")
    print(
        f"{'':10}{'precision':>10}{'either':>8}{'recall':>8}{'+ warned':>10}{'wrong':>7}{'wrongly warned':>16}{'of':>6}"
    )
    for name, score in results.scores.items():
        print(
            f"{name:10}{score.precision:10.3f}{score.precision_either:8.3f}{score.recall:8.3f}{score.recall_warned:10.3f}"
            f"{score.wrong:7}{score.wrong_warned:16}{score.clean:6}"
        )
    marks = results.marks
    print(
        f"text or watermark, by either name: {marks['fail']} failed, {marks['warn']} warned, {marks['missed']} missed"
    )
    for what, made in results.mistakes:
        print(what, made.name, made.detail)
    if len(sys.argv) > 2:
        folder = Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        for what, made in results.mistakes:
            Image.fromarray(made.rgb).save(folder / f"{what}-{made.name}.png")


if __name__ == "__main__":
    main()
