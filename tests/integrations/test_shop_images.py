"""Images of shops are judged by the rules of their marketplace: once for each address, low in rank, for nothing."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.kit.errors import NotFound, NotPermitted
from accounts.models import AuditEntry, LedgerEntry, Organization
from integrations.actions.catalog_rows import Reading, store
from integrations.actions.shop_images import ask, judge
from integrations.models import CatalogPicture, CatalogProduct, Connection, ImageVerdict
from integrations.queries.catalog import products
from processing.models import Job, JobImage
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.picture_host import PictureHost

pytestmark = pytest.mark.django_db


def picture(size: int, backdrop: str = "white") -> bytes:
    """A dark square on a backdrop."""
    buffer = io.BytesIO()
    image = Image.new("RGB", (size, size), backdrop)
    image.paste("#234", (size // 20, size // 20, size - size // 20, size - size // 20))
    image.save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@pytest.fixture
def host(pictures: PictureHost) -> PictureHost:
    for name, data in (("good", picture(1200)), ("small", picture(200)), ("other", picture(1300))):
        pictures.files[f"/{name}.jpg"] = data
    pictures.files["/broken.jpg"] = b"no picture"
    return pictures


def shop(cast: Cast, host: PictureHost, *names: str, marketplace: str = "amazon") -> Connection:
    """One product with these images, and one without any."""
    images = tuple(f"{host.address}/{name}.jpg" for name in names)
    row = stocked(cast.bob, product(1, "A", images=images), product(2, "B"), marketplace=marketplace)
    Connection.unscoped.filter(pk=row.pk).update(calls_per_minute=6000)
    return row


def one() -> CatalogProduct:
    return CatalogProduct.unscoped.get(remote_id="1")


def found(cast: Cast, state: str) -> list[str]:
    return sorted(products(cast.bob, state=state).values_list("remote_id", flat=True))


def checked(cast: Cast, row: Connection) -> CatalogProduct:
    ask.check_products(cast.bob, product_ids=[one().pk])
    judge.work(row.pk)
    return one()


def test_a_product_is_what_its_worst_image_is(cast: Cast, host: PictureHost) -> None:
    row = shop(cast, host, "good", "small")
    assert (found(cast, "unchecked"), found(cast, "breaks")) == (["1"], [])
    assert checked(cast, row).verdict == "fail"
    assert (found(cast, "unchecked"), found(cast, "breaks"), found(cast, "passes")) == ([], ["1"], [])
    small = ImageVerdict.unscoped.get(url__endswith="small.jpg")
    assert (small.verdict, small.rules, small.asked_at) == ("fail", "amazon/additional", None)
    assert {each["status"] for each in small.findings} <= {"fail", "warn"}
    assert small.findings
    assert CatalogPicture.unscoped.filter(fetched_at__isnull=False).count() == 2, "the small copy is kept on the way"
    assert not LedgerEntry.unscoped.filter(organization=cast.bob.organization, amount__lt=0).exists()
    assert AuditEntry.unscoped.get(action="catalog.check_asked").details["images"] == 2


def test_what_has_not_changed_is_not_fetched_again(cast: Cast, host: PictureHost) -> None:
    row = shop(cast, host, "good")
    checked(cast, row)
    assert len(host.fetched) == 1
    assert ask.check_products(cast.bob, product_ids=[one().pk]) == 0
    judge.work(row.pk)
    assert len(host.fetched) == 1
    before = one().verdict
    assert before in ("pass", "warn")

    def read(*names: str) -> None:
        images = tuple(f"{host.address}/{name}.jpg" for name in names)
        reading = Reading(row.organization_id, row.pk, one().seen_in, timezone.now())
        store(reading, [product(1, "A", images=images)])

    read("good", "small")  # a sync has seen another image
    assert one().verdict == ""
    read("good")
    assert one().verdict == before
    ImageVerdict.unscoped.update(version="older")
    assert ask.check_products(cast.bob, product_ids=[one().pk]) == 1


def test_what_cannot_be_had_says_why_and_is_left_for_a_while(cast: Cast, host: PictureHost, settings: Settings) -> None:
    row = shop(cast, host, "good", "gone", "broken")
    assert checked(cast, row).verdict == ""
    troubled = ImageVerdict.unscoped.filter(verdict="")
    assert [bool(each.problem) for each in troubled] == [True, True]
    assert all(each.not_before > timezone.now() and each.asked_at is None for each in troubled)
    assert ask.plan_night(Connection.unscoped.select_related("organization").get(pk=row.pk)) == 0
    settings.OUTBOUND_ALLOWED_HOSTS = []  # the guard holds here too
    ImageVerdict.unscoped.update(verdict="", asked_at=timezone.now(), not_before=timezone.now())
    asked = len(host.fetched)
    judge.work(row.pk)
    assert len(host.fetched) == asked


def test_some_of_each_night_and_photos_of_people_go_first(cast: Cast, host: PictureHost, settings: Settings) -> None:
    settings.CATALOG_CHECKS_A_NIGHT = 2
    row = shop(cast, host, "good", "small", "other")
    row = Connection.unscoped.select_related("organization").get(pk=row.pk)
    assert ask.plan_night(row) == 2
    job = Job.unscoped.create(organization=cast.bob.organization, operation="process")
    waiting = JobImage.unscoped.create(organization=cast.bob.organization, job=job, index=0)
    judge.work(row.pk)
    assert host.fetched == []
    ask.check_products(cast.bob, product_ids=[one().pk])  # somebody looks at it: that is not held up
    judge.work(row.pk)
    assert len(host.fetched) == 3
    waiting.delete()
    assert ask.plan_night(row) == 0
    ImageVerdict.unscoped.update(version="older")
    assert ask.plan_night(row) == 2
    for held in ({"closes_at": timezone.now() + timedelta(days=1)}, {"closes_at": None}):
        Organization.objects.update(**held)
        judge.work(row.pk)
        assert (len(host.fetched) == 3) == (held["closes_at"] is not None)
    settings.CATALOG_CHECKS_A_NIGHT = 0
    assert ask.plan_night(row) == 0


def test_who_may_ask(cast: Cast, host: PictureHost) -> None:
    shop(cast, host, "good")
    with pytest.raises(NotPermitted):
        ask.check_products(cast.victor, product_ids=[one().pk])
    with pytest.raises(NotFound):
        ask.check_products(cast.charlie, product_ids=[one().pk])
    assert not ImageVerdict.unscoped.exists()
    assert not AuditEntry.unscoped.filter(action="catalog.check_asked").exists()
