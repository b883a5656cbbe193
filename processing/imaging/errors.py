"""Why an image is refused, each reason with a code and a sentence of its own."""

from __future__ import annotations

from accounts.kit.errors import InvalidImage


class UnsupportedImage(InvalidImage):
    """The bytes are of no format that is read here, whatever the file's name says."""

    code = "unsupported_type"
    status = 415
    title = "Unsupported file type"


class TooManyBytes(InvalidImage):
    """The file is larger than the limit."""

    code = "file_too_large"
    status = 413
    title = "File too large"


class TooManyPixels(InvalidImage):
    """The picture has more pixels than the limit, whatever the file weighs."""

    code = "too_many_pixels"
    status = 413
    title = "Image too large"


class EmptyImage(InvalidImage):
    """The file has no bytes, or the picture no pixels."""

    code = "empty_image"
    title = "Empty image"


class AnimatedImage(InvalidImage):
    """More than one frame or page; which of them is the product photo cannot be known."""

    code = "animated_image"
    title = "Animated image"


class TruncatedImage(InvalidImage):
    """The file ends before the picture does."""

    code = "truncated_image"
    title = "Truncated image"

    def __init__(self, detail: str = "The file ends before the picture does. Send it again, whole.") -> None:
        super().__init__(detail)


class BrokenImage(InvalidImage):
    """The file starts like an image, but what follows cannot be read."""

    code = "broken_image"
    title = "Broken image"


class ContradictoryImage(InvalidImage):
    """The file says one thing about its picture and holds another, or hides a second file behind it."""

    code = "contradictory_image"
    title = "Contradictory image"


class InvisibleImage(InvalidImage):
    """Every pixel is transparent and there is no picture underneath."""

    code = "invisible_image"
    title = "Nothing to see"


class NoSubject(InvalidImage):
    """Nothing is left of the photo."""

    code = "no_subject"
    title = "No subject"

    def __init__(self) -> None:
        super().__init__("No subject was found in this image. Use a photo in which the product stands out.")
