"""Work of some days ago."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.kit.ids import first_id_at
from processing.models import Asset, Job, JobImage
from tests.support.finished import Photo, job_of


@transaction.atomic
def job_days_ago(actor: Actor, days: int, *, seed: int = 0) -> JobImage:
    """The only image of a job that ended then, with its photo and output, which came then: their ids say so."""
    job, moment = job_of(actor, Photo(seed=seed)), timezone.now() - timedelta(days=days)
    Job.unscoped.filter(pk=job.pk).update(finished_at=moment, created_at=moment)
    image = JobImage.unscoped.get(job=job)
    assert image.source_id
    assert image.output_id
    image.source_id, image.output_id = _came(image.source_id, moment), _came(image.output_id, moment)
    image.save(update_fields=["source", "output"])
    return JobImage.unscoped.select_related("source__blob", "output__blob", "job").get(pk=image.pk)


def _came(asset_id: uuid.UUID, moment: datetime) -> uuid.UUID:
    old = uuid.UUID(int=first_id_at(moment).int | (uuid.uuid4().int & ((1 << 62) - 1)))
    Asset.unscoped.filter(pk=asset_id).update(id=old, created_at=moment)
    return old
