"""From two pictures to the job of a face swap: an account is taken, a credit reserved, then the worker is up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit, credits
from accounts.kit.errors import Conflict, InvalidInput
from accounts.limits import idempotency
from accounts.limits.idempotency import Claim
from processing.actions import face_swap_pool
from processing.actions.new_photos import NewPhoto, keep, size_of
from processing.models import FACE_SWAP, FACE_SWAP_COST, Asset, FaceSwap, Job, JobImage
from processing.models.priority import SINGLE
from processing.providers import insightfaceswap
from processing.queries.face_swaps import consent_required


@dataclass(frozen=True, slots=True)
class NewSwap:
    """`source` shows the face, `target` gets it. `channel`: empty for any account."""

    source: NewPhoto
    target: NewPhoto
    verb: str
    channel: str = ""
    reply_url: str = ""
    reply_ref: str = ""
    consent: bool = False
    claim: Claim | None = None


def submit_face_swap(actor: Actor, new: NewSwap) -> FaceSwap:
    """Accepts the swap or raises; a refusal keeps no job, no credit and no account."""
    actor.require(Permission.IMAGES_WRITE)
    if insightfaceswap.provider() is None:
        raise Conflict(gettext("This installation makes no face swaps: its operator has not set up a provider."))
    if not new.consent and consent_required(actor):
        raise InvalidInput(
            gettext(
                "consent is missing: your organization asks for consent: true, which says that everybody "
                "in the pictures has agreed."
            ),
            field="consent",
        )
    for picture in (new.source, new.target):
        size_of(picture)
    credits.refuse_if_short(actor, amount=FACE_SWAP_COST)
    until = timezone.now() + timedelta(days=settings.FACE_SWAP_KEEP_DAYS)
    with transaction.atomic():
        source, target = (keep(actor, picture, expires_at=until) for picture in (new.source, new.target))
        return _write(actor, new, source, target)


def _write(actor: Actor, new: NewSwap, source: Asset, target: Asset) -> FaceSwap:
    job = Job(
        organization=actor.organization,
        operation=FACE_SWAP,
        sandbox=actor.sandbox,
        created_by=actor.user,
        api_key=actor.api_key,
        endpoint=actor.endpoint[:100],
    )
    # The organization's row before the account's, as everywhere.
    job.credits_reserved = credits.reserve(actor, amount=FACE_SWAP_COST, job_id=job.pk)
    account = face_swap_pool.take(actor.organization.pk, holder=job.pk, channel=new.channel)
    job.save(force_insert=True)
    if new.claim:
        idempotency.attach(new.claim, job.pk)
    JobImage.unscoped.create(
        organization=actor.organization,
        job=job,
        index=0,
        name=target.name,
        source=source,
        priority=SINGLE,
        parked=True,
    )
    swap = FaceSwap.unscoped.create(
        organization=actor.organization,
        job=job,
        target=target,
        verb=new.verb,
        channel=account.channel,
        chosen=bool(new.channel),
        reply_url=new.reply_url,
        reply_ref=new.reply_ref,
        consent=new.consent,
    )
    audit.record(
        actor,
        "face_swap.submitted",
        target_kind="job",
        target_id=job.pk,
        details={
            "channel": account.channel,
            "consent": new.consent,
            "source": source.blob.sha256,
            "target": target.blob.sha256,
            "credits": job.credits_reserved,
        },
    )
    return swap
