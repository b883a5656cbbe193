"""Bytes into a goal's file: the update of one that is there, or a new one in the product. Never a second one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from integrations.base import Account, Blame, MarketplaceError
from integrations.publishing import Picture, Place
from integrations.shopify import documents
from integrations.shopify.client import ask
from integrations.shopify.gallery import FAILED, READY, Gallery, Media, read
from integrations.shopify.goal import Goal, Notes, attach, delete
from integrations.shopify.refusals import Refused, judge
from integrations.shopify.upload import stage

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}


def mark(picture: Picture) -> str:
    """In the name of a new file, the same for every try of one publication."""
    return hashlib.sha256(picture.key.encode()).hexdigest()[:10]


def update(account: Account, place: Place, goal: Goal, picture: Picture, notes: Notes) -> None:
    """Nothing where an earlier try has been taken. Raises MarketplaceError, Refused."""
    media = read(account, place.product).find(goal.media)
    if media is None or (notes.get("sent") and (media.status != READY or media.stamp != goal.stamp)):
        return
    if media.status != READY:
        raise busy()
    # The file keeps its ending, so that of the upload must be the same.
    name = PurePosixPath(urlsplit(media.url).path).name or new_name(picture, mark(picture))
    source = _source(account, picture, name, notes)
    notes.keep(sent="1")
    files = [{"id": media.id, "originalSource": source}]
    _take(ask(account, documents.UPDATE_FILE, {"files": files})["fileUpdate"]["userErrors"], notes)


def bring(account: Account, place: Place, goal: Goal, picture: Picture | None, notes: Notes) -> Goal:
    """The goal with its file, which is in the product then. Raises MarketplaceError, Refused."""
    gallery = read(account, place.product)
    if goal.media:
        if goal.attach and gallery.find(goal.media) is None:
            attach(account, place.product, goal.media)
        return goal
    if picture is None:
        raise MarketplaceError("no_copy", "The image is not kept here any more.", blame=Blame.US, permanent=True)
    if notes.get("adding"):
        found = ours(account, gallery, goal)
        if found:
            return notes.keep_goal(replace(goal, media=found.id))
    else:
        goal = replace(goal, known=tuple(each.id for each in gallery.media))
    source = _source(account, picture, new_name(picture, goal.mark), notes)
    notes.keep_goal(goal, adding="1")
    wanted = {"originalSource": source, "alt": goal.alt, "mediaContentType": "IMAGE"}
    variables = {"product": {"id": place.product}, "media": [wanted]}
    _take(ask(account, documents.ADD_MEDIA, variables)["productUpdate"]["userErrors"], notes)
    gallery = read(account, place.product)
    pending = [each for each in _new(gallery, goal) if not each.url]
    found = pending[0] if len(pending) == 1 else ours(account, gallery, goal)
    if found is None:
        raise busy()
    return notes.keep_goal(replace(goal, media=found.id))


def new_name(picture: Picture, marked: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", PurePosixPath(picture.filename).stem.lower()).strip("-")[:60]
    return f"{stem or 'image'}-{marked}{_ENDINGS.get(picture.media_type, '.jpg')}"


def busy() -> MarketplaceError:
    return MarketplaceError(
        "busy", "Shopify is still working on an image of this product. It is tried again.", blame=Blame.SHOP,
        permanent=False,
    )  # fmt: skip


def ours(account: Account, gallery: Gallery, goal: Goal) -> Media | None:
    """What an earlier try has added; None where it has not. Raises `busy` where that cannot be told yet.

    An image has no address, and so no name, until it has been processed.
    """
    new = _new(gallery, goal)
    marked = [each for each in new if goal.mark in each.url]
    if marked:
        if len(marked) > 1:
            delete(account, [each.id for each in marked[1:]])
        return marked[0]
    pending = [each for each in new if not each.url]
    if len(pending) == 1 and pending[0].status == FAILED:
        return pending[0]
    if any(each.status != FAILED for each in pending):
        raise busy()
    return None


def _new(gallery: Gallery, goal: Goal) -> list[Media]:
    return [each for each in gallery.media if each.is_image and each.id not in goal.known]


def _source(account: Account, picture: Picture, name: str, notes: Notes) -> str:
    source = notes.get("source")
    if not source:
        source = stage(account, picture, name)
        notes.keep(source=source)
    return source


def _take(errors: list[dict[str, object]], notes: Notes) -> None:
    try:
        judge(errors)
    except Refused as refused:
        if refused.code == "INVALID_IMAGE_SOURCE_URL" or "url is invalid" in refused.said.lower():
            # The upload has ended meanwhile.
            notes.keep(source="", sent="")
            raise MarketplaceError(
                "upload_ended", "The upload had ended before Shopify took the image. It is sent again.",
                blame=Blame.SHOP, permanent=False, said=refused.said,
            ) from None  # fmt: skip
        raise
