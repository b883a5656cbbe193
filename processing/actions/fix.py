""" "Fix all": the plan of a check becomes a job over the same image."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, NotFound
from processing.actions.check import submit_check
from processing.actions.submit import Request, submit
from processing.models import Job, JobImage, Status
from processing.queries.compliance import check, checks, judged


def fix_all(actor: Actor, image: JobImage, *, key: str) -> Job:
    """Submits what mends the findings of one profile. Raises NotFound, Conflict when nothing can be mended."""
    actor.require(Permission.IMAGES_WRITE)
    found = next((each for each in judged(actor, image) if each.key == key), None)
    if found is None:
        raise NotFound(gettext("This check has not looked at that profile."))
    if image.source is None:
        raise Conflict(gettext("The image was deleted, so there is nothing to mend. Upload it again."))
    steps = found.plan["steps"]
    if not steps:
        raise Conflict(gettext("Nothing of what is open can be mended here."))
    if len(steps) == 1:
        operation, parameters = steps[0]["operation"], steps[0]["parameters"]
    else:
        operation, parameters = "recipe", {"steps": steps}
    return submit(
        actor,
        Request(sources=[image.source], operation=operation, parameters=parameters, preset_label=image.label),
    )


@transaction.atomic
def check_again(actor: Actor, *, mended: Job, like: JobImage) -> JobImage | None:
    """The check of what a mending job has made, by the same profiles and the same day; made once.

    None while the job is running, and when it has failed.
    """
    Job.objects.of(actor).select_for_update().get(pk=mended.pk)
    made = JobImage.objects.of(actor).filter(job=mended, status=Status.SUCCEEDED).select_related("output").first()
    if made is None or made.output is None:
        return None
    if known := checks(actor).filter(source=made.output).first():
        return known
    asked = like.job.parameters
    day = date.fromisoformat(asked["asOf"])
    kind = asked.get("productType", "")
    again = submit_check(actor, made.output, profiles=asked["profiles"], as_of=day, product_type=kind)
    return check(actor, again.pk)
