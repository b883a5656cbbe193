"""What has become of a change that Amazon has taken.

An image is shown when the address of what shoppers see has changed and the picture there looks like the one sent. The
same address as before is the picture of before, however alike: it proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from integrations.amazon import issues, live, state
from integrations.amazon.listing import Listing, Summary
from integrations.amazon.slots import Slot
from integrations.amazon.state import PATIENCE_SECONDS, Plan
from integrations.base import Account, RemoteImage
from integrations.publishing import Memory, Outcome, Sent

# A remark that was there before is believed to be about the new image after this.
_OLD_REMARKS_SECONDS = 3600
# What Amazon tells nobody about counts as done after this without a remark.
_SILENCE_SECONDS = 900
_SETTLED_SECONDS = 6 * 3600
# Seconds since it was taken, and the pause between two looks until then.
_PAUSES = ((600, 60), (3600, 300), (6 * 3600, 900), (PATIENCE_SECONDS, 3600))
_LONGEST_PAUSE = 6 * 3600

_OBJECTED = "Amazon shows the image, and objects to it."
_NOT_TOLD = "Amazon has taken the image without a remark. It does not tell whether shoppers see images of this kind."
_TAKEN_AWAY = "The image is taken away. Amazon shows what others have sent for this product, if anybody has."


class _Seen(Enum):
    NOT_YET = "not yet"
    SHOWN = "shown"
    OTHER = "other"
    NOT_TOLD = "not told"


def look(account: Account, found: Listing, slot: Slot, plan: Plan, memory: Memory) -> Sent:
    """Raises MarketplaceError."""
    age = plan.age(memory)
    targets = [each for each in found.summaries if each.store.marketplace_id in plan.wanted]
    links = {each.store.domain: live.link(account, each, slot) for each in targets}
    seen = {each.store.domain: _seen(found, each, links[each.store.domain], slot, plan, memory) for each in targets}
    remarks = issues.of_image(found.issues, slot, plan.wanted)
    # What is put back is often put back because of a remark, which goes when Amazon has looked again.
    believed = age > (_OLD_REMARKS_SECONDS if plan.name == "publish" else PATIENCE_SECONDS)
    fresh = [each for each in remarks if believed or issues.fingerprint(each) not in plan.issues]
    objected = any(each.get("severity") == "ERROR" for each in fresh) and any(plan.wanted.values())
    outcome, note, check_after = Outcome.SUBMITTED, _waiting(seen, age), _pause(age)
    if seen and all(_is_done(each, age) for each in seen.values()):
        outcome, note = Outcome.CONFIRMED, _done(seen.values(), plan, objected=objected)
    elif objected:
        outcome, note = Outcome.REJECTED, "Amazon has looked at the image and does not take it."
    first = next((link for link in links.values() if link), "")
    image = RemoteImage(slot.variant, slot.position or 0, first) if first else found.image(slot)
    url = found.summaries[0].url
    return Sent(outcome, image, url, found.gallery, issues.told(fresh), note, check_after)


def _seen(found: Listing, summary: Summary, link: str | None, slot: Slot, plan: Plan, memory: Memory) -> _Seen:
    marketplace_id = summary.store.marketplace_id
    if not plan.wanted[marketplace_id]:
        return _Seen.NOT_YET if found.locator(slot, marketplace_id) else _Seen.SHOWN
    if link is None or not plan.mark:
        return _Seen.NOT_TOLD
    if plan.name == "restore" and link and link == _original(marketplace_id, memory):
        # Shown all the time, perhaps: Amazon may still have both changes before it.
        return _Seen.SHOWN if plan.age(memory) > _SETTLED_SECONDS else _Seen.NOT_YET
    if not link or link == plan.before[marketplace_id].live:
        return _Seen.NOT_YET
    same = live.shows(link, plan, memory)
    if same is None:
        return _Seen.NOT_YET
    return _Seen.SHOWN if same else _Seen.OTHER


def _original(marketplace_id: str, memory: Memory) -> str:
    done = state.published(memory)
    return done.before[marketplace_id].live if done else ""


def _is_done(seen: _Seen, age: float) -> bool:
    return seen is _Seen.SHOWN or (seen is _Seen.NOT_TOLD and age > _SILENCE_SECONDS)


def _done(seen: Iterable[_Seen], plan: Plan, *, objected: bool) -> str:
    if objected:
        return _OBJECTED
    if not any(plan.wanted.values()):
        return _TAKEN_AWAY
    return _NOT_TOLD if _Seen.NOT_TOLD in set(seen) else ""


def _waiting(seen: dict[str, _Seen], age: float) -> str:
    waiting = [domain for domain, each in seen.items() if each is not _Seen.SHOWN]
    where = f" on {', '.join(waiting)}" if 0 < len(waiting) < len(seen) else ""
    if age > PATIENCE_SECONDS or _Seen.OTHER in seen.values():
        return (
            f"Amazon has accepted the image, and another one is shown{where}. Where several sellers or the brand send "
            "images for a product, Amazon chooses among them."
        )
    return f"Amazon has accepted the image, and does not show it yet{where}. That takes hours, at most a day."


def _pause(age: float) -> int:
    return next((pause for until, pause in _PAUSES if age < until), _LONGEST_PAUSE)
