"""What somebody wants published, checked as far as it can be without asking the shop or looking at a pixel."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from integrations import registry
from integrations.actions.account import account_of
from integrations.base import Marketplace, MarketplaceError
from integrations.models import CatalogProduct, CatalogVariant, Connection, Publication
from integrations.publishing import MAIN, Capabilities
from integrations.queries import connections as queries
from integrations.queries.verdicts import verdict_before
from processing.imaging.formats import CONTENT_TYPES
from processing.models import Asset, Job, JobImage
from processing.queries.assets import source
from processing.queries.compliance import Judged

MAX_REASON = 500
WATERMARKED = "This image was made with a test key and carries a watermark. Make it again with a live key."
_TITLE, _SKU = 500, 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """One image for one place. `image_id`: an asset's. `product` and `variant`: remote ids, as the catalog has them.

    `override_reason`: why it goes out although it breaks a required rule, or although the image that it replaces
    cannot be kept; empty where it must do neither. `job_id`: the job that made the image, found by itself if None.
    """

    image_id: uuid.UUID
    connection_id: uuid.UUID
    product: str
    variant: str = ""
    slot: str = MAIN
    dry_run: bool = False
    override_reason: str = ""
    job_id: uuid.UUID | None = None


class ComplianceFailed(Conflict):
    """The image breaks required rules of the marketplace: see `judged`, or the fields of the error."""

    code = "compliance_failed"
    title = "The image breaks a required rule"

    def __init__(self, judged: Judged) -> None:
        failed = [each for each in judged.findings if each["status"] == "fail" and not each["waived"]]
        errors = tuple(FieldError("overrideReason", f"{each['title']}: {each['detail']}") for each in failed)
        super().__init__(
            f"{judged.title} does not take this image as it is. Mend it, or give a reason to publish it all the same.",
            errors=errors,
        )
        self.judged = judged


@dataclass(frozen=True, slots=True)
class Shop:
    """A connection that something can be published to now."""

    row: Connection
    kind: Marketplace
    capabilities: Capabilities


def shop(actor: Actor, connection_id: uuid.UUID) -> Shop:
    """Raises NotFound, and Conflict where nothing can be published to it as things stand."""
    actor.require(Permission.PUBLISH_WRITE)
    row = queries.connection(actor, connection_id, needs=Permission.PUBLISH_WRITE)
    kind = registry.find(row.marketplace)
    if row.broken:
        reason = (row.problem or {}).get("detail", "")
        raise Conflict(f"{row.name} does not let us in. {reason}".strip(), field="connectionId")
    try:
        capabilities = kind.publisher.capabilities(account_of(row))
    except MarketplaceError as error:
        raise Conflict(error.detail, field="connectionId") from None
    if not capabilities.pulls and not capabilities.pushes:
        raise Conflict(capabilities.why_not or "This shop takes no images.", field="connectionId")
    return Shop(row, kind, capabilities)


def prepared(actor: Actor, shop: Shop, wanted: Wanted) -> Publication:
    """The row, not stored yet. Raises NotFound, InvalidInput, ComplianceFailed; each names its field."""
    image = _image(actor, wanted.image_id)
    product, variant = _product(actor, shop.row, wanted)
    row = built(actor, shop, wanted, image, product, variant)
    judged = verdict_before(actor, image, shop.kind, wanted.slot)
    if judged is not None and judged.verdict == "fail" and not row.override_reason:
        raise ComplianceFailed(judged)
    row.verdict = judged.verdict if judged else ""
    row.job = _job(actor, image, wanted.job_id)
    return row


def built(
    actor: Actor,
    shop: Shop,
    wanted: Wanted,
    image: Asset,
    product: CatalogProduct,
    variant: CatalogVariant | None,
) -> Publication:
    """The row of what was found, without a query. Raises InvalidInput that names the field."""
    _check_slot(shop, wanted)
    media_type = CONTENT_TYPES[image.format]
    if media_type not in shop.capabilities.media_types:
        known = ", ".join(sorted(each.partition("/")[2].upper() for each in shop.capabilities.media_types))
        raise InvalidInput(
            gettext("{title} takes {known}; this is {media_type}. Convert it first.").format(
                title=shop.kind.title, known=known, media_type=media_type
            ),
            field="fileId",
        )
    title = f"{product.title}, {variant.title}" if variant and variant.title else product.title
    return Publication(
        organization=actor.organization,
        connection=shop.row,
        product=wanted.product,
        variant=wanted.variant,
        slot=wanted.slot,
        title=title[:_TITLE],
        sku=((variant.sku if variant else "") or product.sku)[:_SKU],
        remote_url=product.url,
        image=image,
        filename=image.name,
        sha256=image.blob.sha256,
        dry_run=wanted.dry_run,
        sandbox=actor.sandbox,
        override_reason=clean_reason(wanted.override_reason),
        created_by=actor.user,
        api_key=actor.api_key,
    )


def clean_reason(text: str) -> str:
    """Raises InvalidInput for one that is too long."""
    reason = " ".join(text.split())
    if len(reason) > MAX_REASON:
        raise InvalidInput(
            gettext("Give the reason in at most {max_reason} characters.").format(max_reason=MAX_REASON),
            field="overrideReason",
        )
    return reason


def details(row: Publication) -> dict[str, Any]:
    """For the audit log."""
    return {
        "connection": str(row.connection_id),
        "product": row.product,
        "variant": row.variant,
        "slot": row.slot,
        "image": row.filename,
        "sha256": row.sha256[:16],
        "dry_run": row.dry_run,
    }


def _image(actor: Actor, image_id: uuid.UUID) -> Asset:
    try:
        image = source(actor, image_id, needs=Permission.PUBLISH_WRITE)
    except NotFound as error:
        raise NotFound(error.detail, field="fileId") from None
    if image.kind not in (Asset.Kind.UPLOAD, Asset.Kind.OUTPUT):
        raise NotFound(gettext("There is no such file."), field="fileId")
    if not actor.sandbox and JobImage.objects.of(actor).filter(output=image, job__sandbox=True).exists():
        raise InvalidInput(WATERMARKED, field="fileId")
    return image


def _product(actor: Actor, row: Connection, wanted: Wanted) -> tuple[CatalogProduct, CatalogVariant | None]:
    product = CatalogProduct.objects.of(actor).filter(connection=row, remote_id=wanted.product).first()
    if product is None:
        raise NotFound(
            gettext("{name} had no such product when its catalog was last read. Sync the shop if it is new.").format(
                name=row.name
            ),
            field="productId",
        )
    if not wanted.variant:
        return product, None
    variant = CatalogVariant.objects.of(actor).filter(product=product, remote_id=wanted.variant).first()
    if variant is None:
        raise NotFound(gettext("{title} has no such variant.").format(title=product.title), field="variantId")
    return product, variant


def _check_slot(shop: Shop, wanted: Wanted) -> None:
    slot, can = wanted.slot, shop.capabilities
    if wanted.variant:
        if not can.variant_images:
            raise InvalidInput(
                gettext("In {title} a variant has no image of its own.").format(title=shop.kind.title),
                field="variantId",
            )
        if slot != MAIN:
            raise InvalidInput(gettext("A variant has one image: its slot is main."), field="slot")
    if slot == MAIN or slot in can.extra_slots:
        return
    # "02" and "٢" are digits too, and would be other places than "2".
    if not (slot.isascii() and slot.isdecimal() and str(int(slot[:9])) == slot and 2 <= int(slot) <= can.places):
        slots = [MAIN, *([f"2 to {can.places}"] if can.places > 1 else []), *can.extra_slots]
        raise InvalidInput(
            gettext("There is no such slot in {title}: {slots}.").format(title=shop.kind.title, slots=", ".join(slots)),
            field="slot",
        )


def _job(actor: Actor, image: Asset, job_id: uuid.UUID | None) -> Job | None:
    if job_id is not None:
        job = Job.objects.of(actor).filter(pk=job_id).first()
        if job is None:
            raise NotFound(gettext("There is no such job."), field="jobId")
        return job
    made = JobImage.objects.of(actor).filter(output=image, job__purpose=Job.Purpose.WORK).select_related("job")
    found = made.order_by("-pk").first()
    return found.job if found else None
