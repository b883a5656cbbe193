"""What `make load` prints."""

from __future__ import annotations

from typing import Any

from tests.benchmarks.speed.machine import sentence

GROUPS = {
    "page": "Pages",
    "part": "Parts of pages, by htmx",
    "file": "Files: static, thumbnails, downloads",
    "api": "API calls",
    "image": "API calls that wait for their image",
    "job": "Jobs, from submit to end",
}

# Of which the processor time is shown.
_ROUTES = 25


def show(found: dict[str, Any]) -> None:
    print(f"\n{sentence(found['machine'])}")
    print(
        f"{found['users']} people, {found['clients']} programs, {found['seconds']:.0f} s, {found['engine']}; "
        f"{per_second(found):.1f} requests a second, {sum(found['images'].values())} images arrived {found['images']}\n"
    )
    print(f"{'':54}{'count':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}")
    for name, title in GROUPS.items():
        if name in found["groups"]:
            _line(title, found["groups"][name])
            for each, figures in found["requests"].items():
                if each.startswith(f"{name}:"):
                    _line(f"  {each.partition(': ')[2]}", figures)
    print(f"\nAccepted and not ended at the end: {found['left']}; all had after {found['drained']:.0f} s")
    print("Share of the processors:", ", ".join(f"{part} {share:.0%}" for part, share in found["shares"].items()))
    whole = sum(each["seconds"] for each in found["web"].values()) or 1
    print(f"\n{'Processor time of the web servers':54}{'count':>8}{'ms each':>9}{'share':>9}")
    for route, each in list(found["web"].items())[:_ROUTES]:
        print(f"{route:54}{each['count']:>8.0f}{each['ms']:>9.1f}{each['seconds'] / whole:>9.1%}")
    print(f"\nAnswered with 429: {sum(found['limited'].values())} {found['limited'] or ''}")
    print(f"Errors: {sum(found['errors'].values())}")
    for what, count in sorted(found["errors"].items(), key=lambda each: -each[1]):
        print(f"  {count:5} {what}")


def per_second(found: dict[str, Any]) -> float:
    return float(found["asked"] / found["seconds"])


def _line(title: str, figures: dict[str, float]) -> None:
    cells = "".join(f"{figures[name]:>9.0f}" for name in ("p50", "p95", "p99"))
    print(f"{title:54}{figures['count']:>8.0f}{cells}")
