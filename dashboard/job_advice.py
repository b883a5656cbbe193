"""What to do about a photo that failed: one sentence after its cause."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_ADVICE = {
    "no_subject": gettext_noop(
        "Take a photo in which the product stands out from what is behind it, and process that."
    ),
    "backdrop_not_plain": gettext_noop(
        "Photograph the product on a plain backdrop, or ask the operator to install a model."
    ),
    "output_too_large": gettext_noop("Choose a smaller width or height and process the photo again."),
    "source_deleted": gettext_noop("Upload the photo again and process it from the Studio."),
    "worker_lost": gettext_noop("Run it again. If it happens twice, the photo may be too large for this machine."),
    "out_of_memory": gettext_noop(
        "Choose a smaller size or send a smaller photo, or ask the operator for workers with more memory."
    ),
    "took_too_long": gettext_noop(
        "Run it again. If it happens twice, choose a smaller size or fewer steps, or send a smaller photo."
    ),
    "internal_error": gettext_noop(
        "Run it again. If it happens twice, send the job's id to whoever runs this installation."
    ),
    "model_not_installed": gettext_noop(
        "Ask whoever runs this installation to fetch the model, or choose another one."
    ),
    "model_unavailable": gettext_noop("Ask whoever runs this installation to fetch the model, or choose another one."),
    "model_broken": gettext_noop("Ask whoever runs this installation to fetch the model again."),
}
_OF_THE_FILE = gettext_noop("Open the photo in an image program, save it again, and upload that.")
_FILE_CODES = ("image", "truncated", "unsupported", "animated", "too_large", "decode")


def advice(error: dict[str, str] | None) -> str:
    """The next step; what is not known better is run again."""
    if not error:
        return ""
    code = error.get("code", "")
    if code in _ADVICE:
        return gettext(_ADVICE[code])
    if any(word in code for word in _FILE_CODES):
        return gettext(_OF_THE_FILE)
    return gettext("Run it again, or try another photo.")
