"""Connecting a Shopify shop by signing in there: the way to Shopify, and the way back."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput, NotFound
from dashboard.access import member
from dashboard.reauthentication import confirmed
from integrations.actions import shopify_install
from integrations.base import MarketplaceError
from integrations.shopify import install

_STATE = "shopify_install"


class _ShopForm(forms.Form):
    shop = forms.CharField(
        label=gettext_lazy("Shop address"),
        max_length=500,
        help_text=gettext_lazy("The name before .myshopify.com, or the address of your admin."),
        widget=forms.TextInput(
            attrs={"placeholder": "my-shop.myshopify.com", "autocomplete": "off", "spellcheck": "false"}
        ),
        error_messages={"required": gettext_lazy("Type the shop's address.")},
    )


@require_http_methods(["GET", "POST"])
@member(Permission.PUBLISH_WRITE)
@confirmed
def begin(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form for the shop's address, which Shopify's own links fill in; a POST leads to Shopify.

    Not by a redirect: the browser would count it as a form sent to another site.
    """
    if not install.offered():
        raise NotFound(gettext("This installation is no app at Shopify."))
    if request.method == "GET":
        return _page(request, _ShopForm(initial={"shop": request.GET.get("shop", "")[:500]}))
    form = _ShopForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    back = settings.BASE_URL + reverse("shopify_callback")
    try:
        begun = shopify_install.begin(actor, address=form.cleaned_data["shop"], back=back)
    except InvalidInput as error:
        form.add_error("shop", error.detail)
        return _page(request, form, status=400)
    request.session[_STATE] = begun.state
    return render(request, "pages/integrations_shopify_leave.html", {"url": begun.url})


@require_safe
@member(Permission.PUBLISH_WRITE)
def callback(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What Shopify sends the browser back with; it is good once, and in the session that it was begun in."""
    try:
        row = shopify_install.end(actor, state=request.session.pop(_STATE, ""), query=request.GET.dict())
    except (InvalidInput, Conflict, MarketplaceError) as error:
        messages.error(request, error.detail)
        return redirect("integrations_connect", shopify_install.KEY)
    messages.success(request, gettext("{name} is connected.").format(name=row.name))
    return redirect("integration", row.pk)


def _page(request: HttpRequest, form: _ShopForm, *, status: int = 200) -> HttpResponse:
    return render(request, "pages/integrations_shopify.html", {"form": form}, status=status)
