"""What should be known before an operation is run, in the organization's own case."""

from __future__ import annotations

from django.conf import settings

from accounts.access.actor import Actor
from processing.operations.generate_background import GenerateBackground
from processing.operations.upscale import Upscale
from processing.queries.compliance import forbidding_enlarging


def operation_note(actor: Actor, operation: str) -> str:
    """One or two sentences, or nothing."""
    if operation == Upscale.name:
        titles = forbidding_enlarging(actor)
        return f"Not accepted by {_listed(titles)}: use a larger photo there." if titles else ""
    if operation == GenerateBackground.name and not settings.IMAGES_ENDPOINT_URL:
        return (
            "No text-to-image engine is set up here: the words of a prompt choose among the styles and their colours."
        )
    return ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
