"""Images of a Shopify shop: the same file with other bytes where that is possible, else a new file in its place."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from integrations.base import Account, Blame, MarketplaceError, RemoteImage
from integrations.publishing import Capabilities, Issue, Memory, Outcome, Picture, Place, Publisher, Sent, Shown
from integrations.shopify import send
from integrations.shopify.gallery import FAILED, READY, Gallery, Media, file_exists, image_of_variant, links, read
from integrations.shopify.goal import Goal, Kind, Notes, delete, settle
from integrations.shopify.refusals import Refused, changed_since
from integrations.understood import understood

_MOST_MEDIA = 250
_BACK = "back_"
# Refusals of other bytes for the same file.
_NOT_IN_PLACE = {
    "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE", "INVALID_FILENAME_EXTENSION", "MEDIA_CANNOT_BE_MODIFIED",
    "UNSUPPORTED_MEDIA_TYPE_FOR_FILENAME_UPDATE",
}  # fmt: skip
_ANOTHER = "Another image is in this place than before: somebody has changed it since."


class ShopifyPublisher(Publisher):
    def capabilities(self, account: Account) -> Capabilities:
        return Capabilities(places=_MOST_MEDIA, variant_images=True, pushes=True, changes_files=True)

    @understood
    def shown(self, account: Account, place: Place) -> Shown:
        gallery = read(account, place.product)
        media = _at(account, gallery, place)
        if media and not media.url:
            raise send.busy()
        return Shown(_remote(gallery, place, media), gallery.shown())

    @understood
    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        notes = Notes(memory)
        goal = notes.goal
        if goal is None:
            gallery = read(account, place.product)
            found = _at(account, gallery, place)
            if (found.id if found else "") != (before.image.remote_id if before.image else ""):
                return changed_since(_ANOTHER)
            goal = notes.keep_goal(_goal(account, gallery, place, picture, before, found))
        return _reach(account, place, goal, picture, notes)

    @understood
    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        notes = Notes(memory, _BACK) if memory.get(f"{_BACK}goal") else Notes(memory)
        goal = notes.goal
        if goal is None:
            raise MarketplaceError("lost", "Nothing was sent that could be followed.", blame=Blame.US, permanent=True)
        try:
            return settle(account, place, goal, notes)
        except Refused as refused:
            return _refused(account, goal, refused)

    @understood
    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        notes = Notes(memory, _BACK)
        goal = notes.goal
        if goal is None:
            done = Notes(memory)
            gallery = read(account, place.product)
            found = _way_back(account, gallery, place, before, kept, done)
            if isinstance(found, Sent):
                return found
            goal = notes.keep_goal(found)
        return _reach(account, place, goal, kept, notes)


def _reach(account: Account, place: Place, goal: Goal, picture: Picture | None, notes: Notes) -> Sent:
    try:
        if goal.kind == Kind.UPDATE and picture:
            send.update(account, place, goal, picture, notes)
        elif goal.kind == Kind.PLACE:
            goal = send.bring(account, place, goal, picture, notes)
        return settle(account, place, goal, notes)
    except Refused as refused:
        if goal.kind == Kind.UPDATE and picture and refused.code in _NOT_IN_PLACE:
            other = _swap(account, read(account, place.product), goal.media, picture)
            return _reach(account, place, notes.keep_goal(other, source="", sent=""), picture, notes)
        return _refused(account, notes.goal or goal, refused)


def _goal(
    account: Account, gallery: Gallery, place: Place, picture: Picture, before: Shown, media: Media | None
) -> Goal:
    if media is None:
        new = Goal(Kind.PLACE, position=place.position, mark=send.mark(picture), alt=picture.alt)
        return replace(new, position=None, variants=(place.variant,)) if place.variant else new
    if place.variant:
        showing = _showing(account, place.product, media.id)
        if showing != (place.variant,) or gallery.place_of(media.id) == 0:
            # Other variants, or the product itself, go on showing it.
            mark = send.mark(picture)
            return Goal(Kind.PLACE, variants=(place.variant,), old=media.id, mark=mark, alt=media.alt)
    # A file that other products use stays as it is.
    if media.mime == picture.media_type and media.status == READY and not before.shared_with:
        return Goal(Kind.UPDATE, media=media.id, stamp=media.stamp)
    return _swap(account, gallery, media.id, picture)


def _swap(account: Account, gallery: Gallery, old: str, picture: Picture) -> Goal:
    """Another file where the old one is, shown by the same variants."""
    media = gallery.find(old)
    return Goal(
        Kind.PLACE,
        position=gallery.place_of(old),
        variants=_showing(account, gallery.product, old),
        drop=old,
        mark=send.mark(picture),
        alt=media.alt if media else picture.alt,
    )


def _way_back(
    account: Account, gallery: Gallery, place: Place, before: Shown, kept: Picture | None, done: Notes
) -> Goal | Sent:
    """The goal that undoes what was done, or the end where there is nothing to undo or that must not be."""
    goal = done.goal
    present = _at(account, gallery, place)
    unchanged = Sent(Outcome.CONFIRMED, _remote(gallery, place, present), url=gallery.url, gallery=gallery.shown())
    if goal is None or (goal.kind == Kind.UPDATE and not done.get("sent")):
        return unchanged
    ours = gallery.find(goal.media)
    if goal.kind == Kind.PLACE and not goal.media:
        ours = send.ours(account, gallery, goal) if done.get("adding") else None
        if ours is None:
            return unchanged
        goal = replace(goal, media=ours.id)
    if ours is None:
        same = before.image is not None and present is not None and before.image.remote_id == present.id
        empty = before.image is None and present is None
        return unchanged if same or empty else changed_since(_ANOTHER)
    if ours.status not in {READY, FAILED}:
        raise send.busy()
    if goal.kind == Kind.UPDATE and ours.stamp == goal.stamp:
        return unchanged
    if shows := done.get("shows"):
        moved = present != ours if place.variant else str(gallery.place_of(ours.id)) != done.get("at")
        if moved or ours.url != shows:
            return changed_since(_ANOTHER)
    if goal.kind == Kind.UPDATE:
        return _bytes_back(account, gallery, ours, kept)
    return _file_back(account, before, goal, kept)


def _bytes_back(account: Account, gallery: Gallery, ours: Media, kept: Picture | None) -> Goal | Sent:
    if kept is None:
        return _no_copy()
    if kept.media_type == ours.mime and ours.status == READY:
        return Goal(Kind.UPDATE, media=ours.id, stamp=ours.stamp)
    return _swap(account, gallery, ours.id, kept)


def _file_back(account: Account, before: Shown, goal: Goal, kept: Picture | None) -> Goal | Sent:
    old = goal.drop or goal.old
    if not old:
        return Goal(Kind.REMOVE, drop=goal.media)
    position = goal.position if goal.drop else None
    back = Goal(Kind.PLACE, media=old, attach=True, position=position, variants=goal.variants, drop=goal.media)
    if file_exists(account, old):
        return back
    if kept is None:
        return _no_copy()
    alt = before.image.alt if before.image else ""
    return replace(back, media="", attach=False, mark=send.mark(kept), alt=alt)


def _refused(account: Account, goal: Goal, refused: Refused) -> Sent:
    """What was added for nothing goes again."""
    if goal.kind == Kind.PLACE and goal.media and not goal.attach:
        with suppress(MarketplaceError, Refused):
            delete(account, [goal.media])
    return Sent(Outcome.REJECTED, issues=(refused.issue(),))


def _no_copy() -> Sent:
    detail = "The old image is not in the shop any more, and no copy of it was kept here."
    return Sent(Outcome.REJECTED, issues=(Issue("no_copy", detail),))


def _showing(account: Account, product: str, media: str) -> tuple[str, ...]:
    return tuple(variant for variant, shown in links(account, product).items() if shown == media)


def _at(account: Account, gallery: Gallery, place: Place) -> Media | None:
    """What is in the place now."""
    if place.variant:
        return gallery.find(image_of_variant(account, place.product, place.variant))
    index = place.position
    return gallery.images[index] if index is not None and index < len(gallery.images) else None


def _remote(gallery: Gallery, place: Place, media: Media | None) -> RemoteImage | None:
    if media is None:
        return None
    position = 0 if place.variant else gallery.place_of(media.id) or 0
    return RemoteImage(media.id, position, media.url, alt=media.alt)
