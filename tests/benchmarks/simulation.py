"""How many workers for how many images: a simulation fed by the measured steps. python -m tests.benchmarks.simulation

FILE of `make bench JSON=file`. First it repeats what was measured on the single machine, one and two photos at a time,
and prints simulated beside measured. Then it predicts: what N workers do, and what a load of 10, 100 and 1,000 images a
second needs. With a second file name, the capacity page's figures are written there.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.simulated_machines import Give, Machine, Pause, Simulation, Steps, Take, Tokens, Work

# Assumed, not measured: the database's processor time for one image, on a server of its own.
DATABASE_MS = 6.0
LOADS = (10, 100, 1000)
_FULL = 0.7  # of its capacity, a part of the system is full: queues grow quickly above
_LEAST_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Image:
    """Seconds of each part of the way, measured with nothing else running. `judge` follows the answer."""

    receive: float
    wait: float
    before: float  # what one processor does before the network
    network: float  # on every processor of its worker
    after: float  # what one processor does after it, the storing included
    answer: float
    judge: float

    @classmethod
    def of(cls, steps: Mapping[str, float]) -> Image:
        known = {"receive", "wait", "decode", "segment", "answer", "judge"}
        after = sum(ms for name, ms in steps.items() if name not in known)
        return cls(*(
            max(ms, 0.0) / 1000
            for ms in (
                steps["receive"], steps["wait"], steps["decode"], steps["segment"], after, steps["answer"],
                steps.get("judge", 0.0),
            )
        ))  # fmt: skip


@dataclass
class Site:
    """A simulated installation: workers of `processors` each, with so many threads; the web on a machine of its own, or
    (one machine) with the only worker."""

    image: Image
    workers: int = 1
    processors: int = 2
    threads: int = 2
    web: Machine | None = None

    def __post_init__(self) -> None:
        self.machines = [Machine(self.processors) for _ in range(self.workers)]
        # Threads of different workers in turns, as free ones ask the queue.
        threads = [machine for _ in range(self.threads) for machine in self.machines]
        self.pool = Tokens(deque(threads))
        self.engines = {id(machine): Tokens(deque([None])) for machine in self.machines}
        # Long enough for what one worker does to settle.
        self.seconds = max(_LEAST_SECONDS, 60 * (self.image.before + self.image.network + self.image.after))
        self.taken: list[float] = []
        self.ends: list[float] = []

    def way(self, simulation: Simulation, *, judged: bool) -> Steps:
        image, began = self.image, simulation.now
        yield Work(self.web or self.machines[0], image.receive)
        yield Pause(image.wait)
        worker = yield Take(self.pool)
        assert isinstance(worker, Machine)
        yield Work(worker, image.before)
        yield Take(self.engines[id(worker)])
        yield Work(worker, image.network, width=self.processors)
        yield Give(self.engines[id(worker)], None)
        yield Work(worker, image.after)
        yield Give(self.pool, worker)
        yield Pause(image.answer)
        self.taken.append(simulation.now - began)
        self.ends.append(simulation.now)
        if judged:
            yield Work(worker, image.judge)

    def together(self, clients: int) -> tuple[float, float]:
        """Clients that each send the next photo once they have an answer: photos a second, median seconds of one."""
        simulation = Simulation()

        def client() -> Steps:
            while True:
                yield from self.way(simulation, judged=False)

        for _ in range(clients):
            simulation.start(client())
        simulation.run(until=self.seconds)
        return len(self.ends) / self.seconds, statistics.median(self.taken)

    def arriving(self, per_second: float) -> tuple[float, float, float]:
        """Photos that come by chance, each judged: median seconds, 95th percentile, share of the processors used."""
        simulation, chance, at = Simulation(), random.Random(1), 0.0
        while (at := at + chance.expovariate(per_second)) < self.seconds:
            simulation.start(self.way(simulation, judged=True), at=at)
        simulation.run(until=self.seconds)
        late = sorted(self.taken) or [float("inf")]
        used = sum(machine.busy for machine in self.machines) / (self.seconds * self.processors * self.workers)
        return statistics.median(late), late[int(0.95 * (len(late) - 1))], used


def sustained(image: Image, processors: int = 2) -> float:
    """Photos a second that one worker does for hours, each judged: the processors' time is what there is."""
    used = image.before + image.network * processors + image.after + image.judge
    return processors / used


