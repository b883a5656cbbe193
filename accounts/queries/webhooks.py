"""Webhook endpoints with their health, and deliveries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from accounts.models import WebhookDelivery, WebhookEndpoint

HEALTH_DAYS = 7
# What is chosen to see the calls to the webhookUrl of jobs.
OF_JOBS = "jobs"
_Status = WebhookDelivery.Status


@dataclass(frozen=True, slots=True)
class Health:
    """Of the last 7 days. `ended`: deliveries that arrived or were tried without success."""

    succeeded: int = 0
    ended: int = 0
    last: object = None

    @property
    def percent(self) -> int | None:
        """Whole numbers; 100 only when nothing failed."""
        return 100 * self.succeeded // self.ended if self.ended else None


def endpoints(actor: Actor) -> QuerySet[WebhookEndpoint]:
    """The organization's endpoints, the oldest first."""
    actor.require(Permission.WEBHOOKS_WRITE)
    return WebhookEndpoint.objects.of(actor).filter(deleted_at=None).order_by("pk")


def endpoint(actor: Actor, endpoint_id: uuid.UUID) -> WebhookEndpoint:
    """Raises NotFound."""
    found = endpoints(actor).select_related("created_by").filter(pk=endpoint_id).first()
    if found is None:
        raise NotFound(gettext("There is no such webhook endpoint."))
    return found


def health(actor: Actor, of: Sequence[WebhookEndpoint]) -> dict[uuid.UUID, Health]:
    """In two queries, for each of these endpoints."""
    actor.require(Permission.WEBHOOKS_WRITE)
    since = timezone.now() - timedelta(days=HEALTH_DAYS)
    rows = (
        WebhookDelivery.objects.of(actor)
        .filter(endpoint__in=of, last_try_at__gte=since)
        .values("endpoint_id")
        .annotate(
            succeeded=Count("endpoint", filter=Q(status=_Status.SUCCEEDED)),
            ended=Count("endpoint", filter=~Q(status=_Status.WAITING)),
        )
        .order_by()
    )
    counted = {row["endpoint_id"]: (row["succeeded"], row["ended"]) for row in rows}
    tried = WebhookDelivery.unscoped.filter(endpoint=OuterRef("pk"), last_try_at__isnull=False).order_by("-last_try_at")
    last = WebhookEndpoint.objects.of(actor).filter(pk__in=[each.pk for each in of])
    latest = dict(last.annotate(last=Subquery(tried.values("last_try_at")[:1])).values_list("pk", "last"))
    return {each.pk: Health(*counted.get(each.pk, (0, 0)), latest.get(each.pk)) for each in of}


def deliveries(
    actor: Actor, *, to: str = "", status: str = "", event_type: str = "", search: str = ""
) -> QuerySet[WebhookDelivery]:
    """With their events and endpoints. `to`: an endpoint's id, or `jobs`. Raises InvalidInput for what is neither."""
    actor.require(Permission.WEBHOOKS_WRITE)
    found = WebhookDelivery.objects.of(actor).select_related("event", "endpoint")
    if to == OF_JOBS:
        found = found.filter(endpoint=None)
    elif to:
        found = found.filter(endpoint_id=_uuid(to, "endpoint"))
    if status:
        if status not in _Status.values:
            raise InvalidInput(
                gettext("The status is one of {values}.").format(values=", ".join(_Status.values)), field="status"
            )
        found = found.filter(status=status)
    if event_type:
        found = found.filter(event__type=event_type)
    if search:
        found = found.filter(_named(search))
    return found


def delivery(actor: Actor, delivery_id: uuid.UUID) -> WebhookDelivery:
    """With its event, endpoint and tries. Raises NotFound."""
    found = deliveries(actor).filter(pk=delivery_id).prefetch_related("attempts").first()
    if found is None:
        raise NotFound(gettext("There is no such delivery."))
    return found


def deliveries_of_job(actor: Actor, job_id: uuid.UUID) -> QuerySet[WebhookDelivery]:
    """What a job's page shows to everybody who may read the job."""
    actor.require(Permission.JOBS_READ)
    return (
        WebhookDelivery.objects.of(actor)
        .filter(event__job_id=job_id)
        .select_related("event", "endpoint")
        .order_by("pk")
    )


def _named(search: str) -> Q:
    """A message's id, a job's id, or a part of the address."""
    text = search.strip().removeprefix("msg_")
    named = Q(url__icontains=text)
    try:
        identifier = uuid.UUID(text)
    except ValueError:
        return named
    return named | Q(event_id=identifier) | Q(event__job_id=identifier)


def _uuid(text: str, field: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidInput(gettext("There is no such {field}.").format(field=field), field=field) from None
