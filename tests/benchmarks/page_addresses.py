"""What people and programs look at in an organization that has much: each page, with its filters and its last page."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import ApiKey, Membership, Team, WebhookDelivery, WebhookEndpoint
from integrations.models import CatalogProduct, Connection, Publication, PublishRun
from processing.models import ComplianceProfile, Job, JobImage, Preset

_END = "newer=00000000-0000-7000-8000-000000000000"
_END_OF_NUMBERS = "newer=0"


def pages(actor: Actor) -> list[str]:
    """Addresses with the ids of what this organization has."""
    of = _Things(actor)
    today, then = timezone.now().date(), timezone.now().date() - timedelta(days=200)
    image, job, product, connection = of.image, of.job, of.product, of.connection
    return [
        "/",
        "/studio/",
        "/review/",
        f"/review/?job={of.batch}",
        "/library/",
        f"/library/?{_END}",
        f"/library/?older={of.middle_image}",
        "/library/?q=IMG_1234_0",
        "/library/?q=jpg",
        "/library/?q=there-is-no-such-thing",
        "/library/?label=Spring+2025+mugs",
        "/library/?preset=amazon-main",
        "/library/?state=doubtful",
        "/library/?state=pending",
        "/library/?state=rejected",
        "/library/?compliance=fail",
        "/library/?compliance=none",
        f"/library/?compliance=fail&{_END}",
        f"/library/?since={then}&until={then + timedelta(days=1)}",
        f"/library/?since={today + timedelta(days=1)}",
        "/library/?versions=all",
        f"/library/{image}/",
        f"/library/{image}/cut/",
        f"/library/{image}/edit/",
        f"/library/{image}/edit/resize/",
        f"/library/{image}/compare/",
        "/jobs/",
        f"/jobs/?{_END}",
        f"/jobs/?older={of.middle_job}",
        "/jobs/?status=failed",
        "/jobs/?status=running",
        f"/jobs/?status=canceled&{_END}",
        "/jobs/?label=Spring+2025+mugs",
        "/jobs/?q=IMG_1234_0",
        "/jobs/?q=mugs",
        "/jobs/?q=there-is-no-such-thing",
        f"/jobs/{job}/",
        f"/jobs/{of.batch}/",
        "/compliance/",
        f"/compliance/?{_END}",
        f"/compliance/{of.check}/",
        "/compliance/profiles/",
        f"/compliance/profiles/{of.profile}/",
        "/catalog/",
        f"/catalog/?{_END}",
        "/catalog/?q=SKU-0000123",
        "/catalog/?q=mug+blue",
        "/catalog/?q=there-is-no-such-thing",
        "/catalog/?state=none",
        "/catalog/?state=few",
        "/catalog/?state=ours",
        "/catalog/?state=fail",
        "/catalog/?status=draft",
        f"/catalog/?connection={connection}",
        f"/catalog/{product}/",
        "/catalog/match/",
        "/integrations/",
        f"/integrations/?{_END}",
        "/integrations/?state=failed",
        "/integrations/?find=SKU-0000123",
        "/integrations/?find=there-is-no-such-thing",
        "/integrations/connect/",
        "/integrations/connect/woocommerce/",
        f"/integrations/{connection}/",
        f"/publish/?image={of.output}",
        f"/publish/?image={of.output}&connection={connection}&q=mug",
        f"/publications/{of.publication}/",
        f"/publications/runs/{of.run}/",
        f"/publications/runs/{of.run}/?state=failed",
        "/presets/",
        "/presets/new/",
        "/presets/recipes/new/",
        f"/presets/{of.preset}/",
        "/providers/",
        "/api-access/",
        "/api-keys/",
        f"/api-keys/{of.key}/",
        "/api-tester/",
        "/webhooks/",
        f"/webhooks/?{_END}",
        "/webhooks/?status=given_up",
        "/webhooks/?type=job.failed",
        "/webhooks/?q=receiver3",
        "/webhooks/?q=there-is-no-such-thing",
        f"/webhooks/?endpoint={of.endpoint}",
        f"/webhooks/{of.endpoint}/",
        f"/webhooks/deliveries/{of.delivery}/",
        "/usage/",
        "/usage/?period=365",
        "/usage/?period=90&label=Spring+2025+mugs",
        "/credits/",
        f"/credits/?{_END_OF_NUMBERS}",
        "/credits/?kind=release",
        f"/credits/?kind=release&{_END_OF_NUMBERS}",
        f"/credits/?from={then}&to={then}",
        "/team/",
        "/team/?q=person",
        f"/team/?{_END_OF_NUMBERS}",
        f"/team/members/{of.membership}/",
        "/team/roles/",
        "/team/invitations/",
        "/team/teams/",
        f"/team/teams/{of.team}/",
        "/approvals/",
        "/audit/",
        f"/audit/?{_END_OF_NUMBERS}",
        "/audit/?who=person+123",
        "/audit/?who=nobody",
        "/audit/?action=job.created",
        "/audit/?action=webhook.",
        f"/audit/?from={then}&to={then}",
        "/settings/",
        "/settings/account/",
        "/settings/organization/",
        "/settings/organization/close/",
        "/settings/security/",
        "/settings/sessions/",
        "/system/",
        "/docs/",
        "/docs/operate/",
    ]


def calls(actor: Actor) -> list[str]:
    """Lists and single things of the API."""
    of = _Things(actor)
    return [
        "/api/v1/jobs",
        "/api/v1/jobs?limit=100",
        "/api/v1/jobs?status=failed",
        "/api/v1/jobs?presetLabel=Spring+2025+mugs",
        f"/api/v1/jobs/{of.job}",
        f"/api/v1/jobs/{of.batch}",
        f"/api/v1/jobs?cursor={of.middle_job}",
        "/api/v1/user/credits",
        "/api/v1/catalog",
        "/api/v1/catalog?q=mug",
        "/api/v1/catalog?sku=SKU-0000123",
        "/api/v1/connections",
        "/api/v1/publications",
        "/api/v1/publications?status=failed",
        "/api/v1/publications?product=SKU-0000123",
        f"/api/v1/publications/{of.publication}",
        "/api/v1/webhooks",
    ]


class _Things:
    """One of each, as late ones as there are: those are what people open."""

    def __init__(self, actor: Actor) -> None:
        library = JobImage.objects.of(actor).filter(in_library=True).order_by("-pk")
        work = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK).order_by("-pk")
        self.batch = work.filter(status="succeeded").order_by("-image_count").values_list("pk", flat=True)[0]
        self.job = work.filter(status="succeeded", image_count=1).values_list("pk", flat=True)[0]
        self.middle_job = work.values_list("pk", flat=True)[work.count() // 2]
        self.middle_image = library.values_list("pk", flat=True)[library.count() // 2]
        self.image, self.output = library.values_list("pk", "output_id")[50]
        self.check = JobImage.objects.of(actor).filter(job__purpose=Job.Purpose.CHECK).order_by("-pk")[0].pk
        self.product = CatalogProduct.objects.of(actor).filter(image_count__gt=1).order_by("-pk")[0].pk
        self.connection = Connection.objects.of(actor).order_by("pk")[0].pk
        self.publication = Publication.objects.of(actor).order_by("-pk")[0].pk
        self.run = PublishRun.objects.of(actor).order_by("-pk")[0].pk
        self.profile = ComplianceProfile.objects.of(actor).order_by("-pk")[0].pk
        self.preset = Preset.objects.of(actor).order_by("-pk")[0].pk
        self.key = ApiKey.objects.of(actor).order_by("-pk")[0].pk
        self.endpoint = WebhookEndpoint.objects.of(actor).order_by("-pk")[0].pk
        self.delivery = WebhookDelivery.objects.of(actor).order_by("-pk")[0].pk
        self.membership = Membership.objects.of(actor).order_by("-pk")[0].pk
        self.team = Team.objects.of(actor).order_by("-pk")[0].pk
