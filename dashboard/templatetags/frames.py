"""`{{ image|frame }}`: where the photo lies on the image that was made of it, for the slider that compares them."""

from __future__ import annotations

from django import template

from processing.models import JobImage

register = template.Library()


@register.filter(name="frame")
def frame_of(image: JobImage) -> str:
    """x, y, width and height in percent of the image; empty where it is not known."""
    if not image.frame or not image.output:
        return ""
    across, down = 100 / image.output.width, 100 / image.output.height
    x, y, width, height = image.frame
    return f"{x * across:.3f} {y * down:.3f} {width * across:.3f} {height * down:.3f}"
