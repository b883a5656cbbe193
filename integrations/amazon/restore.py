"""Putting back what a listing had before: the old image, or nothing where the seller had sent none."""

from __future__ import annotations

from collections.abc import Mapping

from accounts.kit.errors import InvalidImage
from integrations.amazon import follow, issues, likeness, live, patches, state
from integrations.amazon.listing import Listing
from integrations.amazon.slots import Slot
from integrations.amazon.state import Before, Plan
from integrations.base import Account
from integrations.publishing import Issue, Memory, Outcome, Picture, Sent

_TAKEN = "Amazon has taken the old image back, and shows it within hours, at most a day."
_EMPTIED = "Amazon takes the image away, and shows what others have sent for this product, if anybody has."


def put_back(account: Account, found: Listing, slot: Slot, kept: Picture | None, memory: Memory) -> Sent:
    """Raises MarketplaceError."""
    done, url = state.published(memory), found.summaries[0].url
    if done is None:
        return Sent(Outcome.CONFIRMED, found.image(slot), url, found.gallery, note="Nothing was changed at Amazon.")
    plan = state.restored(memory)
    if plan is None:
        changed = [each for each in done.wanted if not _is_ours(found, slot, done, each, memory)]
        if changed:
            return _changed_since(found, slot, changed)
        plan = _plan(account, found, slot, done, kept)
        plan.keep(memory)
    elif set(plan.wanted) <= set(plan.taken(memory)):
        return follow.look(account, found, slot, plan, memory)
    refused = patches.carry_out(account, found, slot, plan, memory)
    if refused:
        note = "Amazon did not take the old image back."
        return Sent(Outcome.REJECTED, found.image(slot), url, issues=issues.told(refused.issues), note=note)
    note = _TAKEN if any(plan.wanted.values()) else _EMPTIED
    return Sent(Outcome.SUBMITTED, found.image(slot), url, found.gallery, note=note, check_after=60)


def _plan(account: Account, found: Listing, slot: Slot, done: Plan, kept: Picture | None) -> Plan:
    now = {
        each.store.marketplace_id: Before(
            found.locator(slot, each.store.marketplace_id), live.link(account, each, slot) or ""
        )
        for each in found.summaries
        if each.store.marketplace_id in done.wanted
    }
    known = tuple(issues.fingerprint(each) for each in issues.of_image(found.issues, slot, now))
    return Plan("restore", _wanted(done, kept), _mark(kept), now, known)


def _wanted(done: Plan, kept: Picture | None) -> Mapping[str, str]:
    """Our copy goes before the old address, which may lead nowhere by now; it is of what the first store had."""
    first = next(iter(done.before.values()))
    found: dict[str, str] = {}
    for name, before in done.before.items():
        copy = kept.url if kept and before == first else ""
        found[name] = (copy or before.live or before.locator) if before.locator else ""
    return found


def _mark(kept: Picture | None) -> str:
    """Empty where there is no copy: then what shoppers see cannot be compared."""
    if kept is None:
        return ""
    try:
        return likeness.fingerprint(kept.read())
    except InvalidImage:
        return ""


def _is_ours(found: Listing, slot: Slot, done: Plan, marketplace_id: str, memory: Memory) -> bool:
    """Whether the listing holds what we have sent, or what was there before.

    Amazon may have put an address of its own in the place of ours: then the picture there decides.
    """
    here = found.locator(slot, marketplace_id)
    if here in {done.wanted[marketplace_id], done.before[marketplace_id].locator}:
        return True
    return live.is_amazons(here) and live.shows(here, done, memory) is True


def _changed_since(found: Listing, slot: Slot, changed: list[str]) -> Sent:
    domains = ", ".join(each.store.domain for each in found.summaries if each.store.marketplace_id in changed)
    detail = f"Somebody has sent another image since ({domains}). It was left alone."
    issue = Issue("changed_since", detail)
    return Sent(Outcome.REJECTED, found.image(slot), found.summaries[0].url, found.gallery, (issue,))
