"""Makes the load: `python -m tests.benchmarks.load.generator PLAN RESULT`, with locust and nothing of the product.

RESULT is JSON: {"seconds", "asked": how many requests in these, "drained": seconds until what was accepted by then had
ended, "left": how much of it there was, "requests": {name: {count, p50, p95, p99 in ms}}, "groups": the same by the
word before the colon, "errors": {"name: what": count}, "limited": {name: count}, "images": {family: count}}. The file
RESULT.over is there from the end of the seconds on.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import gevent
from locust.env import Environment

from tests.benchmarks.load.asking import Asking, arrived, begun, limited, over, waiting
from tests.benchmarks.load.clients import FAMILIES
from tests.benchmarks.load.plan import Plan, read
from tests.benchmarks.load.sellers import Seller

_LET_GO_SECONDS = 5
# Of the whole time; then all users have come.
_RAMP_SHARE = 0.15
_LONGEST_FIRST_STEPS = 150
# A call waits for its image 300 s at most.
_LONGEST_DRAIN = 330


def run(plan: Plan, ends: Path) -> dict[str, Any]:
    """`ends` is written once the time is over, before what was accepted is waited for."""
    times: dict[str, list[float]] = defaultdict(list)
    errors: Counter[str] = Counter()

    def note(name: str, response_time: float, exception: BaseException | None, **further: Any) -> None:
        times[name].append(response_time)
        if exception is not None:
            errors[f"{name}: {exception}"[:300]] += 1

    Asking.plan, Asking.host = plan, plan.base
    Seller.fixed_count = len(plan.sellers)
    for family in FAMILIES:
        family.fixed_count = len(plan.keys[family.family])
    everybody: list[Any] = [Seller, *FAMILIES]
    users = [each for each in everybody if each.fixed_count]
    count = sum(each.fixed_count for each in users)
    environment = Environment(user_classes=users, host=plan.base, stop_timeout=_LET_GO_SECONDS)
    environment.events.request.add_listener(note)
    runner = environment.create_local_runner()
    broken: Counter[str] = Counter()
    environment.events.user_error.add_listener(
        lambda exception, **further: broken.update([f"the load's own step broke: {exception!r}"[:300]])
    )
    began = time.monotonic()
    runner.start(count, spawn_rate=max(1.0, count / (plan.seconds * _RAMP_SHARE)))
    gevent.sleep(plan.seconds)
    # A slow machine and a short run: each user is to have done something.
    while len(begun) < count and not broken and time.monotonic() - began < plan.seconds + _LONGEST_FIRST_STEPS:
        gevent.sleep(0.5)
    seconds = time.monotonic() - began
    asked = sum(len(each) for name, each in times.items() if not name.startswith("job:"))
    ends.touch()
    left, drained = _drain()
    for name, count in waiting.items():
        errors[f"{name}: had not ended {drained:.0f} s after the load"] += count
    errors = +errors
    requests, counted = {name: _figures(each) for name, each in sorted(times.items())}, dict(errors + broken)
    groups: dict[str, list[float]] = defaultdict(list)
    for name, each in times.items():
        groups[name.partition(":")[0]] += each
    answer = {
        "seconds": round(seconds, 1),
        "asked": asked,
        "left": left,
        "drained": round(drained, 1),
        "requests": requests,
        "groups": {name: _figures(each) for name, each in groups.items()},
        "errors": counted,
        "limited": dict(limited),
        "images": dict(arrived),
    }
    runner.quit()
    return answer


def _drain() -> tuple[int, float]:
    """How much was accepted and had not ended, and after how many seconds it had, or was waited for no longer."""
    over.set()
    left, began = waiting.total(), time.monotonic()
    while waiting.total() and time.monotonic() - began < _LONGEST_DRAIN:
        gevent.sleep(0.2)
    return left, time.monotonic() - began


def _figures(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {"count": len(ordered)} | {f"p{share}": round(_percentile(ordered, share), 1) for share in (50, 95, 99)}


def _percentile(ordered: list[float], share: int) -> float:
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


if __name__ == "__main__":
    result = Path(sys.argv[2])
    found = run(read(Path(sys.argv[1])), result.with_suffix(".over"))
    result.write_text(json.dumps(found))
