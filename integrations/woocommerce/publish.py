"""Getting an image into a WooCommerce product, and the old one back.

With an application password the bytes are sent to the media library once, and named by their id from then on. Without
one the shop fetches the image from its address, inside of the call that names it: a call whose answer is lost may still
be going on, so what it did is looked for, by the file's name, before it is made again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from integrations.base import Account, Blame, MarketplaceError, RemoteImage
from integrations.publishing import (
    Capabilities,
    Issue,
    Memory,
    Outcome,
    Picture,
    Place,
    Publisher,
    Removal,
    Sent,
    Shown,
)
from integrations.reachability import base_url_is_public
from integrations.understood import understood
from integrations.woocommerce import gallery, media, removal

# What is remembered of the new image, and of our copy of the old one: the attachment's id, the name of its file, and
# since when the shop may be fetching it (unix seconds).
_NEW, _OLD = "new", "old"
_EMPTIED = "emptied"
# As long as WordPress gives itself to fetch a file.
_FETCHES_FOR = 300
_LOOK_AGAIN = 30
# After these the shop may still be at it.
_NO_ANSWER = {"timeout", "broken_off", "shop_error"}
_REFUSED = {"woocommerce_product_image_upload_error", "woocommerce_variation_image_upload_error", "image_refused"}
_NOT_THERE = {"woocommerce_product_invalid_image_id", "woocommerce_variation_invalid_image_id"}


class WooCommercePublisher(Publisher):
    files_stay = True

    def capabilities(self, account: Account) -> Capabilities:
        pushes, pulls = media.has_password(account), base_url_is_public()
        why_not = (
            "The shop cannot fetch images from this installation. Add a WordPress application password to the "
            "connection, and they are sent to it instead."
        )
        return Capabilities(
            places=100, variant_images=True, pulls=pulls, pushes=pushes, why_not="" if pulls or pushes else why_not,
            removes=pushes, removal_needs="" if pushes else removal.WHAT_IS_NEEDED,
        )  # fmt: skip

    @understood
    def shown(self, account: Account, place: Place) -> Shown:
        return gallery.read(account, place)

    @understood
    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        index = _index(place, before)
        now = gallery.read(account, place)
        there = gallery.image_at(place, now, index)
        if _is(there, memory, _NEW):
            return _confirmed(now, there)
        if not _same(there, before.image):
            return _changed(
                "Somebody has changed this place while the image was on its way. Look at it, then try again."
            )
        texts = {"alt": picture.alt, "name": picture.name}
        if before.image:
            texts = {"alt": before.image.alt, "name": before.image.name or picture.name}
        return _put(account, place, now, index, picture, memory, _NEW, texts)

    @understood
    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        """Nothing goes on in the background here: publish has said all."""
        now = gallery.read(account, place)
        return _confirmed(now, now.image)

    @understood
    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        index, old = _index(place, before), before.image
        now = gallery.read(account, place)
        there = gallery.image_at(place, now, index)
        if not _is(there, memory, _NEW):
            _wait_for_the_fetch(memory, _NEW)  # or the new image would come after the old one
        if old is None and (there is None or (memory.get(_EMPTIED) and not _is(there, memory, _NEW))):
            return _confirmed(now, None)
        if old is not None and (_same(there, old) or _is(there, memory, _OLD)):
            return _confirmed(now, there)
        if not _is(there, memory, _NEW):
            return _changed("Somebody has put another image there since, so it was left alone.")
        if old is None:
            memory.keep({_EMPTIED: "1"})
            return _confirmed(gallery.write(account, place, gallery.without(place, now, index)), None)
        if not memory.get(_OLD) and not memory.get(_file(_OLD)):
            try:
                listed = gallery.replaced(place, now, index, {"id": int(old.remote_id)})
                after = gallery.write(account, place, listed)
                return _confirmed(after, gallery.image_at(place, after, index))
            except MarketplaceError as error:
                if error.code not in _NOT_THERE:
                    raise
        if kept is None:
            detail = "The old image is not in the shop's media library any more, and there is no copy of it here."
            return Sent(Outcome.REJECTED, issues=(Issue("old_image_gone", detail),))
        return _put(account, place, now, index, kept, memory, _OLD, {"alt": old.alt, "name": old.name})

    @understood
    def remove(self, account: Account, remote_id: str, product: str, memory: Mapping[str, str]) -> Removal:
        return removal.remove(account, remote_id, product, file=memory.get(_file(_NEW), ""))


def _put(
    account: Account, place: Place, now: Shown, index: int, picture: Picture, memory: Memory, which: str,
    texts: Mapping[str, str],
) -> Sent:  # fmt: skip
    """Brings the picture into the shop, where it is not yet, and into its place."""
    try:
        image = {**_brought(account, picture, memory, which), **{key: text for key, text in texts.items() if text}}
        after = gallery.write(account, place, gallery.replaced(place, now, index, image))
    except MarketplaceError as error:
        return _refused(error, memory, which)
    there = gallery.image_at(place, after, index)
    if there is None or _same(there, gallery.image_at(place, now, index)):
        # Looked for again in the next try: it may be there all the same.
        raise MarketplaceError(
            "not_there", "The shop has answered as if it had taken the image, and does not show it in its place.",
            blame=Blame.SHOP, permanent=False,
        )  # fmt: skip
    memory.keep({which: there.remote_id, _since(which): ""})
    return _confirmed(after, there)


def _brought(account: Account, picture: Picture, memory: Memory, which: str) -> dict[str, Any]:
    """How the shop knows the image: by its id, or by the address to fetch it from."""
    if memory.get(which):
        return {"id": int(memory[which])}
    if media.has_password(account):
        slug = media.slug_of(picture)
        found = media.find(account, slug) if memory.get(_file(which)) == slug else ""
        memory.keep({_file(which): slug})
        found = found or media.upload(account, picture)
        memory.keep({which: found})
        return {"id": int(found)}
    _wait_for_the_fetch(memory, which)
    if not picture.url:
        raise MarketplaceError(
            "unreachable_for_shop",
            "The shop cannot fetch images from this installation. Add a WordPress application password to the "
            "connection.",
            blame=Blame.US, permanent=True,
        )  # fmt: skip
    stem = urlsplit(picture.url).path.rpartition("/")[2].rpartition(".")[0]
    memory.keep({_file(which): stem, _since(which): str(int(time.time()))})
    return {"src": picture.url}


def _wait_for_the_fetch(memory: Memory, which: str) -> None:
    """Raises MarketplaceError while a call without an answer may still be going on at the shop."""
    since = memory.get(_since(which))
    if since and (left := int(since) + _FETCHES_FOR - int(time.time())) > 0:
        raise MarketplaceError(
            "still_fetching", "The shop has not said yet whether it has the image. It is asked again in a moment.",
            blame=Blame.SHOP, permanent=False, retry_after=min(left, _LOOK_AGAIN),
        )  # fmt: skip


def _refused(error: MarketplaceError, memory: Memory, which: str) -> Sent:
    """What the shop said to the image itself is an answer; the rest is raised again."""
    if error.code in _NO_ANSWER or error.code == "still_fetching":
        raise error
    memory.keep({_since(which): ""})
    if error.code in _NOT_THERE and memory.get(which):
        memory.keep({which: "", _file(which): ""})
        raise MarketplaceError(
            "upload_gone", "Somebody has deleted the new image from the media library. It is sent again.",
            blame=Blame.SHOP, permanent=False, said=error.said,
        )  # fmt: skip
    if error.code not in _REFUSED | _NOT_THERE:
        raise error
    detail = error.detail
    if "getting remote image" in error.said.lower():
        detail = (
            f"The shop could not fetch the image from this installation: “{error.said}” With a WordPress application "
            "password in the connection images are sent to it instead."
        )
    return Sent(Outcome.REJECTED, issues=(Issue(error.code, detail, said=error.said),))


def _index(place: Place, before: Shown) -> int:
    """A place beyond the end of the gallery is the one after its last image."""
    return 0 if place.variant else min(place.position or 0, len(before.gallery))


def _is(image: RemoteImage | None, memory: Memory, which: str) -> bool:
    """Whether it is the one that we have brought: by its id, or by its file where no answer has told the id."""
    if image is None:
        return False
    if memory.get(which):
        return image.remote_id == memory[which]
    stem = memory.get(_file(which))
    return bool(stem) and urlsplit(image.url).path.rpartition("/")[2].startswith(stem)


def _same(one: RemoteImage | None, other: RemoteImage | None) -> bool:
    return (one.remote_id if one else None) == (other.remote_id if other else None)


def _file(which: str) -> str:
    return f"{which}.file"


def _since(which: str) -> str:
    return f"{which}.since"


def _confirmed(now: Shown, image: RemoteImage | None) -> Sent:
    return Sent(Outcome.CONFIRMED, image=image, gallery=now.gallery or None)


def _changed(detail: str) -> Sent:
    return Sent(Outcome.REJECTED, issues=(Issue("changed_since", detail),))