def workers_for(image: Image, per_second: float) -> int:
    return max(1, -(-int(1000 * per_second) // int(1000 * _FULL * sustained(image))))


def main(file: Path, figures: Path | None) -> None:
    bench = json.loads(file.read_text())
    checks = [each for shape in bench["steps_ms"] for each in _checked(bench, shape)]
    shape = "postgresql" if "postgresql" in bench["steps_ms"] else next(iter(bench["steps_ms"]))
    images = {size: Image.of(steps) for size, steps in bench["steps_ms"][shape].items()}
    size = "1" if "1" in images else next(iter(images))
    print(
        f"\nN workers of two processors, {size} MP, each image judged, images by chance at {_FULL:.0%} of what they can"
    )
    for count in (1, 2, 4, 8, 16, 32):
        rate = _FULL * count * sustained(images[size])
        median, late, used = Site(images[size], workers=count, web=Machine(64)).arriving(rate)
        print(f"{count:>4} workers: {rate:7.1f}/s, median {median:.2f} s, 95 % within {late:.2f} s, {used:.0%} used")
    needs = [_needs(images[size], load) for load in LOADS]
    print(f"\n{'images/s':>9} {'workers':>8} {'web':>15} {'database':>20} {'median s':>9} {'95 % s':>7}  (processors)")
    for need in needs:
        print(
            f"{need['load']:>9} {need['workers']:>8} {need['web']:>15} {need['database']:>20} "
            f"{need['median']:>9} {need['late']:>7}"
        )
    if figures:
        found = {"machine": bench["machine"], "size": size, "checks": checks, "needs": needs, "kinds": _kinds(bench)}
        figures.write_text(json.dumps(found | {"database_ms": DATABASE_MS, "full": _FULL}, indent=2) + "\n")
        print(f"\nWritten to {figures}")


def _checked(bench: Mapping[str, Any], shape: str) -> list[dict[str, Any]]:
    found = []
    for size, steps in bench["steps_ms"][shape].items():
        measured = bench["contestants"][shape][size]
        for clients in (1, 2):
            rate, seconds = Site(Image.of(steps)).together(clients)
            real = measured["seconds"] if clients == 1 else measured["per_second"]
            if real:
                simulated, what = (seconds, "s") if clients == 1 else (rate, "/s")
                found.append(
                    {
                        "shape": shape,
                        "size": size,
                        "clients": clients,
                        "simulated": round(simulated, 3),
                        "measured": round(real["median"], 3),
                        "ratio": round(simulated / real["median"], 2),
                    }
                )
                print(
                    f"{shape:16} {size:>3} MP, {clients} at a time: simulated {simulated:.2f} {what}, "
                    f"measured {real['median']:.2f} {what}, ratio {found[-1]['ratio']:.2f}"
                )
    return found


def _needs(image: Image, load: int) -> dict[str, Any]:
    count = workers_for(image, load)
    shown = min(count, 64)  # of more, so many with their part of the load: they do not wait for each other
    web = Machine(1e9)
    median, late, _ = Site(image, workers=shown, web=web).arriving(load * shown / count)
    return {
        "load": load,
        "workers": count,
        "web": max(1, round(load * image.receive / _FULL + 0.5)),
        "database": max(1, round(load * DATABASE_MS / 1000 / _FULL + 0.5)),
        "median": round(median, 2),
        "late": round(late, 2),
    }


def _kinds(bench: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Kinds of machines by what they do for hours, by megapixels."""
    found = []
    amx = any(str(each).startswith("amx") for each in bench["machine"]["instructions"])
    for shape, slug, title in (
        ("postgresql", "measured", f"2 processors{' with AMX' if amx else ''}"),
        ("postgresql_fp32", "portable", "2 processors, 32 bits, as without AMX"),
    ):
        steps = bench["steps_ms"].get(shape) or bench["steps_ms"].get(shape.replace("postgresql", "embedded"))
        if not steps:
            continue
        rates = {size: sustained(Image.of(each)) for size, each in steps.items()}
        for times, name, price in (
            (1, title, 0.10),
            (4, title.replace("2 processors", "8 processors, four workers"), 0.40),
        ):
            found.append(
                {
                    "slug": f"{slug}-{2 * times}",
                    "title": name,
                    "price": price,
                    "per_second": {size: round(times * rate, 2) for size, rate in rates.items()},
                }
            )
    return found


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Name the file that make bench JSON=file has written.")
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
