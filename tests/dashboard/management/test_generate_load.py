"""A year of work is made by the database itself, and only where it harms nobody."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum

from accounts.models import ApiKey, AuditEntry, LedgerEntry, Membership, Organization, UsageDay, WebhookDelivery
from integrations.models import CatalogImage, CatalogProduct, Publication
from processing.models import Job, JobImage
from tests.benchmarks.page_routes import walk
from tests.benchmarks.page_things import Things
from tests.benchmarks.page_visitor import Visitor
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

pytestmark = pytest.mark.django_db
FEW = ["--jobs", "300", "--products", "200", "--members", "12", "--days", "40"]
postgresql_alone = pytest.mark.skipif(connection.vendor != "postgresql", reason="the command is for PostgreSQL")


@pytest.mark.skipif(connection.vendor == "postgresql", reason="there it works")
def test_another_database_is_refused() -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("generate_load")


@postgresql_alone
def test_a_database_that_is_used_is_refused(cast: Cast) -> None:
    job_of(cast.bob, Photo())
    with pytest.raises(CommandError, match="--beside"):
        call_command("generate_load", *FEW)
    with pytest.raises(CommandError, match="--jobs"):
        call_command("generate_load", "--beside", "--jobs", "0")
    assert Organization.objects.filter(name="Load").count() == 0


@pytest.mark.django_db(transaction=True)
@postgresql_alone
def test_what_is_made_fits_together_and_its_pages_open(cast: Cast) -> None:
    job_of(cast.bob, Photo())
    call_command("generate_load", *FEW, "--beside")
    organization = Organization.objects.get(name="Load")
    mine = {"organization": organization}
    assert Job.unscoped.filter(**mine, purpose="work").count() == 300
    assert sum(Job.unscoped.filter(**mine, purpose="work").values_list("image_count", flat=True)) == (
        JobImage.unscoped.filter(**mine, job__purpose="work").count()
    )
    assert CatalogProduct.unscoped.filter(**mine).count() == 200
    assert CatalogImage.unscoped.filter(product__organization=organization).count() > 200
    assert Publication.unscoped.filter(**mine, run__isnull=False).count() == 40
    published = confirmed_verdicts(organization)
    assert published
    assert dict(CatalogProduct.unscoped.filter(**mine).exclude(ours="").values_list("remote_id", "ours")) == published
    assert Membership.unscoped.filter(**mine).count() == 12
    assert ApiKey.unscoped.filter(**mine).exists()
    assert UsageDay.unscoped.filter(**mine).exists()
    assert AuditEntry.unscoped.filter(**mine).count() > 300
    assert WebhookDelivery.unscoped.filter(**mine, event__organization=organization).count() == 150
    ledger = LedgerEntry.unscoped.filter(**mine)
    assert organization.credit_balance == ledger.aggregate(sum=Sum("amount"))["sum"]
    assert organization.credit_balance == ledger.latest("pk").balance_after
    with connection.cursor() as cursor:  # the foreign keys, which were not looked up while it was made
        cursor.execute("SELECT count(*) FROM processing_jobimage i LEFT JOIN processing_asset a ON a.id = i.source_id "
                       "WHERE i.source_id IS NOT NULL AND a.id IS NULL")  # fmt: skip
        assert cursor.fetchone() == (0,)
    visitor = Visitor("load@load.example")
    bad = {path: status for path in walk(Things(visitor.actor)) if (status := visitor.ask(path)) != 200}
    assert bad.pop("/metrics") == 404, "off without a token"
    assert not bad


def confirmed_verdicts(organization: Organization) -> dict[str, str]:
    """By product, as the catalog would find them."""
    confirmed = Publication.unscoped.filter(organization=organization, status="confirmed")
    return dict(confirmed.order_by("pk").values_list("product", "verdict"))
