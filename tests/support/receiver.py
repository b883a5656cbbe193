"""A customer's server that receives webhooks: it keeps every request and answers as the test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from tests.support.serving import Said, serving


@dataclass(frozen=True)
class Received:
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float

    def verified(self, secret: str) -> Any:
        """The body, if its signature is good for this secret; raises WebhookVerificationError else."""
        return Webhook(secret).verify(self.body, dict(self.headers))

    @property
    def message(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`answers`: status, headers and body, one for each request; the last one stays. `gate`: closed, it hangs."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=lambda: [(200, {}, b"thank you")])
    seen: list[Received] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.answers = [(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)]


@contextmanager
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    running.gate.set()

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        if method != "POST":
            return Said(501, b"")
        running.seen.append(Received(target, headers, body, time.monotonic()))
        running.gate.wait(30)
        status, extra, text = running.answers.pop(0) if len(running.answers) > 1 else running.answers[0]
        return Said(status, text, extra)

    with serving(answer) as running.port:
        try:
            yield running
        finally:
            running.gate.set()


def deliver_due() -> int:
    """Sends what is due in this thread, as the dispatcher would; how many tries it took."""
    from accounts.actions.webhook_dispatcher import due
    from accounts.actions.webhook_results import claim, record
    from accounts.actions.webhook_sending import send

    taken = 0
    for delivery in due().select_related("event", "endpoint"):
        held = claim(delivery)
        assert held is not None
        assert record(held, send(delivery))
        taken += 1
    return taken


def eventually(true: Callable[[], object], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False
