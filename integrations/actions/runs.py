"""Runs: many images to one shop. The first few go out, somebody looks, then the rest follows or all comes back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import approvals, audit
from accounts.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from accounts.models import Approval
from integrations.actions.approvals import WAITS
from integrations.actions.publishing import kept, run_state
from integrations.actions.publishing.queue import send_next
from integrations.actions.publishing.request import WATERMARKED, Shop, Wanted, built, clean_reason, shop
from integrations.models import CatalogProduct, CatalogVariant, Publication, PublishRun
from integrations.publishing import MAIN
from integrations.queries import publications as queries
from processing.models import Asset, Job, JobImage
from processing.queries.assets import alive

MOST = 1000
_NAME = 200
_MOST_ERRORS = 50
_Run = PublishRun.Status


@dataclass(frozen=True, slots=True)
class Item:
    """One image of a run and its place; ids as `Wanted` has them."""

    image_id: uuid.UUID
    product: str
    variant: str = ""
    slot: str = MAIN
    job_id: uuid.UUID | None = None


def start(
    actor: Actor,
    *,
    connection_id: uuid.UUID,
    items: Sequence[Item],
    first: int = 10,
    most_failures: int = 20,
    name: str = "",
    override_reason: str = "",
    dry_run: bool = False,
) -> PublishRun:
    """All of them or none: what is wrong with an item is told as `items[3].slot`.

    `first`: so many go out before the run waits. `most_failures`: percent of the last ones above which it stops by
    itself. Raises NotFound, InvalidInput, Conflict.
    """
    into = shop(actor, connection_id)
    _check(items, first=first, most_failures=most_failures)
    reason = clean_reason(override_reason)
    rows = _rows(actor, into, items, reason=reason, dry_run=dry_run)
    waits = not dry_run and approvals.needed_to_publish(actor)
    run = PublishRun(
        organization=actor.organization,
        connection=into.row,
        name=(" ".join(name.split()) or f"{len(rows):,} images to {into.row.name}")[:_NAME],
        status=_Run.APPROVAL if waits else _Run.FIRST if 0 < first < len(rows) else _Run.RUNNING,
        size=len(rows),
        first=min(first, len(rows)),
        most_failures=most_failures,
        created_by=actor.user,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
            held = kept.hold_all([row.image for row in rows if row.image is not None])
            for number, (row, image) in enumerate(zip(rows, held, strict=True)):
                row.run, row.sent_image = run, image
                row.held = waits or (run.status == _Run.FIRST and number >= first)
                row.note = WAITS if waits else ""
            Publication.unscoped.bulk_create(rows, batch_size=200)
            if waits:
                approvals.ask(
                    actor,
                    kind=Approval.Kind.RUN,
                    target_id=run.pk,
                    title=f"{run.name}, in {into.row.name}",
                    images=len(rows),
                )
            _audit(actor, "started", run, images=len(rows), dry_run=dry_run, reason=reason)
            transaction.on_commit(lambda: send_next(into.row.pk))
    except IntegrityError:
        raise Conflict(
            gettext("Another image is on its way to one of these places by now. Look at them again.")
        ) from None
    return run


def go_on(actor: Actor, *, run_id: uuid.UUID) -> PublishRun:
    """The rest goes out, without waiting for the first ones where they are still on their way. Raises Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    seen = queries.run(actor, run_id, needs=Permission.PUBLISH_WRITE)
    shop(actor, seen.connection_id)
    with transaction.atomic():
        run = _locked(actor, run_id)
        if run.status not in (_Run.FIRST, _Run.WAITING, _Run.STOPPED):
            raise Conflict(gettext("This run goes on already, or has ended."))
        if run.finished_at is not None:
            raise Conflict(gettext("Nothing of this run is left to send. Publish its images again."))
        run.status, run.stopped_because = _Run.RUNNING, ""
        run.resumed_at, run.finished_at = timezone.now(), None
        run.save(update_fields=["status", "stopped_because", "resumed_at", "finished_at"])
        run_state.release(run)
        _audit(actor, "went_on", run)
    run_state.look(run.pk)
    return queries.run(actor, run_id, needs=Permission.PUBLISH_WRITE)


