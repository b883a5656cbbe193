"""The front door of publications: what is taken, what is refused, and that a refusal leaves nothing behind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access.actor import Actor, MissingPermission
from accounts.access.credentials import actor_for_key
from accounts.actions.api_keys import create_api_key
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from accounts.kit.paging import COUNT_UP_TO
from accounts.models import AuditEntry
from integrations.actions.connections import disconnect
from integrations.actions.publish import ComplianceFailed, Wanted, again, publish, revert
from integrations.models import Connection, Publication, PublicationAttempt
from integrations.queries.publications import PublicationFilter, attempts, publications
from processing.actions.assets import delete_asset, save_upload
from processing.models import Asset, Job, JobImage
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import Shop, shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        running.add(1, images=2, variants=2)
        yield running


@pytest.fixture
def image(cast: Cast) -> Asset:
    return save_upload(cast.bob, data=product_photo(), name="mug.jpg")


def test_it_is_queued_with_what_it_was_asked(cast: Cast, row: Connection, wanted: Wanted, image: Asset) -> None:
    made = publish(cast.bob, wanted=replace(wanted, variant="1001"))
    made = Publication.unscoped.get(pk=made.pk)
    assert (made.status, made.task, made.product, made.variant, made.slot) == (
        "queued", "publish", "1", "1001", "main",
    )  # fmt: skip
    assert (made.title, made.sku, made.filename) == ("Product 1, v1", "SKU-001-1", "mug.jpg")
    assert made.created_by == cast.bob.user
    entry = AuditEntry.unscoped.get(action="publication.made")
    assert entry.details["image"] == "mug.jpg"
    assert list(publications(cast.victor)) == [made]
    assert not publications(cast.charlie).exists()


def test_its_image_outlives_the_file(cast: Cast, wanted: Wanted, image: Asset) -> None:
    Asset.unscoped.filter(pk=image.pk).update(expires_at=timezone.now() + timedelta(minutes=1))
    made = publish(cast.bob, wanted=wanted)
    delete_asset(cast.bob, asset_id=image.pk)
    made.refresh_from_db()
    assert made.image is None
    assert made.sent_image is not None
    assert made.sent_image.expires_at is None
    assert made.sent_image.blob.sha256 == made.sha256


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"image_id": uuid.uuid4()}, NotFound, "fileId"),
        ({"connection_id": uuid.uuid4()}, NotFound, None),
        ({"product": "2"}, NotFound, "productId"),
        ({"product": ""}, NotFound, "productId"),
        ({"variant": "9"}, NotFound, "variantId"),
        ({"variant": "1001", "slot": "2"}, InvalidInput, "slot"),
        ({"slot": "1"}, InvalidInput, "slot"),
        ({"slot": "02"}, InvalidInput, "slot"),
        ({"slot": "٢"}, InvalidInput, "slot"),
        ({"slot": "swatch"}, InvalidInput, "slot"),
        ({"slot": "101"}, InvalidInput, "slot"),
        ({"slot": ""}, InvalidInput, "slot"),
        ({"override_reason": "x" * 501}, InvalidInput, "overrideReason"),
        ({"job_id": uuid.uuid4()}, NotFound, "jobId"),
    ],
)
def test_what_is_refused(
    cast: Cast, wanted: Wanted, change: dict[str, object], error: type[NotFound | InvalidInput], field: str | None
) -> None:
    with pytest.raises(error) as refused:
        publish(cast.bob, wanted=replace(wanted, **change))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Publication.unscoped.exists()
    assert not Asset.unscoped.filter(kind="kept").exists()


def test_who_may(cast: Cast, wanted: Wanted) -> None:
    with pytest.raises(MissingPermission):
        publish(cast.victor, wanted=wanted)
    with pytest.raises(NotFound):
        publish(cast.charlie, wanted=wanted)
    Connection.unscoped.update(shared=False, maker=cast.alice.user)
    with pytest.raises(NotFound):
        publish(cast.bob, wanted=wanted)
    assert not Publication.unscoped.exists()


def test_a_key_needs_no_other_scope(cast: Cast, wanted: Wanted) -> None:
    actor = actor_for_key(cast.key(cast.alice, "publish:write"))
    made = publish(actor, wanted=wanted)
    assert made.api_key == actor.api_key
    revert(actor, publication_id=made.pk)
    with pytest.raises(MissingPermission):
        publications(actor)


def test_one_open_publication_for_a_place(cast: Cast, wanted: Wanted) -> None:
    publish(cast.bob, wanted=wanted)
    with pytest.raises(Conflict):
        publish(cast.alice, wanted=wanted)
    publish(cast.bob, wanted=replace(wanted, slot="2"))
    publish(cast.bob, wanted=replace(wanted, variant="1001"))
    publish(cast.bob, wanted=replace(wanted, dry_run=True))
    assert Publication.unscoped.count() == 4
    assert Asset.unscoped.filter(kind="kept").count() == 4


def test_a_failed_verdict_needs_a_reason(cast: Cast, wanted: Wanted, image: Asset) -> None:
    judged(image, cast.bob, "fail")
    with pytest.raises(ComplianceFailed) as refused:
        publish(cast.bob, wanted=wanted)
    assert refused.value.status == 409
    assert [(each.field, each.detail) for each in refused.value.errors] == [
        ("overrideReason", "Size: It is too small.")
    ]
    assert not Publication.unscoped.exists()
    made = publish(cast.bob, wanted=replace(wanted, override_reason=" The buyer  wants it. "))
    assert (made.verdict, made.override_reason) == ("fail", "The buyer wants it.")
    entry = AuditEntry.unscoped.get(action="publication.overridden")
    assert (entry.details["reason"], entry.details["verdict"]) == ("The buyer wants it.", "fail")
    # Another place has other rules, by which it has not been judged yet.
    assert publish(cast.bob, wanted=replace(wanted, slot="2")).verdict == ""


def test_a_verdict_of_other_rules_is_none(cast: Cast, wanted: Wanted, image: Asset) -> None:
    judged(image, cast.bob, "fail")
    found = JobImage.unscoped.get()
    assert found.report is not None
    found.report["reports"]["woocommerce/main"]["profileVersion"] = "of last year"
    found.save(update_fields=["report"])
    assert publish(cast.bob, wanted=wanted).verdict == ""


def test_a_watermarked_image_is_for_test_keys_alone(cast: Cast, wanted: Wanted, image: Asset) -> None:
    job = Job.unscoped.create(organization=cast.bob.organization, operation="process", sandbox=True)
    JobImage.unscoped.create(organization=cast.bob.organization, job=job, index=0, output=image)
    with pytest.raises(InvalidInput) as refused:
        publish(cast.bob, wanted=wanted)
    assert refused.value.field == "fileId"
    key = create_api_key(cast.alice, name="Test", scopes=["*"], sandbox=True)[1]
    made = publish(actor_for_key(key), wanted=wanted)
    assert made.sandbox
    assert made.job == job


def test_a_broken_shop_is_not_published_to(cast: Cast, wanted: Wanted) -> None:
    Connection.unscoped.update(
        status="broken", problem={"code": "x", "detail": "The key was deleted.", "blame": "shop"}
    )
    with pytest.raises(Conflict, match="The key was deleted"):
        publish(cast.bob, wanted=wanted)
    assert not Publication.unscoped.exists()


def test_what_was_never_sent_is_taken_back_at_once(cast: Cast, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    assert revert(cast.alice, publication_id=made.pk).status == "reverted"
    with pytest.raises(Conflict):
        revert(cast.alice, publication_id=made.pk)
    assert AuditEntry.unscoped.filter(action="publication.reverted").count() == 1
    publish(cast.bob, wanted=wanted)


def test_what_is_being_sent_is_not_taken_back_meanwhile(cast: Cast, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    Publication.unscoped.update(status="sending", attempt=1, lease_until=timezone.now() + timedelta(minutes=1))
    with pytest.raises(Conflict):
        revert(cast.bob, publication_id=made.pk)
    assert not AuditEntry.unscoped.filter(action="publication.reverted").exists()


def test_putting_back_what_changed_nothing(cast: Cast, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    Publication.unscoped.update(status="rejected", before={"image": None, "gallery": [], "shared_with": None})
    with pytest.raises(Conflict):
        revert(cast.bob, publication_id=made.pk)
    Publication.unscoped.update(status="confirmed", dry_run=True)
    with pytest.raises(Conflict):
        revert(cast.bob, publication_id=made.pk)


def test_once_more(cast: Cast, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    with pytest.raises(Conflict):
        again(cast.bob, publication_id=made.pk)
    Publication.unscoped.update(status="rejected", memory={"media": "9"}, before={"image": None}, verdict="fail")
    retried = again(cast.alice, publication_id=made.pk, override_reason="It must.")
    assert (retried.status, retried.memory, retried.before, retried.verdict) == ("queued", {}, None, "")
    assert retried.override_reason == "It must."
    # What a failed one may have left in the shop is known to the next try.
    Publication.unscoped.update(status="failed", memory={"media": "9"}, before={"image": None})
    retried = again(cast.alice, publication_id=made.pk)
    assert (retried.memory, retried.before) == ({"media": "9"}, {"image": None})
    Publication.unscoped.update(status="failed")
    publish(cast.bob, wanted=wanted)
    with pytest.raises(Conflict):
        again(cast.alice, publication_id=made.pk)


def test_a_stranger_and_a_viewer_change_nothing(cast: Cast, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    for act in (again, revert):
        with pytest.raises(NotFound):
            act(cast.charlie, publication_id=made.pk)
        with pytest.raises(MissingPermission):
            act(cast.victor, publication_id=made.pk)
    made.refresh_from_db()
    assert made.status == "queued"


def test_history_stays_after_disconnecting(cast: Cast, row: Connection, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    disconnect(cast.bob, connection_id=row.pk)
    assert [each.pk for each in publications(cast.victor)] == [made.pk]
    with pytest.raises(Conflict):
        revert(cast.bob, publication_id=made.pk)


def test_the_activity_is_filtered(cast: Cast, row: Connection, wanted: Wanted) -> None:
    made = publish(cast.bob, wanted=wanted)
    other = publish(cast.alice, wanted=replace(wanted, slot="2"))
    assert cast.alice.user is not None

    def found(**asked: str) -> list[uuid.UUID]:
        return [each.pk for each in publications(cast.victor, PublicationFilter(**asked))]

    assert found() == [other.pk, made.pk]
    assert found(actor=str(cast.alice.user.pk)) == [other.pk]
    assert found(connection=str(row.pk), state="queued", product="sku-001") == [other.pk, made.pk]
    assert found(product="1") == [other.pk, made.pk]
    assert found(product="Teapot") == found(state="failed") == found(actor=str(uuid.uuid4())) == []
    assert list(attempts(cast.victor, PublicationFilter(run=str(uuid.uuid4())))) == []
    for nonsense in ({"connection": "x"}, {"state": "x"}, {"actor": "x"}, {"run": "x"}):
        with pytest.raises(InvalidInput):
            found(**nonsense)


def test_tries_are_found_among_few_and_among_very_many(cast: Cast, row: Connection) -> None:
    most = COUNT_UP_TO + 1 + COUNT_UP_TO // 1000 + 1
    rows = [
        Publication(
            organization=row.organization, connection=row, product=str(number), slot="main", filename="mug.jpg",
            sha256="0" * 64, status="failed" if number % 1000 == 0 else "confirmed",
        )
        for number in range(most)
    ]  # fmt: skip
    Publication.unscoped.bulk_create(rows)
    tried = [
        PublicationAttempt.unscoped.create(
            organization=row.organization, publication=made, number=1, task="publish", outcome=made.status
        )
        for made in (rows[-1], rows[1000], rows[1], rows[0])  # not in the order of their publications
    ]

    def found(actor: Actor, **asked: str) -> list[object]:
        return [each.pk for each in attempts(actor, PublicationFilter(**asked))]

    assert found(cast.victor, state="failed") == [tried[3].pk, tried[1].pk]
    assert found(cast.victor, state="confirmed") == [tried[2].pk, tried[0].pk]
    assert found(cast.victor, product="1000") == [tried[1].pk]
    assert found(cast.victor) == [each.pk for each in reversed(tried)]
    assert found(cast.charlie, state="failed") == found(cast.charlie, state="confirmed") == []
