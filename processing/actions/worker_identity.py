"""Who this worker process is: unique over restarts, so that a lease never outlives its holder unnoticed."""

from __future__ import annotations

import os
import secrets
import socket

_started = secrets.token_hex(4)


def host() -> str:
    return socket.gethostname()


def name() -> str:
    return f"{host()}:{os.getpid()}:{_started}"