def stop(actor: Actor, *, run_id: uuid.UUID) -> PublishRun:
    """Nothing more goes out; what is at the shop already ends there. Raises Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    with transaction.atomic():
        run = _locked(actor, run_id)
        if run.status not in (_Run.FIRST, _Run.WAITING, _Run.RUNNING):
            raise Conflict(gettext("This run is stopped already, or has ended."))
        run_state.stop(run, f"{actor.user.name or actor.user.email if actor.user else 'Somebody'} has stopped it.")
        _audit(actor, "stopped", run)
    return run


def revert_all(actor: Actor, *, run_id: uuid.UUID) -> PublishRun:
    """Every old image back into its place; what was not sent yet stays here. Raises Conflict."""
    actor.require(Permission.PUBLISH_WRITE)
    with transaction.atomic():
        run = _locked(actor, run_id)
        if run.status in (_Run.REVERTING, _Run.REVERTED):
            raise Conflict(gettext("This run was put back already, or is on its way."))
        if run.connection.disconnected_at is not None:
            raise Conflict(gettext("The shop was disconnected. Connect it again to change images in it."))
        if Publication.unscoped.filter(Q(dry_run=True) | Q(sandbox=True), run=run).exists():
            raise Conflict(gettext("Nothing was sent to the shop, so there is nothing to put back."))
        run.status, run.reverted_by, run.finished_at = _Run.REVERTING, actor.user, None
        run.save(update_fields=["status", "reverted_by", "finished_at"])
        run_state.put_back(run)
        _audit(actor, "reverted", run)
    run_state.look(run.pk)
    return queries.run(actor, run_id, needs=Permission.PUBLISH_WRITE)


def _check(items: Sequence[Item], *, first: int, most_failures: int) -> None:
    if not 1 <= len(items) <= MOST:
        raise InvalidInput(
            gettext("A run has 1 to {most:,} images; these are {items:,}.").format(most=MOST, items=len(items)),
            field="items",
        )
    if not 0 <= first <= MOST:
        raise InvalidInput(gettext("Choose how many go out first: 0 to {most:,}.").format(most=MOST), field="first")
    if not 0 <= most_failures <= 100:
        raise InvalidInput(gettext("Choose 0 to 100 percent."), field="mostFailures")


def _rows(actor: Actor, into: Shop, items: Sequence[Item], *, reason: str, dry_run: bool) -> list[Publication]:
    """Looked up by a few queries, however many there are. Raises InvalidInput that names every wrong item."""
    images = {row.pk: row for row in alive(Asset.objects.of(actor)).select_related("blob").filter(
        pk__in={item.image_id for item in items}, kind__in=[Asset.Kind.UPLOAD, Asset.Kind.OUTPUT]
    )}  # fmt: skip
    products = {row.remote_id: row for row in CatalogProduct.objects.of(actor).filter(
        connection=into.row, remote_id__in={item.product for item in items}
    )}  # fmt: skip
    variants = {(row.product_id, row.remote_id): row for row in CatalogVariant.objects.of(actor).filter(
        product__connection=into.row, remote_id__in={item.variant for item in items if item.variant}
    )}  # fmt: skip
    made = JobImage.objects.of(actor).filter(output__in=list(images), job__purpose=Job.Purpose.WORK)
    jobs = {output: (job, sandbox) for output, job, sandbox in made.order_by("pk").values_list(
        "output", "job", "job__sandbox"
    )}  # fmt: skip
    named = set(Job.objects.of(actor).filter(
        pk__in={item.job_id for item in items if item.job_id}
    ).values_list("pk", flat=True))  # fmt: skip
    taken = _open_places(into, products) if not dry_run and not actor.sandbox else set()
    rows: list[Publication] = []
    errors: list[FieldError] = []
    for number, item in enumerate(items):
        wanted = Wanted(item.image_id, into.row.pk, item.product, item.variant, item.slot, dry_run, reason)
        place = (item.product, item.variant, item.slot)
        try:
            image, product = images.get(item.image_id), products.get(item.product)
            if image is None:
                raise NotFound(gettext("There is no such file."), field="fileId")
            job, sandbox = jobs.get(item.image_id, (None, False))
            if sandbox and not actor.sandbox:
                raise InvalidInput(WATERMARKED, field="fileId")
            if item.job_id is not None and item.job_id not in named:
                raise NotFound(gettext("There is no such job."), field="jobId")
            if product is None:
                raise NotFound(
                    gettext("{name} had no such product when its catalog was read.").format(name=into.row.name),
                    field="productId",
                )
            variant = variants.get((product.pk, item.variant)) if item.variant else None
            if item.variant and variant is None:
                raise NotFound(gettext("{title} has no such variant.").format(title=product.title), field="variantId")
            if place in taken:
                raise InvalidInput(
                    gettext("Another image is on its way to this place of {title}.").format(title=product.title),
                    field="slot",
                )
            row = built(actor, into, wanted, image, product, variant)
            row.job_id = item.job_id or job
            rows.append(row)
            if not dry_run and not actor.sandbox:
                taken.add(place)
        except (NotFound, InvalidInput) as error:
            errors += [FieldError(f"items[{number}].{each.field}", each.detail) for each in error.errors]
    if errors:
        more = f" {len(errors)} of {len(items):,} are wrong; nothing was published."
        raise InvalidInput(errors[0].detail + more, errors=tuple(errors[:_MOST_ERRORS]))
    return rows


def _open_places(into: Shop, products: dict[str, CatalogProduct]) -> set[tuple[str, str, str]]:
    found = Publication.unscoped.filter(
        connection=into.row, product__in=list(products), status__in=Publication.OPEN, dry_run=False, sandbox=False
    )
    return set(found.values_list("product", "variant", "slot"))


def _locked(actor: Actor, run_id: uuid.UUID) -> PublishRun:
    seen = queries.run(actor, run_id, needs=Permission.PUBLISH_WRITE)
    found = PublishRun.objects.of(actor).select_for_update(of=("self",)).select_related("connection")
    return found.get(pk=seen.pk)


def _audit(actor: Actor, action: str, run: PublishRun, **details: Any) -> None:
    told = {"connection": str(run.connection_id), "name": run.name, **details}
    audit.record(actor, f"publish_run.{action}", target_kind="publish_run", target_id=run.pk, details=told)
