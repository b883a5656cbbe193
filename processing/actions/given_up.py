"""Why a photo is given up for its worker's sake: causes that no second try by the caller mends."""

from __future__ import annotations

from django.conf import settings

from accounts.kit.errors import PackshotError


class WorkerLost(PackshotError):
    """Its worker stopped each time while it was at this photo, so the photo was set aside. Nothing was charged."""

    code = "worker_lost"
    title = "The photo was set aside"

    def __init__(self, losses: int) -> None:
        super().__init__(f"The worker stopped {losses} times while it was at this photo. It was set aside.")


class OutOfMemory(PackshotError):
    """The worker's memory was not enough for this photo, several times. Nothing was charged."""

    code = "out_of_memory"
    title = "Not enough memory for the photo"

    def __init__(self, losses: int) -> None:
        super().__init__(f"The worker's memory was not enough for this photo, {losses} times. It was set aside.")


class TookTooLong(PackshotError):
    """The photo was not done within the time that the operator allows for one. Nothing was charged."""

    code = "took_too_long"
    status = 504
    title = "The photo took too long"

    def __init__(self) -> None:
        super().__init__(f"It was not done within {settings.JOB_SECONDS} seconds and was ended.")
