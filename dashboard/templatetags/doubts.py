"""`{{ image|doubts }}`: why a cut-out is doubtful, in words. What a warning of the image tells better is left out."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext, gettext_noop

from processing.models import JobImage

register = template.Library()

_WORDS = {
    "soft_edges": gettext_noop("Much of the outline is undecided"),
    "spill": gettext_noop("Some of the background may be left"),
    "see_through": gettext_noop("Much of the inside looks like the backdrop"),
    "fragments": gettext_noop("There are small pieces beside the product"),
    "patchy": gettext_noop("Parts of the product may be missing"),
    "cut_off": gettext_noop("The photo cuts the product off"),
    "small": gettext_noop("Hardly any product was found"),
    "fills_frame": gettext_noop("Hardly any background was found"),
}
_TOLD_BY = {"cut_off": "subject_cut_off"}


@register.filter
def doubts(image: JobImage) -> list[str]:
    """One sentence without its full stop for each reason, the weightiest first."""
    told = {warning["code"] for warning in image.warnings}
    return [
        gettext(_WORDS[reason]) if reason in _WORDS else reason.replace("_", " ").capitalize()
        for reason in image.confidence_reasons
        if _TOLD_BY.get(reason) not in told
    ]
