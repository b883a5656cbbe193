"""What should be known before an operation is run, in the organization's own case."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext

from accounts.access.actor import Actor
from processing.operations.generate_background import GenerateBackground
from processing.operations.upscale import Upscale
from processing.queries.compliance import forbidding_enlarging


def operation_note(actor: Actor, operation: str) -> str:
    """One or two sentences, or nothing."""
    if operation == Upscale.name:
        titles = forbidding_enlarging(actor)
        return (
            gettext("Not accepted by {listed}: use a larger photo there.").format(listed=_listed(titles))
            if titles
            else ""
        )
    if operation == GenerateBackground.name and not settings.IMAGES_ENDPOINT_URL:
        return gettext(
            "No text-to-image engine is set up here: the words of a prompt choose among the styles and their colours."
        )
    return ""


def _listed(names: list[str]) -> str:
    return (
        names[0]
        if len(names) == 1
        else gettext("{names} and {names_2}").format(names=", ".join(names[:-1]), names_2=names[-1])
    )
