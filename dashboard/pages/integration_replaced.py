"""Images of ours that a shop still has and no product shows: listed on the shop's page, removed or kept from there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.listing import Listing, listing
from integrations import registry
from integrations.actions.superseded import choose as actions
from integrations.models import Connection, SupersededImage
from integrations.queries.able import able
from integrations.queries.connections import connection
from integrations.queries.superseded import goes_at, superseded

_SIZE = 10


@dataclass(frozen=True, slots=True)
class Row:
    """`goes_at`: when it is removed, None where it stays."""

    image: SupersededImage
    goes_at: datetime | None

    @property
    def picture(self) -> str:
        asset_id = self.image.publication.sent_image_id
        return reverse("image_thumbnail", args=[asset_id, 96]) if asset_id else ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """`needs`: what is missing for removing anything; empty where nothing is."""

    listing: Listing[SupersededImage]
    rows: list[Row]
    needs: str


def replaced(request: HttpRequest, actor: Actor, row: Connection) -> Replaced | None:
    """None where replaced images do not stay in this kind of shop."""
    if not registry.find(row.marketplace).publisher.files_stay:
        return None
    takes = able(row)
    needs = takes.removal_needs if takes else ""
    found = listing(request, superseded(actor, row), size=_SIZE)
    return Replaced(found, [Row(each, None if needs else goes_at(row, each)) for each in found.rows], needs)


@require_POST
@member(Permission.PUBLISH_WRITE)
def choose(request: HttpRequest, actor: Actor, connection_id: uuid.UUID) -> HttpResponse:
    """`do`: remove or keep; `chosen`: which ones."""
    connection(actor, connection_id)
    chosen = request.POST.getlist("chosen")[:100]
    try:
        if request.POST.get("do") == "keep":
            many = actions.keep(actor, connection_id=connection_id, chosen=chosen)
            said = ngettext("%(many)d image stays in the shop.", "%(many)d images stay in the shop.", many)
        elif request.POST.get("do") == "remove":
            many = actions.remove_now(actor, connection_id=connection_id, chosen=chosen)
            said = ngettext(
                "%(many)d image is removed as soon as the catalog is up to date and nothing shows it.",
                "%(many)d images are removed as soon as the catalog is up to date and nothing shows them.",
                many,
            )
        else:
            raise InvalidInput(gettext("Choose what to do: remove or keep."), field="do")
        messages.success(request, said % {"many": many})
    except (Conflict, InvalidInput) as error:
        messages.error(request, error.detail)
    return redirect(reverse("integration", args=[connection_id]) + "#replaced")
