"""One row of everything that an address can name, in one organization: what strangers must not find."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.access.actor import Actor
from accounts.actions.api_keys import create_api_key
from accounts.models import Approval, Invitation, Membership, Team, WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.models import CatalogImage, CatalogProduct, Publication, PublishRun
from processing.models import Asset, ClientReview, ComplianceProfile, FaceSwapAccount, Job, JobImage, Preset, Status
from tests.support.catalog import product, stocked
from tests.support.finished import Photo, job_of


def one_of_each(owner: Actor, other: Actor) -> dict[str, str]:
    """What stands for each name in the addresses of `dashboard/urls.py` and the API. `other`: another member."""
    organization = owner.organization
    job = job_of(owner, Photo())
    image = JobImage.unscoped.select_related("output").get(job=job)
    assert image.output is not None
    connection = stocked(owner, product(1, "MUG-1", images=("http://127.0.0.1:9/1.jpg",)))
    run = PublishRun.unscoped.create(organization=organization, connection=connection, name="Run", size=1)
    publication = Publication.unscoped.create(
        organization=organization, connection=connection, run=run, product="1", slot="main", image=image.output,
        filename="mug.jpg", sha256=image.output.blob.sha256, status=Publication.Status.FAILED, dry_run=False,
        sandbox=False,
    )  # fmt: skip
    endpoint = WebhookEndpoint.unscoped.create(organization=organization, url="https://example.com/hook", events=["*"])
    event = WebhookEvent.unscoped.create(organization=organization, type="job.succeeded", body="{}")
    delivery = WebhookDelivery.unscoped.create(
        organization=organization, event=event, endpoint=endpoint, url=endpoint.url, host="example.com",
        next_try_at=None,
    )  # fmt: skip
    check = Job.unscoped.create(
        organization=organization, purpose=Job.Purpose.CHECK, operation="compliance", status=Status.SUCCEEDED,
        parameters={"profiles": ["woocommerce/main"], "asOf": "2026-01-01"}, created_by=owner.user,
    )  # fmt: skip
    checked = JobImage.unscoped.create(
        organization=organization, job=check, index=0, name="mug.jpg", source=image.source, status=Status.FAILED,
        error={"code": "invalid_image", "detail": "This is no image."},
    )  # fmt: skip
    preset = Preset.unscoped.create(organization=organization, slug="own", title="Own", parameters={})
    recipe = Preset.unscoped.create(
        organization=organization, slug="recipe", title="Recipe", operation="recipe", parameters={"steps": []}
    )
    profile = ComplianceProfile.unscoped.create(
        organization=organization, slug="ours", title="Ours", marketplace="woocommerce", slot="main"
    )
    key, _ = create_api_key(owner, name="Theirs", scopes=["*"])
    approval = Approval.unscoped.create(
        organization=organization, kind=Approval.Kind.JOB, target_id=uuid.uuid4(), title="A job",
        expires_at=timezone.now() + timedelta(days=1), asked_by=other.user,
    )  # fmt: skip
    invitation = Invitation.unscoped.create(
        organization=organization, email="dora@example.com", role="viewer", digest="d",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    team = Team.unscoped.create(organization=organization, name="EU shop")
    review = ClientReview.unscoped.create(
        organization=organization, title="Mugs", digest="r", created_by=owner.user,
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    account = FaceSwapAccount.unscoped.create(
        organization=organization, channel="123456", server="654321", token="sealed", digest="x"
    )
    return {
        "job_id": str(job.pk),
        "image_id": str(image.pk),
        "asset_id": str(image.output.pk),
        "file_id": str(Asset.unscoped.filter(organization=organization, kind=Asset.Kind.UPLOAD).first().pk),  # type: ignore[union-attr]
        "connection_id": str(connection.pk),
        "product_id": str(CatalogProduct.unscoped.get(connection=connection).pk),
        "int:image_id": str(CatalogImage.unscoped.filter(product__connection=connection).first().pk),  # type: ignore[union-attr]
        "run_id": str(run.pk),
        "publication_id": str(publication.pk),
        "endpoint_id": str(endpoint.pk),
        "webhook_id": str(endpoint.pk),
        "delivery_id": str(delivery.pk),
        "check_id": str(checked.pk),
        "preset_id": str(preset.pk),
        "recipe_id": str(recipe.pk),
        "profile_id": str(profile.pk),
        "key_id": str(key.pk),
        "approval_id": str(approval.pk),
        "invitation_id": str(invitation.pk),
        "team_id": str(team.pk),
        "membership_id": str(Membership.unscoped.get(organization=organization, user=other.user).pk),
        "review_id": str(review.pk),
        "mark": "nothing",
        "logo_id": "01900000-0000-7000-8000-00000000dead",
        "channel": account.channel,
        "side": "320",
        "operation": "resize",
        "marketplace": "woocommerce",
        "slug": "security",
        "form": "json",
        "extension": "png",
        "token": "not-a-token",
        "key": "nothing",
        "uidb36": "1",
        "pk": "1",
        "provider_id": "sso",
        "path": "nothing",
    }
