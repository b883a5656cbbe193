"""A preview that is being made: each answer waits a little for it, and says how soon to ask again."""

from __future__ import annotations

import uuid

from accounts.access.actor import Actor
from accounts.kit.ids import age
from dashboard import pace
from processing.actions.wait import wait_for
from processing.models import JobImage, Status
from processing.queries.previews import preview_image, preview_is_open

# Long enough for nearly every preview after the first; short enough that the step is told while the network runs.
_WAIT = 0.8
# A preview that has waited longer waits for its turn behind others.
_PATIENCE = 3.0


def made_preview(actor: Actor, job_id: uuid.UUID) -> JobImage:
    """The photo of a preview of this person, ended or not. Raises NotFound."""
    if preview_is_open(actor, job_id):
        wait_for(job_id, seconds=_WAIT)
    return preview_image(actor, job_id)


def pause(image: JobImage) -> int:
    """Milliseconds until the next question: none for one that a worker has in hand."""
    waited = age(image.job_id)
    if image.status == Status.RUNNING or waited < _PATIENCE:
        return 0
    return round(1000 * pace.share(waited))
