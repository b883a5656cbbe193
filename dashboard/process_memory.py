"""How much memory the processes of this installation take on this machine, as Linux says; empty elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_ROLES = {"web": b"dashboard.wsgi", "worker": b"dashboard.celery"}


def memory_by_role() -> dict[str, tuple[int, int]]:
    """How many processes and their resident bytes, for `web` and `worker`: the children of one supervisor or container,
    so those with this one's user and the same data folder."""
    found: dict[str, tuple[int, int]] = {}
    own = os.environ.get("DATA_DIR", "").encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            role = next((name for name, word in _ROLES.items() if word in command), None)
            if role is None or (own and b"DATA_DIR=" + own not in (folder / "environ").read_bytes().split(b"\0")):
                continue
            pages = int((folder / "statm").read_text().split()[1])
        except (OSError, ValueError, IndexError):  # it has ended meanwhile, or is somebody else's
            continue
        count, size = found.get(role, (0, 0))
        found[role] = (count + 1, size + pages * _PAGE)
    return found
