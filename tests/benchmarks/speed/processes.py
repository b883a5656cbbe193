"""What the kernel says of processes: processor time and peak memory."""

from __future__ import annotations

import os
import time
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(pids: list[int]) -> float:
    """User and system time of these processes together; one that has ended counts nothing."""
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / _TICK
    return total


def peak_mib(pid: int) -> int:
    """The most memory that it has had (VmHWM)."""
    return _mib(pid, "VmHWM")


def memory_mib(pid: int) -> int:
    """What it has now (VmRSS)."""
    return _mib(pid, "VmRSS")


def _mib(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024


def below(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found[1:]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def until_quiet(pids: list[int], *, at_most: float = 8.0) -> float:
    """Waits until these processes rest (an image that is judged after its answer, a sweep); the processor time that
    they still took."""
    window, began = 0.12, time.monotonic()
    first = before = processor_seconds(pids)
    while time.monotonic() - began < at_most:
        time.sleep(window)
        now = processor_seconds(pids)
        if now - before <= 0.25 * window:
            break
        before = now
    return processor_seconds(pids) - first
