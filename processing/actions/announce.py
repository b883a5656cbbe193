"""Who is told when a job has ended: one list, called in the transaction in which it ends.

What a subscriber writes stands or falls with the job's end: a crash loses no announcement, and none is made of an end
that was rolled back. So a subscriber writes rows and does nothing that takes time.
"""

from __future__ import annotations

from collections.abc import Callable

from processing.actions import face_swap_end, job_events, job_mail
from processing.models import Job

SUBSCRIBERS: tuple[Callable[[Job], None], ...] = (job_events.write, face_swap_end.end, job_mail.tell_starter)


def job_ended(job: Job) -> None:
    """The caller has saved the job's end and holds its row lock. Previews are nobody's business."""
    if job.purpose != Job.Purpose.WORK:
        return
    for subscriber in SUBSCRIBERS:
        subscriber(job)
