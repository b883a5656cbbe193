"""Face-swap accounts: add, change, pause, go on, remove."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput
from dashboard.access import member
from dashboard.face_swap_forms import AccountForm
from dashboard.reauthentication import confirmed
from processing.actions import face_swap_accounts as actions
from processing.actions.face_swap_consent import set_consent_rule
from processing.actions.try_face_swap_account import try_account
from processing.models import FaceSwapAccount
from processing.providers import insightfaceswap
from processing.providers.base import ProviderFailed
from processing.queries import face_swap_accounts as queries
from processing.queries.face_swaps import consent_required


@require_http_methods(["GET", "POST"])
@member(Permission.PROVIDERS_WRITE)
@confirmed
def page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page; a POST adds an account, or changes the one of its channel."""
    if request.method == "GET":
        return _page(request, actor, AccountForm())
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=400)
    try:
        kept = actions.keep_account(actor, **form.cleaned_data)
    except InvalidInput as error:
        form.take(error)
        return _page(request, actor, form, status=400)
    except Conflict as error:
        form.add_error(None, error.detail)
        return _page(request, actor, form, status=409)
    messages.success(request, gettext("The account of the channel {channel} is kept.").format(channel=kept.channel))
    return redirect("providers")


def _button(work: Callable[..., FaceSwapAccount], said: str) -> Callable[..., HttpResponseBase]:
    @require_POST
    @member(Permission.PROVIDERS_WRITE)
    def view(request: HttpRequest, actor: Actor) -> HttpResponse:
        account = work(actor, channel=request.POST.get("channel", ""))
        messages.success(request, gettext(said).format(account.channel))
        return redirect("providers")

    return view


pause = _button(
    actions.pause_account, gettext_noop("The account of the channel {} is paused. No further swap is given to it.")
)
resume = _button(actions.resume_account, gettext_noop("The account of the channel {} takes swaps again."))
remove = _button(
    actions.remove_account, gettext_noop("The account of the channel {} is removed, and its token forgotten.")
)


@require_POST
@member(Permission.PROVIDERS_WRITE)
def test(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Waits for the provider, some seconds at most."""
    try:
        account = try_account(actor, channel=request.POST.get("channel", ""))
    except (ProviderFailed, Conflict) as error:
        messages.error(request, error.detail)
    else:
        words = gettext("The account of the channel {channel} works.")
        if account.credits_left is not None:
            words = gettext("The account of the channel {channel} works. {left} of {total} credits left.")
        words = words.format(channel=account.channel, left=account.credits_left, total=account.credits_total)
        messages.success(request, words)
    return redirect("providers")


@require_POST
@member(Permission.PROVIDERS_WRITE)
def consent(request: HttpRequest, actor: Actor) -> HttpResponse:
    required = request.POST.get("required") == "on"
    set_consent_rule(actor, required=required)
    messages.success(
        request,
        gettext("Every swap must say consent: true.") if required else gettext("Swaps need not say consent: true."),
    )
    return redirect("providers")


def _page(request: HttpRequest, actor: Actor, form: AccountForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "accounts": queries.accounts(actor),
        "provider": insightfaceswap.provider(),
        "consent_required": consent_required(actor),
    }
    return render(request, "pages/providers.html", context, status=status)
