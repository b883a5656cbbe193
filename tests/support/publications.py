"""Publications worked on as a worker would, with their images where the shop of the test can fetch them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils import timezone

from integrations.actions.publishing.picture import new_picture, old_picture
from integrations.actions.publishing.turn import work
from integrations.models import Publication, PublicationAttempt
from tests.support.picture_host import PictureHost
from tests.support.woocommerce_peer import Shop


def serve(row: Publication, host: PictureHost) -> None:
    """As BASE_URL serves its images: at their public addresses."""
    for picture in (new_picture(row), old_picture(row)):
        if picture and picture.url:
            host.files[urlsplit(picture.url).path] = picture.read()


def worked(row: Publication, host: PictureHost, *, turns: int = 1) -> Publication:
    """After a turn of a worker, or more of them, with nothing to wait for."""
    for _ in range(turns):
        row = Publication.unscoped.get(pk=row.pk)
        serve(row, host)
        Publication.unscoped.filter(pk=row.pk).update(not_before=timezone.now())
        work(row.pk)
    return Publication.unscoped.get(pk=row.pk)


def seen(peer: Shop, index: int = 0, product: int = 1) -> bytes:
    """What customers see there."""
    return peer.images.files[peer.products[product]["images"][index]["id"]].data()


def writes(peer: Shop) -> list[str]:
    return [call.method for call in peer.calls if call.method != "GET"]


def attempts(row: Publication) -> list[PublicationAttempt]:
    return list(PublicationAttempt.unscoped.filter(publication=row).order_by("pk"))
