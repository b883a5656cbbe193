"""Having the images of products judged by the rules of their marketplace, from the catalog and from a product."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard.access import member
from integrations.actions.shop_images import ask


@require_POST
@member(Permission.PUBLISH_WRITE)
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """`product`: the ids of the products, `next`: the page to go on with."""
    try:
        chosen = [uuid.UUID(text) for text in request.POST.getlist("product")]
    except ValueError:
        raise InvalidInput(gettext("Choose products of the catalog."), field="product") from None
    many = ask.check_products(actor, product_ids=chosen)
    if many:
        said = ngettext(
            "%(many)d image is checked now. Look again in a moment.",
            "%(many)d images are checked now. Look again in a moment.",
            many,
        )
        messages.success(request, said % {"many": many})
    else:
        messages.success(request, gettext("Every image was checked by the rules of today already."))
    following = request.POST.get("next", "")
    return redirect(following if url_has_allowed_host_and_scheme(following, allowed_hosts=None) else "catalog")
