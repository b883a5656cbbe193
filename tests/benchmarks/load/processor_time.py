"""Which part of the product, or of what measures it, used how much of the processors."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


class ProcessorTime:
    """Reads the kernel's figures once a second. `groups`: the name of a part by its process group.

    `database`: PostgreSQL's processes are told by the name of the database, which stands in their titles; what it does
    for all databases together (its log, its checkpoints) is not counted.
    """

    def __init__(self, groups: Mapping[int, str], database: str) -> None:
        self._groups, self._database = dict(groups), database
        self._first: dict[int, float] = {}
        self._last: dict[int, tuple[str, float]] = {}
        self._over = threading.Event()
        self._read()
        self._first = {pid: seconds for pid, (_, seconds) in self._last.items()}
        self._thread = threading.Thread(target=self._keep_reading, daemon=True)
        self._thread.start()

    def end(self) -> dict[str, float]:
        """Seconds of processor time by part, since the beginning."""
        self._over.set()
        self._thread.join()
        self._read()
        seconds = dict.fromkeys([*self._groups.values(), "database"], 0.0)
        for pid, (part, last) in self._last.items():
            seconds[part] += last - self._first.get(pid, 0.0)
        return seconds

    def _keep_reading(self) -> None:
        while not self._over.wait(1):
            self._read()

    def _read(self) -> None:
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                part = self._groups.get(int(fields[2])) or self._of_database(entry)
            except OSError:  # it has ended meanwhile
                continue
            if part:
                self._last[int(entry.name)] = (part, (int(fields[11]) + int(fields[12])) / _TICK)

    def _of_database(self, entry: Path) -> str:
        title = (entry / "cmdline").read_bytes()[:300]
        return "database" if title.startswith(b"postgres:") and self._database.encode() in title else ""
