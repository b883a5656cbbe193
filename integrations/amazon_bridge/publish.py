"""Images through a bridge: it is given the image's address and a key, and says how it stands.

The same key again changes nothing and answers how it stands now: so it is also asked what became of an image.
"""

from __future__ import annotations

import secrets
from typing import Any

from accounts.kit.errors import InvalidImage
from integrations.amazon import diagnosis, likeness, live, state
from integrations.amazon.publish import MEDIA_TYPES
from integrations.amazon.state import PATIENCE_SECONDS, Before, Plan
from integrations.amazon_bridge import catalog, client
from integrations.base import Account, Blame, MarketplaceError, RemoteImage, RemoteProduct
from integrations.publishing import (
    Capabilities,
    Issue,
    Memory,
    Outcome,
    Picture,
    Place,
    Publisher,
    Sent,
    Shown,
)
from integrations.reachability import base_url_is_public
from integrations.understood import understood

NEEDS_ADDRESS = (
    "The bridge is given the address of each image, and this installation has none. Whoever runs it sets BASE_URL to "
    "an address that the bridge and Amazon can reach."
)
_OUTCOMES = {
    **dict.fromkeys(("accepted", "submitted", "queued", "pending", "processing"), Outcome.SUBMITTED),
    **dict.fromkeys(("confirmed", "published", "live"), Outcome.CONFIRMED),
    **dict.fromkeys(("invalid", "rejected", "failed", "error"), Outcome.REJECTED),
}
_LONGEST = 500
# A bridge has one image for each place, whatever the stores behind it: the plan's only entry.
_ONLY = "bridge"
_PAUSES = ((600, 60), (3600, 300), (6 * 3600, 900))
_LONGEST_PAUSE = 3600


class BridgePublisher(Publisher):
    def capabilities(self, account: Account) -> Capabilities:
        there = base_url_is_public()
        return Capabilities(
            places=9,
            variant_images=False,
            pulls=there,
            why_not="" if there else NEEDS_ADDRESS,
            media_types=MEDIA_TYPES,
        )

    @understood
    def shown(self, account: Account, place: Place) -> Shown:
        product = _product(account, place)
        return Shown(_image(product, place), product.images)

    @understood
    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        if not picture.url:
            raise MarketplaceError("no_public_address", NEEDS_ADDRESS, blame=Blame.US, permanent=True)
        _product(account, place)
        plan = state.published(memory)
        if plan is None:
            plan = Plan("publish", {_ONLY: picture.url}, _mark(picture), {_ONLY: Before("", _url(before.image))})
            plan.keep(memory)
        if not memory.get("publish key") or plan.age(memory) > PATIENCE_SECONDS:
            # Sent once more after a refusal it is another wish: the bridge would repeat its answer to the old one.
            memory.keep({"publish key": f"{picture.key}-{secrets.token_hex(4)}"})
            plan.forget_taken(memory)
        return _sent(account, place, plan, memory)

    @understood
    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        plan = state.published(memory)
        if plan is None:
            raise diagnosis.unexpected("Nothing was sent to the bridge yet.")
        return _sent(account, place, plan, memory)

    @understood
    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        product, done = _product(account, place), state.published(memory)
        now = _image(product, place)
        if done is None:
            return Sent(Outcome.CONFIRMED, now, product.url, product.images, note="Nothing was sent to the bridge.")
        plan = state.restored(memory)
        if plan is None:
            if not _is_ours(now, done, memory):
                issue = Issue("changed_since", "Somebody has put another image there since. It was left alone.")
                return Sent(Outcome.REJECTED, now, product.url, product.images, (issue,))
            old = done.before[_ONLY].live
            wanted = (kept.url if kept else "") or old if old else ""
            plan = Plan("restore", {_ONLY: wanted}, _mark(kept), {_ONLY: Before("", _url(now))})
            memory.keep({"restore key": f"{memory['publish key']}-restore"})
            plan.keep(memory)
        return _sent(account, place, plan, memory)


def _sent(account: Account, place: Place, plan: Plan, memory: Memory) -> Sent:
    """Sends it, for the first time or once more with the same key, and looks at what the bridge shows."""
    body = client.post(
        account,
        "/publish",
        {
            "sku": place.product,
            "position": place.position,
            "imageUrl": plan.wanted[_ONLY] or None,
            "idempotencyKey": memory[f"{plan.name} key"],
        },
    )
    if not isinstance(body, dict) or not isinstance(body.get("status"), str):
        raise client.not_a_bridge(account)
    if not plan.taken(memory):
        plan.take(memory, (_ONLY,), str(body.get("submissionId") or ""))
    outcome = _OUTCOMES.get(body["status"].lower(), Outcome.SUBMITTED)
    product = _product(account, place)
    now = _image(product, place)
    if outcome is Outcome.SUBMITTED and _is_there(now, plan, memory):
        outcome = Outcome.CONFIRMED
    note = "The bridge has taken it, and Amazon does not show it yet." if outcome is Outcome.SUBMITTED else ""
    return Sent(outcome, now, product.url, product.images, _issues(body), note, _pause(plan.age(memory)))


def _is_there(now: RemoteImage | None, plan: Plan, memory: Memory) -> bool:
    wanted, url = plan.wanted[_ONLY], _url(now)
    if url == wanted:
        return True
    if not wanted or not url or url == plan.before[_ONLY].live:
        return False
    return bool(plan.mark) and live.shows(url, plan, memory) is True


def _is_ours(now: RemoteImage | None, done: Plan, memory: Memory) -> bool:
    """Whether the place holds what was sent, or what was there before."""
    return _url(now) == done.before[_ONLY].live or _is_there(now, done, memory)


def _product(account: Account, place: Place) -> RemoteProduct:
    found = catalog.one(account, place.product)
    if found is None or place.variant or place.position is None:
        raise MarketplaceError(
            diagnosis.GONE, "The bridge's catalog has no such product any more.", blame=Blame.SHOP, permanent=True
        )
    return found


def _image(product: RemoteProduct, place: Place) -> RemoteImage | None:
    return next((image for image in product.images if image.position == place.position), None)


def _url(image: RemoteImage | None) -> str:
    return image.url if image else ""


def _mark(picture: Picture | None) -> str:
    if picture is None:
        return ""
    try:
        return likeness.fingerprint(picture.read())
    except InvalidImage:
        return ""


def _issues(body: dict[str, Any]) -> tuple[Issue, ...]:
    found = body.get("issues")
    return tuple(_issue(each) for each in found) if isinstance(found, list) else ()


def _issue(each: object) -> Issue:
    if not isinstance(each, dict):
        return Issue("bridge", str(each).replace("\0", "")[:_LONGEST])
    detail = str(each.get("message") or each.get("detail") or "The bridge does not say why.")
    severity = "warning" if str(each.get("severity", "")).lower() in {"warning", "info"} else "error"
    return Issue(str(each.get("code") or "bridge")[:100], detail.replace("\0", "")[:_LONGEST], severity)


def _pause(age: float) -> int:
    return next((pause for until, pause in _PAUSES if age < until), _LONGEST_PAUSE)
