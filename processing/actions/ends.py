"""Telling whoever waits that a job has ended. A hint and nothing more: the row is the truth, and whoever hears nothing
looks at it now and then.

Over Redis where there is one; on a single machine with the embedded queue over datagrams on its own loopback, to the
ports that DATA_DIR names. An installation that has neither looks at the row, as often as `wait` says.
"""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

_CHANNEL = "packshot:ended"
_LISTEN_SECONDS = 1.0  # how long an ear that nobody speaks to takes to notice that its line is cut
_AGAIN_SECONDS = 5.0
_TELL_SECONDS = 0.5
_PAUSE_SECONDS = 5.0  # Redis is asked again no sooner: each question to one that hangs costs a worker its time


class Line(Protocol):
    """How a process hears of ends. `receive` raises OSError or RedisError once the line is cut."""

    def receive(self) -> bytes | None:
        """The id of a job that has ended, or None after _LISTEN_SECONDS without one."""

    def close(self) -> None: ...


class _OverRedis:
    def __init__(self, address: str) -> None:
        client = redis.Redis.from_url(address, socket_connect_timeout=_LISTEN_SECONDS)
        self._heard = client.pubsub()  # type: ignore[no-untyped-call]
        self._heard.subscribe(_CHANNEL)
        if self._heard.get_message(timeout=_LISTEN_SECONDS) is None:
            raise TimeoutError("Redis does not answer.")  # to the subscription

    def receive(self) -> bytes | None:
        message = self._heard.get_message(ignore_subscribe_messages=True, timeout=_LISTEN_SECONDS)
        return None if message is None else bytes(message["data"])

    def close(self) -> None:
        self._heard.close()


class _OverLoopback:
    """A file named after each port says where the ears of this machine are; that of a dead process goes away here."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.iterdir():
            if not _in_use(int(left.name)):
                left.unlink(missing_ok=True)
        self._socket = _datagrams()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(_LISTEN_SECONDS)
        self._file = folder / str(self._socket.getsockname()[1])
        self._file.touch()

    def receive(self) -> bytes | None:
        try:
            return self._socket.recv(64)
        except TimeoutError:
            return None

    def close(self) -> None:
        self._file.unlink(missing_ok=True)
        self._socket.close()


def _datagrams() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _in_use(port: int) -> bool:
    with _datagrams() as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "queue" / "ears"


def _line() -> Line | None:
    if settings.REDIS_URL:
        return _OverRedis(settings.REDIS_URL)
    return None if settings.CELERY_BROKER_URL else _OverLoopback(_folder())


class Ear:
    """What one process hears. Its thread begins with the first who waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._awaited: dict[bytes, set[threading.Event]] = {}
        self._thread: threading.Thread | None = None
        self.open = False

    @contextmanager
    def awaiting(self, job_id: uuid.UUID) -> Iterator[threading.Event]:
        """Set as soon as the job has ended, and when the line is cut; look at the row then. `open` says whether there
        is a line."""
        event = threading.Event()
        with self._lock:
            self._awaited.setdefault(job_id.bytes, set()).add(event)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="ends", daemon=True)
                self._thread.start()
        try:
            yield event
        finally:
            with self._lock:
                events = self._awaited[job_id.bytes]
                events.discard(event)
                if not events:
                    del self._awaited[job_id.bytes]

    def _listen(self) -> None:
        while True:
            line = None
            try:
                line = _line()
                if line is None:
                    return
                self.open = True
                while True:
                    ended = line.receive()
                    if ended is not None:
                        self._wake(ended)
            except (redis.RedisError, OSError) as error:
                self.open = False
                log.warning("ends_unheard", error=str(error))
                self._wake_all()
                time.sleep(_AGAIN_SECONDS)
            finally:
                if line is not None:
                    line.close()

    def _wake(self, ended: bytes) -> None:
        with self._lock:
            for event in self._awaited.get(ended, ()):
                event.set()

    def _wake_all(self) -> None:
        with self._lock:
            for events in self._awaited.values():
                for event in events:
                    event.set()


@cache
def ear() -> Ear:
    return Ear()


_mute_until = 0.0  # of time.monotonic


def tell(job_id: uuid.UUID) -> None:
    """To be called once the end is committed. Never raises: a hint that is lost costs whoever waits a moment."""
    global _mute_until
    if settings.REDIS_URL:
        if time.monotonic() < _mute_until:
            return
        try:
            _speaker(settings.REDIS_URL).publish(_CHANNEL, job_id.bytes)
        except (redis.RedisError, OSError) as error:
            _mute_until = time.monotonic() + _PAUSE_SECONDS
            log.warning("end_untold", job=str(job_id), error=str(error))
    elif not settings.CELERY_BROKER_URL:
        _tell_this_machine(job_id)


@cache
def _speaker(address: str) -> redis.Redis:
    return redis.Redis.from_url(address, socket_timeout=_TELL_SECONDS, socket_connect_timeout=_TELL_SECONDS)


def _tell_this_machine(job_id: uuid.UUID) -> None:
    try:
        ports = [int(file.name) for file in _folder().iterdir()]
        with _datagrams() as speaker:
            for port in ports:
                speaker.sendto(job_id.bytes, ("127.0.0.1", port))
    except FileNotFoundError:
        return  # nobody has waited for anything yet
    except OSError as error:
        log.warning("end_untold", job=str(job_id), error=str(error))
