"""Makes the load: `python -m tests.benchmarks.load.generator PLAN RESULT`, with locust and nothing of the product.

RESULT is JSON: {"seconds", "requests": {name: {count, failed, p50, p95, p99 in ms}}, "groups": the same by the word
before the colon, "errors": {"name: what": count}, "limited": {name: count}, "images": {family: count}}.
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

from tests.benchmarks.load.asking import Asking, arrived, begun, limited
from tests.benchmarks.load.clients import FAMILIES
from tests.benchmarks.load.plan import Plan, read
from tests.benchmarks.load.sellers import Seller

_LET_GO_SECONDS = 5
# Of the whole time; then all users have come.
_RAMP_SHARE = 0.15
_LONGEST_FIRST_STEPS = 150


def run(plan: Plan) -> dict[str, Any]:
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
    requests, counted = {name: _figures(each) for name, each in sorted(times.items())}, dict(errors + broken)
    groups: dict[str, list[float]] = defaultdict(list)
    for name, each in times.items():
        groups[name.partition(":")[0]] += each
    answer = {
        "seconds": round(seconds, 1),
        "requests": requests,
        "groups": {name: _figures(each) for name, each in groups.items()},
        "errors": counted,
        "limited": dict(limited),
        "images": dict(arrived),
    }
    runner.quit()
    return answer


def _figures(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {"count": len(ordered)} | {f"p{share}": round(_percentile(ordered, share), 1) for share in (50, 95, 99)}


def _percentile(ordered: list[float], share: int) -> float:
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


if __name__ == "__main__":
    found = run(read(Path(sys.argv[1])))
    Path(sys.argv[2]).write_text(json.dumps(found))
