"""A real-looking sentence for each error of the documents: what a caller reads when it happens."""

from __future__ import annotations

from accounts.kit.errors import FieldError
from dashboard.error_list import ErrorEntry

SAMPLE_ID = "01985b6c7a3e7c1d9b0a2f6c1d4e5f60"

_SENTENCES = {
    "unauthorized": "Send your API key as x-api-key, or as Authorization: Bearer.",
    "missing_scope": "This API key lacks the scope images:write.",
    "insufficient_credits": "This costs 1 credit and 0 are left.",
    "budget_spent": "The team EU shop has 3 of its 2,000 credits of this month left, and this costs 5. An admin can "
    "raise the budget.",
    "storage_full": "The plan Basic has room for 5.00 GB of images, and 5.00 GB are stored. Delete some, or ask for a "
    "larger plan.",
    "not_found": "There is no such file.",
    "no_subject": "No subject was found in this image. Use a photo in which the product stands out.",
    "rate_limited": "This API key has made 600 calls in a minute, which is its limit. Try again in 7 s.",
    "too_busy": "So many images wait that this one would take about 260 s. Nothing was charged; send it again in 60 s.",
    "idempotency_key_reused": "This Idempotency-Key was used for another request. Send a new key with a new request.",
    "idempotency_in_progress": "A call with this Idempotency-Key is still running. Send it again in a moment.",
    "conflict": "This job has already succeeded.",
    "job_canceled": "The job was canceled while this call waited for it.",
    "body_too_large": "The request weighs 75.2 MB. At most 61 MB are possible here.",
    "unsupported_content_type": "A body of the type text/plain is not read here. Send multipart/form-data or "
    "application/json.",
}
_FIELDS = {
    "invalid_input": (FieldError("width", "width must be a whole number from 1 to 10000."),),
    "compliance_failed": (FieldError("overrideReason", "Background: It is not pure white."),),
    "image_url_failed": (FieldError("imageUrl", "imageUrl: example.com answered with 404."),),
    "file_too_large": (FieldError("image", "The file weighs 41.3 MB. Send at most 30 MB."),),
}


def sample_of(error: ErrorEntry) -> tuple[str, tuple[FieldError, ...]]:
    """The sentence, and the fields that it names."""
    fields = _FIELDS.get(error.code, ())
    return (fields[0].detail if fields else _SENTENCES.get(error.code, error.meaning)), fields
