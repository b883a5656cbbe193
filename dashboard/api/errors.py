"""What can be wrong with a call as such, whatever it asks for."""

from __future__ import annotations

from accounts.kit.errors import InvalidInput, PackshotError


class BodyTooLarge(PackshotError):
    """The request as a whole is larger than any request of its kind can be."""

    code = "body_too_large"
    status = 413
    title = "Request too large"


class UnsupportedBody(PackshotError):
    """The body is neither multipart nor JSON."""

    code = "unsupported_content_type"
    status = 415
    title = "Unsupported content type"


class MethodNotAllowed(PackshotError):
    """The address exists, but not for this method; the Allow header names those it knows."""

    code = "method_not_allowed"
    status = 405
    title = "Method not allowed"


class ImageUrlFailed(InvalidInput):
    """The image at an address cannot be had; the sentence says what happened there."""

    code = "image_url_failed"
    title = "The image cannot be fetched"


class JobCanceled(PackshotError):
    """Somebody canceled the job while the call was waiting for it."""

    code = "job_canceled"
    status = 409
    title = "Canceled"


class NotInTime(PackshotError):
    """The image was not finished while the call could wait. Its job was canceled, and nothing is charged."""

    code = "not_in_time"
    status = 504
    title = "Not finished in time"
    retryable = True
