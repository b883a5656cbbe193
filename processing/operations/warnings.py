"""Everything a finished image can carry a warning about: code and sentence, in one place."""

from __future__ import annotations

from collections.abc import Collection

from processing.operations.base import Warning

ENLARGED_FROM = 2.0
LOW_CONFIDENCE_BELOW = 0.5

_SIDES = ("top", "right", "bottom", "left")


def enlarged(scale: float) -> Warning:
    return Warning(
        "enlarged",
        f"The photo was enlarged {scale:.1f} times and may look soft. A larger photo gives a sharper image.",
    )


def upscaled(scale: float) -> Warning:
    return Warning(
        "upscaled",
        f"The picture was scaled up {scale:.2g} times. Google Merchant Center does not accept scaled-up images, nor "
        "does any other profile that forbids them: use a larger photo there.",
    )


def not_enlarged(width: int, height: int) -> Warning:
    return Warning(
        "not_enlarged",
        f"The picture is smaller than what was asked for and was not enlarged: it is {width} × {height} pixels. "
        "Send enlarge=true, or upscale it.",
    )


def margin_reduced(sides: Collection[str]) -> Warning:
    return Warning(
        "margin_reduced",
        f"The photo ends before the margin does: there is less free space than asked for at the {_listed(sides)}.",
    )


def subject_cut_off(sides: Collection[str]) -> Warning:
    return Warning(
        "subject_cut_off",
        f"The photo cuts the product off at the {_listed(sides)}, so it stays on that edge of the image.",
    )


def low_confidence(value: float, reasons: Collection[str]) -> Warning:
    because = f" ({', '.join(reasons)})" if reasons else ""
    return Warning(
        "low_confidence",
        f"The cut-out may be wrong: confidence {value:.2f}{because}. Look at it before it is published.",
    )


def engine_grabcut() -> Warning:
    return Warning(
        "engine_grabcut",
        "No segmentation model was used: the built-in GrabCut engine is reliable on plain backdrops only.",
    )


def alpha_kept() -> Warning:
    return Warning("alpha_kept", "The photo was already cut out, so its own transparency was kept.")


def no_ground() -> Warning:
    return Warning(
        "no_ground",
        "The photo cuts the product off at the bottom, so there is no ground to cast a shadow on.",
    )


def prompt_matched_style(style: str, words: Collection[str]) -> Warning:
    understood = f" ({', '.join(words)})" if words else "; none of its words is known here"
    return Warning(
        "prompt_matched_style",
        f"No text-to-image engine is set up, so the prompt chose the built-in style {style}{understood}.",
    )


def seed_without_effect() -> Warning:
    return Warning(
        "seed_without_effect",
        "The text-to-image engine takes no seed: the same request will give another picture.",
    )


def text_reduced() -> Warning:
    return Warning(
        "text_reduced",
        "The text did not fit into the picture at that size and was drawn smaller.",
    )


def _listed(sides: Collection[str]) -> str:
    named = [side for side in _SIDES if side in sides]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
