"""`note` counts a call; `flush` writes what was counted. A database that is away for a while costs nothing but time."""

from __future__ import annotations

import atexit
import os
import threading
from datetime import UTC

import structlog
from django.conf import settings
from django.db import Error, connection

from accounts.actions.usage.days import write
from accounts.actions.usage.labels import usage_label
from accounts.actions.usage.tallies import Tallies
from accounts.kit.call_made import CallMade
from accounts.models.usage_day import NO_KEY

log = structlog.get_logger(__name__)

_LONGEST_ENDPOINT = 100
_LONGEST_WAIT_FOR_A_WRITER = 3.0
_tallies = Tallies()
_writer = threading.Lock()
_thread: threading.Thread | None = None
_starting = threading.Lock()


def note(call: CallMade) -> None:
    """Counts an answered call. Some microseconds, in memory alone; never raises because of the database."""
    place = (
        call.organization_id,
        call.at.astimezone(UTC).date(),
        call.api_key_id or NO_KEY,
        call.endpoint[:_LONGEST_ENDPOINT],
        usage_label(call.label),
    )
    _tallies.add(place, status=call.status, milliseconds=call.milliseconds)
    if _thread is None or not _thread.is_alive():
        _start_thread()


def flush() -> int:
    """Writes what was counted, in one transaction; how many rows. What cannot be written is kept for the next time."""
    if not _writer.acquire(timeout=_LONGEST_WAIT_FOR_A_WRITER):
        return 0
    try:
        taken = _tallies.take()
        if not taken:
            return 0
        try:
            return write(taken)
        except Error as error:
            _tallies.put_back(taken)
            log.warning("usage_not_written", error=str(error), rows=len(taken), dropped=_tallies.dropped)
            return 0
    finally:
        _writer.release()


def forget() -> None:
    """Drops what was counted and not written (tests)."""
    _tallies.take()


def _start_thread() -> None:
    global _thread
    if not settings.USAGE_FLUSH_SECONDS:
        return
    with _starting:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_write_now_and_then, name="usage", daemon=True)
            _thread.start()


def _write_now_and_then() -> None:
    pause = threading.Event()
    while not pause.wait(settings.USAGE_FLUSH_SECONDS):
        if _tallies:
            flush()
            # Its own connection, given back between writes: it may have died, and a pool has others who wait.
            connection.close()


def _forked() -> None:
    """A child starts from zero: what the parent has counted is the parent's to write, its thread is not here."""
    global _tallies, _writer, _thread, _starting
    _tallies, _writer, _thread, _starting = Tallies(), threading.Lock(), None, threading.Lock()


os.register_at_fork(after_in_child=_forked)
atexit.register(flush)
