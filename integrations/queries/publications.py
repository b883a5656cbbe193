"""Publications, their tries and their runs, as the activity list shows them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput, NotFound
from accounts.kit.paging import COUNT_UP_TO, count
from integrations.models import Publication, PublicationAttempt, PublishRun
from integrations.queries.connections import connections


@dataclass(frozen=True, slots=True)
class PublicationFilter:
    """What is looked for; an empty field asks for nothing.

    `connection`, `run`: ids. `product`: a remote id, or words of its name or SKU. `actor`: the id of a person or of an
    API key.
    """

    connection: str = ""
    state: str = ""
    product: str = ""
    actor: str = ""
    run: str = ""


def publications(
    actor: Actor, wanted: PublicationFilter | None = None, *, needs: Permission = Permission.CATALOG_READ
) -> QuerySet[Publication]:
    """To the shops that the actor sees, disconnected ones too. Raises InvalidInput for what is no id or no state."""
    actor.require(needs)
    seen = connections(actor, needs=needs, ended=True).order_by().values("pk")
    found = Publication.objects.of(actor).filter(connection__in=seen)
    found = found.select_related("connection", "image", "sent_image", "old_image", "created_by", "api_key", "run")
    return found.filter(_asked(wanted, "")).order_by("-pk") if wanted else found.order_by("-pk")


def publication(actor: Actor, publication_id: uuid.UUID, *, needs: Permission = Permission.CATALOG_READ) -> Publication:
    """Raises NotFound."""
    found = publications(actor, needs=needs).select_related("reverted_by", "job").filter(pk=publication_id).first()
    if found is None:
        raise NotFound(gettext("There is no such publication."))
    return found


def attempts(actor: Actor, wanted: PublicationFilter | None = None) -> QuerySet[PublicationAttempt]:
    """Every try, newest first; `state` is that of its publication. Raises as `publications` does."""
    actor.require(Permission.CATALOG_READ)
    seen = connections(actor, ended=True).order_by().values("pk")
    found = PublicationAttempt.objects.of(actor).select_related("actor", "api_key").order_by("-pk")
    whole = found.select_related("publication__connection", "publication__image")
    if wanted is None or wanted == PublicationFilter():
        return whole.filter(publication__connection__in=seen)
    asked = Publication.objects.of(actor).filter(_asked(wanted, ""), connection__in=seen).order_by("-pk")
    if not count(asked)[1]:
        # Few of many, such as those that failed: a slice is read by itself, and then their tries; otherwise a database
        # may go through all tries to meet them. What is sorted is narrow: what belongs to a page is read for the page.
        few = found.filter(publication__in=asked.values("pk")[:COUNT_UP_TO])
        return few.prefetch_related("publication__connection", "publication__image")
    return whole.filter(_asked(wanted, "publication__"), publication__connection__in=seen)


def runs(actor: Actor, *, needs: Permission = Permission.CATALOG_READ) -> QuerySet[PublishRun]:
    """Newest first."""
    actor.require(needs)
    seen = connections(actor, needs=needs, ended=True).order_by().values("pk")
    found = PublishRun.objects.of(actor).filter(connection__in=seen)
    return found.select_related("connection", "created_by").order_by("-pk")


def run(actor: Actor, run_id: uuid.UUID, *, needs: Permission = Permission.CATALOG_READ) -> PublishRun:
    """Raises NotFound."""
    found = runs(actor, needs=needs).filter(pk=run_id).first()
    if found is None:
        raise NotFound(gettext("There is no such run."))
    return found


def _asked(wanted: PublicationFilter, prefix: str) -> Q:
    asked = Q()
    if wanted.connection:
        asked &= Q(**{f"{prefix}connection": _id(wanted.connection, "connectionId", "shop")})
    if wanted.run:
        asked &= Q(**{f"{prefix}run": _id(wanted.run, "run", "run")})
    if wanted.state:
        if wanted.state not in Publication.Status.values:
            raise InvalidInput(
                gettext("The state is one of {values}.").format(values=", ".join(Publication.Status.values)),
                field="status",
            )
        asked &= Q(**{f"{prefix}status": wanted.state})
    if wanted.product:
        text = wanted.product.strip()
        asked &= Q(**{f"{prefix}product": text}) | (
            Q(**{f"{prefix}title__icontains": text}) | Q(**{f"{prefix}sku__icontains": text})
        )
    if wanted.actor:
        asked &= _by(wanted.actor, prefix)
    return asked


def _by(text: str, prefix: str) -> Q:
    """People are numbers, keys are UUIDs."""
    if text.isascii() and text.isdigit() and len(text) < 18:
        return Q(**{f"{prefix}created_by": int(text)})
    return Q(**{f"{prefix}api_key": _id(text, "actor", "person or key")})


def _id(text: str, field: str, what: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise InvalidInput(gettext("There is no such {what}.").format(what=what), field=field) from None
