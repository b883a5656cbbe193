"""One of everything that an address can name, in an organization that has much: as late ones as there are, for those
are what people open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Model, QuerySet
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.models import ApiKey, Membership, Team, WebhookDelivery, WebhookEndpoint
from integrations.models import CatalogProduct, Connection, Publication, PublishRun
from processing.actions.client_reviews import ask_for_review
from processing.models import ClientReview, ComplianceProfile, Job, JobImage, Preset

_Rows = Callable[[Actor], QuerySet[Model]]
# By what addresses call it: the latest of these rows.
_LATEST: dict[str, _Rows] = {
    "check_id": lambda actor: JobImage.objects.of(actor).filter(job__purpose=Job.Purpose.CHECK),
    "profile_id": lambda actor: ComplianceProfile.objects.of(actor),
    "product_id": lambda actor: CatalogProduct.objects.of(actor).filter(image_count__gt=1),
    "run_id": lambda actor: PublishRun.objects.of(actor),
    "publication_id": lambda actor: Publication.objects.of(actor),
    "preset_id": lambda actor: Preset.objects.of(actor).filter(operation="process"),
    "recipe_id": lambda actor: Preset.objects.of(actor).filter(operation="recipe"),
    "review_id": lambda actor: ClientReview.objects.of(actor),
    "key_id": lambda actor: ApiKey.objects.of(actor),
    "endpoint_id": lambda actor: WebhookEndpoint.objects.of(actor),
    "webhook_id": lambda actor: WebhookEndpoint.objects.of(actor),
    "delivery_id": lambda actor: WebhookDelivery.objects.of(actor),
    "membership_id": lambda actor: Membership.objects.of(actor),
    "team_id": lambda actor: Team.objects.of(actor),
}
_WORDS = {"operation": "resize", "marketplace": "woocommerce", "slug": "operate", "form": "json"}
# Found below, for filters need them too; the token is a client review's.
_OTHERS = {"job_id", "image_id", "connection_id", "token"}
NAMES = {*_LATEST, *_WORDS, *_OTHERS}


class Things:
    """`ids`: by what addresses call them. The rest is for filters."""

    def __init__(self, actor: Actor) -> None:
        library = JobImage.objects.of(actor).filter(in_library=True).order_by("-pk")
        work = Job.objects.of(actor).filter(purpose=Job.Purpose.WORK).order_by("-pk")
        self.batch = work.filter(status="succeeded").order_by("-image_count").values_list("pk", flat=True)[0]
        self.job = work.filter(status="succeeded", image_count=1).values_list("pk", flat=True)[0]
        self.middle_job = work.values_list("pk", flat=True)[work.count() // 2]
        self.middle_image = library.values_list("pk", flat=True)[library.count() // 2]
        self.image, self.output = library.values_list("pk", "output_id")[50]
        # The first shop has most of the products.
        self.connection = Connection.objects.of(actor).order_by("pk")[0].pk
        self.today = timezone.now().date()
        self.then, self.a_year_ago = self.today - timedelta(days=200), self.today - timedelta(days=364)
        outputs = list(library.values_list("output_id", flat=True)[:50])
        _, token = ask_for_review(actor, asset_ids=outputs, title="Measured")
        found = {"job_id": self.job, "image_id": self.image, "connection_id": self.connection, "token": token}
        found |= {name: rows(actor).order_by("-pk")[0].pk for name, rows in _LATEST.items()}
        self.ids = _WORDS | {name: str(row_id) for name, row_id in found.items()}
