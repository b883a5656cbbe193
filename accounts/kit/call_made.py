"""A call of the API that has been answered, for the statistics."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CallMade:
    """`api_key_id`: None for a call without a key. `endpoint`: method and address pattern, such as
    `GET /api/v1/jobs/{job_id}`: never an address with an id in it. `at`: when it was answered, aware.

    What a call costs is not here: a job is charged at its end, often after the answer, and credits are counted there.
    """

    organization_id: uuid.UUID
    api_key_id: uuid.UUID | None
    endpoint: str
    label: str
    status: int
    milliseconds: float
    at: datetime
