"""Machines that share their processors among what runs on them, and images on their way through them; time simulated.

An image is a generator of steps: `Work` on a machine, a `Pause`, `Take` and `Give` of a lock or a worker's thread.
A step of `width` w uses w processors; where more are asked for than there are, all steps of that machine slow down
alike. That is what an operating system does with threads that all compute.
"""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field


@dataclass(eq=False)
class Machine:
    processors: float
    active: dict[int, _Running] = field(default_factory=dict)
    seen: float = 0.0  # up to this moment the remaining work is reckoned
    change: int = 0  # raised with everything that starts or ends: an earlier reckoning of the next end is void
    busy: float = 0.0  # seconds of processors used

    @property
    def share(self) -> float:
        asked = sum(each.width for each in self.active.values())
        return min(1.0, self.processors / asked) if asked else 1.0


@dataclass(eq=False)
class Tokens:
    """So many may have one at once: threads of workers, or a lock. `free` holds what is handed out."""

    free: deque[object]
    waiting: deque[tuple[Steps, int]] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Work:
    machine: Machine
    seconds: float
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Take:
    tokens: Tokens


@dataclass(frozen=True, slots=True)
class Give:
    tokens: Tokens
    token: object


Step = Work | Pause | Take | Give
Steps = Generator[Step, object, None]


@dataclass
class _Running:
    steps: Steps
    remaining: float
    width: float


class Simulation:
    """`start` puts generators on their way, at once or later; `run` goes on until none is left or the time is over."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Machine | None, int, Steps | None]] = []
        self._number = itertools.count()

    def start(self, steps: Steps, *, at: float = 0.0) -> None:
        heapq.heappush(self._events, (at, next(self._number), None, 0, steps))

    def run(self, *, until: float) -> None:
        while self._events and self._events[0][0] <= until:
            self.now, _, machine, change, steps = heapq.heappop(self._events)
            if steps is not None:
                self._go_on(steps, None)
            elif machine is not None and machine.change == change:
                self._reckon(machine)
                ended = [key for key, each in machine.active.items() if each.remaining <= 1e-9]
                over = [machine.active.pop(key).steps for key in ended]
                self._changed(machine)
                for each in over:
                    self._go_on(each, None)

    def _go_on(self, steps: Steps, got: object) -> None:
        while True:
            try:
                step = steps.send(got)
            except StopIteration:
                return
            got = None
            if isinstance(step, Work):
                self._reckon(step.machine)
                step.machine.active[next(self._number)] = _Running(steps, max(step.seconds, 1e-6), step.width)
                self._changed(step.machine)
                return
            if isinstance(step, Pause):
                self.start(steps, at=self.now + step.seconds)
                return
            if isinstance(step, Take):
                if not step.tokens.free:
                    step.tokens.waiting.append((steps, 0))
                    return
                got = step.tokens.free.popleft()
            elif step.tokens.waiting:
                waiting, _ = step.tokens.waiting.popleft()
                self._go_on(waiting, step.token)
            else:
                step.tokens.free.append(step.token)

    def _reckon(self, machine: Machine) -> None:
        passed, share = self.now - machine.seen, machine.share
        for each in machine.active.values():
            each.remaining -= passed * share
            machine.busy += passed * share * each.width
        machine.seen = self.now

    def _changed(self, machine: Machine) -> None:
        machine.change += 1
        if machine.active:
            soonest = min(each.remaining for each in machine.active.values()) / machine.share
            event = (self.now + max(soonest, 0.0), next(self._number), machine, machine.change, None)
            heapq.heappush(self._events, event)
