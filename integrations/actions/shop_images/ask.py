"""Having images of shops judged: those of chosen products now, and some of every shop each night."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.actions import audit
from accounts.kit import tasks
from accounts.kit.errors import NotFound
from accounts.models import User
from integrations.actions.shop_images.states import refresh
from integrations.models import CatalogImage, CatalogProduct, Connection, ImageVerdict
from integrations.queries.catalog import products
from integrations.queries.image_verdicts import address_key, rules_for, rules_of
from processing.queries.compliance import profile_for

MOST_PRODUCTS = 100
_LOOK_AT, _LOOKED_AT = 200, 20_000


def check_products(actor: Actor, *, product_ids: Sequence[uuid.UUID]) -> int:
    """Every image of these products that was not judged by the rules of today, or could not be had; how many.

    Costs nothing: no image is made. Raises NotFound where the actor sees none of them.
    """
    actor.require(Permission.PUBLISH_WRITE)
    actor.require(Permission.COMPLIANCE_READ)
    rows = list(products(actor).filter(pk__in=list(product_ids)[:MOST_PRODUCTS]))
    if not rows:
        raise NotFound(gettext("There is no such product in the catalog."))
    with transaction.atomic():
        many = _ask(rows, by=actor.user)
        audit.record(
            actor, "catalog.check_asked", target_kind="product", target_id=rows[0].pk,
            details={"products": len(rows), "images": many},
        )  # fmt: skip
        for connection_id in {row.connection_id for row in rows}:
            send_after_commit(connection_id)
    return many


def plan_night(connection: Connection) -> int:
    """After the reading of the night: what was never judged first, then what was judged by older rules; how many."""
    left = settings.CATALOG_CHECKS_A_NIGHT
    if not left:
        return 0
    unknown = CatalogProduct.unscoped.filter(
        organization=connection.organization_id, connection=connection, verdict="", image_count__gt=0
    ).select_related("connection")
    asked, last = 0, None
    for _ in range(_LOOKED_AT // _LOOK_AT):
        rows = list((unknown.filter(pk__lt=last) if last else unknown).order_by("-pk")[:_LOOK_AT])
        if not rows or asked >= left:
            break
        last = rows[-1].pk
        asked += _ask(rows, by=None, most=left - asked)
        # One whose images were all judged for another product that shows them.
        refresh([row.pk for row in rows])
    asked += _ask_again(connection, left - asked)
    if asked:
        send_after_commit(connection.pk)
    return asked


def send_after_commit(connection_id: uuid.UUID) -> None:
    transaction.on_commit(lambda: send(connection_id))


def send(connection_id: uuid.UUID) -> None:
    tasks.send("integrations.judge_images", str(connection_id), queue="cpu")


def _ask(rows: Iterable[CatalogProduct], *, by: User | None, most: int | None = None) -> int:
    """Without a person only what was never tried, or is due again."""
    found = {row.pk: row for row in rows}
    images = CatalogImage.unscoped.filter(product__in=list(found)).order_by("position", "pk")
    wanted: dict[tuple[uuid.UUID, str, str], ImageVerdict] = {}
    for image in images:
        product = found[image.product_id]
        rules = rules_for(product.connection.marketplace, image)
        if rules and image.url:
            one = _new(product, image, rules, by)
            wanted.setdefault((one.connection_id, one.key, one.rules), one)
    known = ImageVerdict.unscoped.filter(
        connection__in={pair[0] for pair in wanted}, key__in={pair[1] for pair in wanted}
    )
    again: list[uuid.UUID] = []
    now = timezone.now()
    for row in known:
        if wanted.pop((row.connection_id, row.key, row.rules), None) is None:
            continue
        stale = not row.verdict or row.version != _version(row)
        if stale and row.lease_until is None and (by is not None or (row.asked_at is None and row.not_before <= now)):
            again.append(row.pk)
    again, new = again[:most], list(wanted.values())[: None if most is None else max(0, most - len(again))]
    ImageVerdict.unscoped.filter(pk__in=again).update(
        asked_at=now, asked_by=by, not_before=now, **({"failures": 0} if by else {})
    )
    ImageVerdict.unscoped.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(again) + len(new)


def _ask_again(connection: Connection, most: int) -> int:
    """Those whose rules have changed since."""
    if most <= 0:
        return 0
    older = Q(pk__in=[])
    for rules in {rules_of(connection.marketplace, main=main) for main in (True, False)} - {""}:
        version = profile_for(connection.organization_id, rules, product_type=None).version
        older |= Q(rules=rules) & ~Q(version=version)
    stale = ImageVerdict.unscoped.filter(older, connection=connection, asked_at=None).exclude(verdict="")
    pks = list(stale.order_by("pk").values_list("pk", flat=True)[:most])
    now = timezone.now()
    return ImageVerdict.unscoped.filter(pk__in=pks).update(asked_at=now, asked_by=None, not_before=now)


def _new(product: CatalogProduct, image: CatalogImage, rules: str, by: User | None) -> ImageVerdict:
    return ImageVerdict(
        organization_id=product.organization_id,
        connection_id=product.connection_id,
        product=product,
        key=address_key(image.url),
        rules=rules,
        url=image.url,
        remote_id=image.remote_id,
        asked_at=timezone.now(),
        asked_by=by,
    )


def _version(row: ImageVerdict) -> str:
    return profile_for(row.organization_id, row.rules, product_type=None).version


def forget_old() -> None:
    """For the sweeper: verdicts of images that no product shows any more, long after they were of use."""
    until = timezone.now() - timedelta(days=90)
    old = ImageVerdict.unscoped.filter(product=None, judged_at__lt=until).values_list("pk", flat=True)[:1000]
    ImageVerdict.unscoped.filter(pk__in=list(old)).delete()
