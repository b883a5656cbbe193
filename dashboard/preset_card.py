"""What a preset produces, in the few words and numbers of its card."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from processing.operations.process import ProcessParameters

_FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WebP", "avif": "AVIF"}
_GROUNDS = {
    "#ffffff": gettext_noop("White"),
    "#fff": gettext_noop("White"),
    "#000000": gettext_noop("Black"),
    "#000": gettext_noop("Black"),
    "transparent": gettext_noop("Transparent"),
}
_SHADOWS = {
    "contact": gettext_noop("{ground}, contact shadow"),
    "drop": gettext_noop("{ground}, drop shadow"),
    "reflection": gettext_noop("{ground}, reflection"),
}


def card(parameters: ProcessParameters, *, short: bool = False) -> tuple[str, ...]:
    """Size, margin, ground and file; `short` says no more of the quality than its number."""
    return (_size(parameters), _margin(parameters), _ground(parameters), _file(parameters, short=short))


def _size(parameters: ProcessParameters) -> str:
    if parameters.width and parameters.height:
        return gettext("{width} × {height} px").format(width=parameters.width, height=parameters.height)
    if parameters.width:
        return gettext("{width} px wide").format(width=parameters.width)
    if parameters.height:
        return gettext("{height} px high").format(height=parameters.height)
    return gettext("Photo's size")


def _margin(parameters: ProcessParameters) -> str:
    margins = parameters.margins
    if margins is None:
        return gettext("Photo's framing")
    if len(set(margins)) == 1:
        return gettext("{percent:.3g} % margin").format(percent=100 * margins[0])
    return gettext("Own margins")


def _ground(parameters: ProcessParameters) -> str:
    background = parameters.background
    if ":" in background:
        ground = gettext("Gradient")
    else:
        ground = gettext(_GROUNDS[background]) if background in _GROUNDS else background.capitalize()
    return gettext(_SHADOWS[parameters.shadow]).format(ground=ground) if parameters.shadow in _SHADOWS else ground


def _file(parameters: ProcessParameters, *, short: bool) -> str:
    name = _FORMATS[parameters.format]
    if parameters.format == "png":
        return name
    if short:
        return f"{name} {parameters.jpeg_quality}"
    return gettext("{name}, quality {quality}").format(name=name, quality=parameters.jpeg_quality)
