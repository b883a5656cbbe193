"""All of one's organizations on one page, and what each of them needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.models import Approval, Membership, Organization
from integrations.models import Connection, PublishRun
from processing.models import Job, Status
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def others(cast: Cast, count: int, role: Role = Role.OWNER) -> list[Organization]:
    """So many more organizations of Bob's, each with something of every kind that needs somebody."""
    assert cast.bob.user
    assert cast.alice.user
    before = Organization.objects.count()
    made = Organization.objects.bulk_create(
        Organization(name=f"Shop {before + n:03}", slug=f"shop-{before + n}", credit_balance=3) for n in range(count)
    )
    Membership.unscoped.bulk_create(Membership(organization=each, user=cast.bob.user, role=role) for each in made)
    now = timezone.now()
    shops = Connection.unscoped.bulk_create(
        Connection(organization=each, marketplace="shopify", name="S", address=f"{each.slug}.example", shared=True,
                   status=Connection.Status.BROKEN)
        for each in made
    )  # fmt: skip
    PublishRun.unscoped.bulk_create(
        PublishRun(organization=shop.organization, connection=shop, name="Spring", size=3, status="stopped")
        for shop in shops
    )
    Job.unscoped.bulk_create(
        Job(organization=each, operation="process", status=status, finished_at=now)
        for each in made
        for status in (Status.FAILED, Status.RUNNING)
    )
    for each in made:
        Approval.unscoped.create(
            organization=each, kind="job", target_id=each.pk, title="T", asked_by=cast.alice.user,
            expires_at=now + timedelta(days=1),
        )  # fmt: skip
    return made


def test_each_organization_says_what_needs_somebody_and_leads_there(cast: Cast, as_: As) -> None:
    bob = as_(cast.bob)
    assert bob.get("/organizations/")["Location"] == "/", "one alone has its Home"
    assert "All your organizations" not in bob.get("/presets/").content.decode()
    (there,) = others(cast, 1)
    assert "All your organizations" in bob.get("/presets/").content.decode()
    page = bob.get("/organizations/").content.decode()
    for words in ("1 not connected", "1 to decide", "1 job", "1 run waits", "3 left"):
        assert words in page, words
    assert page.rindex('title="Shop') < page.rindex('title="Alice'), "what needs somebody stands first"
    answer = bob.post("/organizations/switch/", {"organization": str(there.pk), "next": "/jobs/?status=failed"})
    assert answer["Location"] == "/jobs/?status=failed"
    assert "Shop 0" in bob.get("/").content.decode()


def test_the_switcher_counts_the_rest_in_languages_with_many_plurals_too(cast: Cast, as_: As) -> None:
    others(cast, 22)
    bob = as_(cast.bob)
    for language in ("en", "pl"):
        with translation.override(language):
            assert "All your organizations: 3 more" in bob.get("/presets/").content.decode()


def test_it_shows_no_more_than_one_sees_there(cast: Cast, as_: As) -> None:
    assert cast.alice.user
    (there,) = others(cast, 1, Role.VIEWER)
    Connection.unscoped.update(shared=False, maker=cast.alice.user)
    Approval.unscoped.update(asked_by=cast.bob.user)
    bob = as_(cast.bob)
    page = bob.get("/organizations/").content.decode()
    for words in ("not connected", "to decide", "run waits"):
        assert words not in page, words
    assert "1 job" in page
    Organization.objects.filter(pk=there.pk).update(two_factor_required=True)
    page = bob.get("/organizations/").content.decode()
    assert "It asks for two-factor authentication" in page
    assert "1 job" not in page


def test_fifty_cost_as_many_queries_as_two(cast: Cast, as_: As) -> None:
    bob = as_(cast.bob)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert bob.get("/organizations/").status_code == 200
        return len(found)

    others(cast, 1)
    queries()
    few = queries()
    others(cast, 48)
    assert queries() == few
