"""Photos on their way in, from wherever: looked at first, kept afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import FieldError, PackshotError
from processing.actions.assets import limits, save_upload
from processing.imaging.inspect import inspect
from processing.models import Asset


class NewPhoto(Protocol):
    """A photo that is not kept yet. `read` may be called more than once; `field` is where it was sent."""

    name: str
    field: str

    def read(self) -> bytes: ...


def size_of(photo: NewPhoto) -> tuple[int, int]:
    """Width and height in pixels. Raises, naming the field, for what cannot be had or worked on."""
    try:
        info = inspect(photo.read(), limits())
    except PackshotError as error:
        error.field = error.field or photo.field
        error.errors = error.errors or (FieldError(photo.field, error.detail),)
        raise
    return info.width, info.height


def keep(
    actor: Actor,
    photo: NewPhoto,
    *,
    expires_at: datetime | None = None,
    needs: Permission = Permission.IMAGES_WRITE,
) -> Asset:
    """The photo as a file of the organization. Raises as `size_of` does, and then keeps nothing."""
    size_of(photo)
    return save_upload(actor, data=photo.read(), name=photo.name, expires_at=expires_at, needs=needs)
