"""An organization's rule that its images are deleted after some days, with what its shops still need of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef

from accounts.access.actor import Actor
from integrations.models import Publication
from processing.actions import image_retention


def set_rule(actor: Actor, *, days: int | None, agreed: bool = False) -> None:
    """As processing.actions.image_retention has it."""
    image_retention.set_rule(actor, days=days, agreed=agreed, needed=_needed())


def sweep(now: datetime | None = None) -> None:
    """The keeper's part."""
    image_retention.sweep(needed=_needed(), now=now)


def _needed() -> Exists:
    """An image whose publication has not ended, waits for a second person, or is being put back."""
    return Exists(Publication.unscoped.filter(image=OuterRef("pk"), status__in=Publication.OPEN))
