"""Images of Amazon listings: the address of an image is written into an attribute, and Amazon fetches it.

Accepted is not shown: Amazon fetches, judges and shows an image minutes to a day later. Until then it is followed.
"""

from __future__ import annotations

from dataclasses import replace

from accounts.kit.errors import InvalidImage
from integrations.amazon import diagnosis, follow, issues, likeness, listing, live, patches, restore, state
from integrations.amazon.listing import Listing
from integrations.amazon.slots import EXTRA, GALLERY, SLOTS, Slot
from integrations.amazon.state import PATIENCE_SECONDS, Before, Plan
from integrations.base import Account, Blame, MarketplaceError
from integrations.publishing import Capabilities, Memory, Outcome, Picture, Place, Publisher, Sent, Shown
from integrations.reachability import base_url_is_public
from integrations.understood import understood

MEDIA_TYPES = frozenset({"image/jpeg", "image/png"})
NEEDS_ADDRESS = (
    "Amazon fetches images by their address, and this installation has none that Amazon can reach. Whoever runs it "
    "sets BASE_URL to a public address, such as https://images.example.com."
)
_TAKEN = "Amazon has taken the image. It fetches and checks it now, and shows it within hours, at most a day."


class AmazonPublisher(Publisher):
    def capabilities(self, account: Account) -> Capabilities:
        public = base_url_is_public()
        return Capabilities(
            places=9,
            variant_images=False,
            extra_slots=tuple(slot.name for slot in EXTRA),
            dry_run=True,
            pulls=public,
            why_not="" if public else NEEDS_ADDRESS,
            media_types=MEDIA_TYPES,
        )

    @understood
    def shown(self, account: Account, place: Place) -> Shown:
        slot, found = _slot(place), listing.get(account, place.product)
        # The address that the seller has given may lead nowhere by now; what shoppers see can be kept.
        seen = live.links(account, found.summaries[0]) or {}
        gallery = tuple(image for each in GALLERY if (image := found.image(each, seen.get(each.variant, ""))))
        return Shown(found.image(slot, seen.get(slot.variant, "")), gallery)

    @understood
    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        slot, found = _slot(place), listing.get(account, place.product)
        plan = _plan(account, found, slot, picture, memory)
        refused = patches.carry_out(account, found, slot, plan, memory)
        if refused:
            return _refused(found, plan, memory, refused)
        return Sent(
            Outcome.SUBMITTED, found.image(slot), found.summaries[0].url, found.gallery, note=_TAKEN, check_after=60
        )

    @understood
    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        slot, plan = _slot(place), state.published(memory)
        if plan is None:
            raise diagnosis.unexpected("Nothing was sent to Amazon yet.")
        return follow.look(account, listing.get(account, place.product), slot, plan, memory)

    @understood
    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        return restore.put_back(account, listing.get(account, place.product), _slot(place), kept, memory)

    @understood
    def preview(self, account: Account, place: Place, picture: Picture) -> Sent:
        slot, found = _slot(place), listing.get(account, place.product)
        wanted = dict.fromkeys((each.store.marketplace_id for each in found.summaries), _url(picture))
        answers = [
            patches.submit(account, found.sku, patch, preview=True) for patch in patches.patches(found, slot, wanted)
        ]
        refused = any(answer.status == "INVALID" for answer in answers)
        return Sent(
            Outcome.REJECTED if refused else Outcome.CONFIRMED,
            found.image(slot),
            found.summaries[0].url,
            found.gallery,
            issues.told(each for answer in answers for each in answer.issues),
            f"Amazon {'would not' if refused else 'would'} take this image. Nothing was changed.",
        )


def _plan(account: Account, found: Listing, slot: Slot, picture: Picture, memory: Memory) -> Plan:
    """Kept before the first write: what is there, so that it can be told from what comes, and put back."""
    url, plan = _url(picture), state.published(memory)
    if plan is None:
        before = {
            each.store.marketplace_id: Before(
                found.locator(slot, each.store.marketplace_id), live.link(account, each, slot) or ""
            )
            for each in found.summaries
        }
        known = tuple(issues.fingerprint(each) for each in issues.of_image(found.issues, slot, before))
        plan = Plan("publish", dict.fromkeys(before, url), _mark(picture), before, known)
        plan.keep(memory)
        return plan
    if plan.age(memory) > PATIENCE_SECONDS:
        plan.forget_taken(memory)
    if not plan.taken(memory) and url not in plan.wanted.values():
        # Tried once more after a while: the address of then may have ended.
        plan = replace(plan, wanted=dict.fromkeys(plan.wanted, url))
        plan.keep(memory)
    return plan


def _refused(found: Listing, plan: Plan, memory: Memory, answer: patches.Submission) -> Sent:
    taken = plan.taken(memory)
    domains = ", ".join(each.store.domain for each in found.summaries if each.store.marketplace_id in taken)
    return Sent(
        Outcome.REJECTED,
        url=found.summaries[0].url,
        issues=issues.told(answer.issues),
        note=f"Only {domains} has taken the image." if domains else "Amazon did not take the image.",
    )


def _slot(place: Place) -> Slot:
    if place.slot not in SLOTS or place.variant:
        raise diagnosis.unexpected("Amazon's listings have no such place.")
    return SLOTS[place.slot]


def _url(picture: Picture) -> str:
    if not picture.url:
        raise MarketplaceError("no_public_address", NEEDS_ADDRESS, blame=Blame.US, permanent=True)
    return picture.url


def _mark(picture: Picture) -> str:
    try:
        return likeness.fingerprint(picture.read())
    except InvalidImage as error:
        raise MarketplaceError("no_image", error.detail, blame=Blame.US, permanent=True) from None
