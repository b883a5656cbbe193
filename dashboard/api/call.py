"""One call of a program, from its arrival to its answer: who sent it, what it may still do, what it claimed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.http import HttpRequest

from accounts.access.actor import Actor
from accounts.access.credentials import Unauthorized
from accounts.limits.idempotency import Claim
from accounts.limits.rate_limit import Allowance


@dataclass(slots=True)
class Call:
    """`endpoint`: method and address pattern, such as `GET /api/v1/jobs/{job_id}`. `refusal`: why its credential is not
    good. `label`: the presetLabel it carries. `by_access_token`: it came with a token in place of the key."""

    endpoint: str = ""
    started: float = field(default_factory=time.perf_counter)
    actor: Actor | None = None
    refusal: Unauthorized | None = None
    allowance: Allowance | None = None
    claim: Claim | None = None
    label: str = ""
    by_access_token: bool = False


def call_of(request: HttpRequest) -> Call:
    """The call that this request is."""
    if not hasattr(request, "_call"):
        request._call = Call()  # type: ignore[attr-defined]
    found: Call = request._call  # type: ignore[attr-defined]
    return found
