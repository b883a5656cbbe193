"""`{{ image|doubts }}`: why a cut-out is doubtful, in words. What a warning of the image tells better is left out."""

from __future__ import annotations

from django import template

from processing.models import JobImage

register = template.Library()

_WORDS = {
    "soft_edges": "Much of the outline is undecided",
    "spill": "Some of the background may be left",
    "see_through": "Much of the inside looks like the backdrop",
    "fragments": "There are small pieces beside the product",
    "patchy": "Parts of the product may be missing",
    "cut_off": "The photo cuts the product off",
    "small": "Hardly any product was found",
    "fills_frame": "Hardly any background was found",
}
_TOLD_BY = {"cut_off": "subject_cut_off"}


@register.filter
def doubts(image: JobImage) -> list[str]:
    """One sentence without its full stop for each reason, the weightiest first."""
    told = {warning["code"] for warning in image.warnings}
    return [
        _WORDS.get(reason) or reason.replace("_", " ").capitalize()
        for reason in image.confidence_reasons
        if _TOLD_BY.get(reason) not in told
    ]
