"""Requests of the simulated users: each has a name, a status and words that its answer must have."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, NoReturn

import gevent
from gevent.event import Event
from locust import FastHttpUser
from locust.exception import RescheduleTask, StopUser

from tests.benchmarks.load.plan import Plan

# Of all users of this process. 429 is an answer that a user waits after, and no error.
limited: Counter[str] = Counter()
arrived: Counter[str] = Counter()
# Users whose first step has ended.
begun: set[int] = set()
# What was accepted and has not ended: jobs that are asked after, calls that wait for their image.
waiting: Counter[str] = Counter()
# Once the time is over nothing new is begun, and what was accepted is still asked after.
over = Event()
_LONGEST_WAIT = 300.0
_KEPT_OPEN = 10.0
_RETRY_AT_MOST = 30.0


class Asking(FastHttpUser):
    """A user of `plan`, which the generator sets. Each has an address of its own, as behind a proxy."""

    abstract = True
    plan: Plan
    number = 0
    connection_timeout = 30.0
    network_timeout = 360.0

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        Asking.number += 1
        self.mine = Asking.number
        self.rests = True
        self.asked_at = time.monotonic()
        self.standing = {"X-Forwarded-For": f"198.51.{self.mine // 250}.{self.mine % 250 + 1}"}

    def wait_time(self) -> float:
        """Seconds until this user's next step."""
        self.rests = True
        shortest, longest = self.pauses
        return self.plan.pause * random.uniform(shortest, longest)

    pauses = (4.0, 14.0)

    def ask(
        self,
        method: str,
        path: str,
        name: str,
        *words: str,
        status: Sequence[int] = (200,),
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> Any:
        """The answer. Anything unexpected is written down as an error under `name` and ends the step."""
        if over.is_set() and (self.rests or method == "POST"):
            raise StopUser
        self.rests = False
        self._leave_old_connections()
        accepted = self._waiting(name) if name.startswith("image:") else nullcontext()
        with (
            accepted,
            self.client.request(
                method,
                path,
                name=name,
                catch_response=True,
                allow_redirects=False,
                headers=self.standing | (headers or {}),
                **sent,
            ) as answer,
        ):
            if answer.status_code == 429:
                limited[name] += 1
                answer.success()
                gevent.sleep(min(float(answer.headers.get("Retry-After") or 1), _RETRY_AT_MOST))
                raise RescheduleTask
            problem = _problem(answer, status, words)
            if problem:
                answer.failure(problem)
                raise RescheduleTask
            answer.success()
            return answer

    def _leave_old_connections(self) -> None:
        """The server closes them after 15 s. What is sent at that very moment is lost, and nobody may send a POST
        again by itself: so a program opens another one, and a browser does."""
        now = time.monotonic()
        if now - self.asked_at > _KEPT_OPEN:
            self.client.client.clientpool.close()
        self.asked_at = now

    def begin(self, step: Callable[[], None]) -> None:
        """The first step of a user who has just come; one that fails is written down and ends nothing."""
        with suppress(RescheduleTask):
            step()
        begun.add(self.mine)

    def until(self, name: str, ended: Callable[[], str]) -> None:
        """Asks `ended()` again and again, which takes its pauses itself; it answers "" while the work goes on, "ok", or
        what went wrong."""
        began = time.perf_counter()
        with self._waiting(name):
            while not (state := ended()):
                if time.perf_counter() - began > _LONGEST_WAIT:
                    state = f"had not ended after {_LONGEST_WAIT:g} s"
                    break
        self.environment.events.request.fire(
            request_type="",
            name=name,
            response_time=1000 * (time.perf_counter() - began),
            response_length=0,
            exception=None if state == "ok" else AssertionError(state),
            context={},
        )
        if state != "ok":
            raise RescheduleTask

    @contextmanager
    def _waiting(self, name: str) -> Iterator[None]:
        waiting[name] += 1
        try:
            yield
        finally:
            waiting[name] -= 1

    def photo(self) -> bytes:
        """A JPEG that nobody has sent before: its pixels are known, a comment in it is not."""
        whole = random.choice(_photos(self.plan.photos))
        comment = uuid.uuid4().bytes
        return whole[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + whole[2:]


def multipart(fields: dict[str, str], **files: bytes) -> dict[str, Any]:
    """`data` and `headers` of a request with these fields and JPEGs."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, data in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.jpg"\r\n'
        parts.append(head.encode() + b"Content-Type: image/jpeg\r\n\r\n" + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return {"data": b"".join(parts), "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"}}


def leave(why: str) -> NoReturn:
    """For a user who cannot go on at all."""
    raise StopUser(why)


def is_image(data: bytes) -> bool:
    return (
        data[:2] == b"\xff\xd8" or data[:8] == b"\x89PNG\r\n\x1a\n" or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    )


def _problem(answer: Any, status: Sequence[int], words: Sequence[str]) -> str:
    if answer.status_code not in status:
        said = re.sub(r"\s+", " ", (answer.text or str(answer.error))[:160]) if answer.status_code != 302 else ""
        return f"status {answer.status_code} {said}".strip()
    if not words:
        return ""
    text = answer.text or ""
    return next((f"{word!r} is missing in the answer" for word in words if word not in text), "")


_read: list[bytes] = []


def _photos(folder: str) -> list[bytes]:
    if not _read:
        _read.extend(file.read_bytes() for file in sorted(Path(folder).glob("*.jpg")))
    return _read
