"""What a product is to show in the end, and the steps there. Each step looks first at what is so already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from integrations.base import Account, RemoteImage
from integrations.publishing import Memory, Outcome, Place, Sent
from integrations.shopify import documents
from integrations.shopify.client import ask
from integrations.shopify.gallery import FAILED, READY, Gallery, Media, links, read
from integrations.shopify.refusals import changed_since, failed, judge

_SOON, _LATER = 2, 4


class Kind(StrEnum):
    UPDATE = "update"  # other bytes in the same file: its id, alternative text, address and links stay
    PLACE = "place"  # another file in the product
    REMOVE = "remove"  # `drop` out of the product, and nothing in its place


@dataclass(frozen=True, slots=True)
class Goal:
    """`media`: the file to be shown; empty until Shopify has named it. `position`: among the images; None: anywhere.

    `variants` are to show it instead of `old`. `drop` leaves the product, and stays among the shop's files. `stamp`: of
    the file before its update. `mark`: in the name of a new file, by which it is known again; `known`: the media that
    were there before it. `attach`: the file is in the shop, but not in the product.
    """

    kind: Kind
    media: str = ""
    position: int | None = None
    variants: tuple[str, ...] = ()
    old: str = ""
    drop: str = ""
    stamp: str = ""
    mark: str = ""
    alt: str = ""
    known: tuple[str, ...] = ()
    attach: bool = False


class Notes:
    """A memory's part for one direction: of publishing, or of putting back."""

    def __init__(self, memory: Memory, prefix: str = "") -> None:
        self._memory = memory
        self._prefix = prefix

    def get(self, name: str) -> str:
        return self._memory.get(self._prefix + name)

    def keep(self, **values: str) -> None:
        self._memory.keep({self._prefix + name: value for name, value in values.items()})

    @property
    def goal(self) -> Goal | None:
        text = self.get("goal")
        if not text:
            return None
        found = json.loads(text)
        lists = {name: tuple(found[name]) for name in ("variants", "known")}
        return Goal(**{**found, **lists, "kind": Kind(found["kind"])})

    def keep_goal(self, goal: Goal, **other: str) -> Goal:
        self.keep(goal=json.dumps(asdict(goal)), **other)
        return goal


def settle(account: Account, place: Place, goal: Goal, notes: Notes) -> Sent:
    """As far as it goes now. Raises MarketplaceError, Refused."""
    gallery = read(account, place.product)
    if goal.kind == Kind.REMOVE:
        return _confirmed(place, _without(account, gallery, goal.drop, ours=True), None)
    media = gallery.find(goal.media)
    if media is None and goal.attach:
        return Sent(Outcome.SUBMITTED, url=gallery.url, check_after=_SOON)
    if media is None:
        return changed_since("The new image is not in the product any more: somebody has taken it out.")
    if media.status == FAILED:
        if goal.kind == Kind.PLACE and not goal.attach:
            delete(account, [media.id])
        return failed(media.errors)
    if media.status != READY or (goal.kind == Kind.UPDATE and media.stamp == goal.stamp):
        return Sent(Outcome.SUBMITTED, url=gallery.url, check_after=_LATER)
    if goal.kind == Kind.PLACE:
        if _moved(account, gallery, goal):
            return Sent(Outcome.SUBMITTED, url=gallery.url, check_after=_SOON)
        _link(account, place.product, goal)
        gallery = _without(account, gallery, goal.drop)
    notes.keep(shows=media.url, at=str(gallery.place_of(media.id)))
    return _confirmed(place, gallery, gallery.find(media.id))


def delete(account: Account, media: Iterable[str]) -> None:
    """Files of our own alone."""
    judge(ask(account, documents.DELETE_FILES, {"ids": list(media)})["fileDelete"]["userErrors"])


def attach(account: Account, product: str, media: str) -> None:
    files = [{"id": media, "referencesToAdd": [product]}]
    judge(ask(account, documents.UPDATE_FILE, {"files": files})["fileUpdate"]["userErrors"])


def _moved(account: Account, gallery: Gallery, goal: Goal) -> bool:
    """Whether it had to be moved; the shop does that in its own time."""
    if goal.position is None:
        return False
    stay = [each for each in gallery.images if each.id not in {goal.media, goal.drop}]
    order = [each.id for each in gallery.images if each.id != goal.drop]
    if order.index(goal.media) == min(goal.position, len(stay)):
        return False
    others = [each.id for each in gallery.media if each.id != goal.media]
    index = others.index(stay[goal.position].id) if goal.position < len(stay) else len(others)
    # An UnsignedInt64 is text.
    moves = [{"id": goal.media, "newPosition": str(index)}]
    answer = ask(account, documents.REORDER, {"id": gallery.product, "moves": moves})["productReorderMedia"]
    judge(answer["mediaUserErrors"])
    return True


def _link(account: Account, product: str, goal: Goal) -> None:
    """A variant shows one image: the old one goes first. What somebody has linked meanwhile stays."""
    if not goal.variants:
        return
    shown = links(account, product)
    before = {goal.old, goal.drop} - {""}
    ours = [each for each in goal.variants if each in shown]
    taken: list[dict[str, object]] = [
        {"variantId": each, "mediaIds": [shown[each]]} for each in ours if shown[each] in before
    ]
    for some in _hundreds(taken):
        answer = ask(account, documents.DETACH_FROM_VARIANTS, {"id": product, "media": some})
        judge(answer["productVariantDetachMedia"]["userErrors"])
    free = [each for each in ours if not shown[each] or shown[each] in before]
    for some in _hundreds([{"variantId": each, "mediaIds": [goal.media]} for each in free]):
        answer = ask(account, documents.APPEND_TO_VARIANTS, {"id": product, "media": some})
        judge(answer["productVariantAppendMedia"]["userErrors"])


def _hundreds(pairs: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    """As many as one call takes."""
    for index in range(0, len(pairs), 100):
        yield pairs[index : index + 100]


def _without(account: Account, gallery: Gallery, media: str, *, ours: bool = False) -> Gallery:
    """The file leaves the product, not the shop: it may be used elsewhere, and can be put back."""
    found = gallery.find(media)
    if found is None:
        return gallery
    if found.status == FAILED:
        # Shopify takes no reference from a file that it could not process.
        if not ours:
            return gallery
        delete(account, [media])
    else:
        files = [{"id": media, "referencesToRemove": [gallery.product]}]
        judge(ask(account, documents.UPDATE_FILE, {"files": files})["fileUpdate"]["userErrors"])
    return replace(gallery, media=tuple(each for each in gallery.media if each.id != media))


def _confirmed(place: Place, gallery: Gallery, media: Media | None) -> Sent:
    shown = gallery.shown()
    image = next((each for each in shown if media and each.remote_id == media.id), None)
    if image and place.variant:
        image = RemoteImage(image.remote_id, 0, image.url, alt=image.alt)
    return Sent(Outcome.CONFIRMED, image=image, url=gallery.url, gallery=shown)
