"""The `webhooks` of the document: what we send to an endpoint of yours, one entry for each type of event."""

from __future__ import annotations

from typing import Any

from dashboard.api.job_samples import CANCELED, FAILED

_JOB = {"$ref": "#/components/schemas/JobAnswer"}


def _text(description: str, example: str | None) -> dict[str, Any]:
    kind: Any = "string" if example is not None else ["string", "null"]
    return {"type": kind, "description": description, "examples": [example]}


def _object(**fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


_ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
_PUBLICATION = _object(
    publicationId=_text("As in /api/v1/publications.", _ID),
    status=_text("Where the publication stands.", "confirmed"),
    issues={"type": "array", "items": {"type": "object"}, "description": "What the shop said about it: "
            "`code`, `detail`, `severity` (error or warning) and `said`, the shop's own words.", "examples": [[]]},
    remoteUrl=_text("The product in the shop, for people; null where it is not known.", None),
)  # fmt: skip
_EVENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "job.succeeded": ("A job has succeeded", "At least one image was made. One event for a whole batch.", _JOB),
    "job.failed": ("A job has failed", "No image could be made; `error` says why. Nothing was charged.", _JOB),
    "job.canceled": ("A job was canceled", "Images that were finished before are in `outputs`.", _JOB),
    "publication.confirmed": ("An image is live", "The shop has confirmed the new image.", _PUBLICATION),
    "publication.rejected": ("An image was rejected", "The shop refused it; `issues` says why.", _PUBLICATION),
    "publication.failed": (
        "A publication has failed",
        "The shop could not be reached or did not show it; `issues` says why.",
        _PUBLICATION,
    ),
    "sync.finished": (
        "A catalog was read",
        "The products of a connected shop are up to date.",
        _object(
            connectionId=_text("The connected shop.", _ID),
            products={"type": "integer", "description": "Products that the shop has.", "examples": [412]},
        ),
    ),
    "credits.low": (
        "Credits are running low",
        "The balance has fallen below 10 (setting). Sent once; again only after it was above.",
        _object(
            remaining={"type": "integer", "description": "Credits that can still be spent.", "examples": [8]},
        ),
    ),
    "connection.broken": (
        "A shop does not let us in",
        "Connect it again on the Integrations page.",
        _object(
            connectionId=_text("The connected shop.", _ID),
            reason=_text("What the shop said.", "The access token was revoked."),
        ),
    ),
    "webhook.test": (
        "A test",
        "Sent from the Webhooks page to see whether an endpoint answers.",
        _object(message=_text("For people.", "This is a test. Your endpoint answers.")),
    ),
}
# What the data of an event has other than the examples of its fields say.
_DATA: dict[str, dict[str, Any]] = {
    "job.failed": FAILED,
    "job.canceled": CANCELED,
    "publication.rejected": {
        "status": "rejected",
        "issues": [
            {
                "code": "image_too_small",
                "severity": "error",
                "detail": "The image is smaller than 500 pixels.",
                "said": "20001",
            }
        ],
    },
    "publication.failed": {
        "status": "failed",
        "issues": [
            {
                "code": "not_shown",
                "severity": "error",
                "detail": "The shop has accepted the image, and still shows another one after three days.",
                "said": "",
            }
        ],
    },
}
_HEADERS = {
    "webhook-id": ({"type": "string"}, "msg_01985b6c7a3e7c1d9b0a2f6c1d4e5f60",
                   "The event's id, the same in every try: use it to work on an event once."),
    "webhook-timestamp": ({"type": "integer"}, 1795426200,
                          "When this try was sent, in unix seconds. Refuse what is older than five minutes."),
    "webhook-signature": ({"type": "string"}, "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
                          "`v1,` and the base 64 of HMAC-SHA256 over `id.timestamp.body` with your secret (what "
                          "follows `whsec_`, decoded from base 64); several are divided by a space."),
}  # fmt: skip
ABOUT = (
    "Signed as Standard Webhooks 1.0 asks. Any 2xx is success; a redirect is a failure; 410 disables the endpoint. "
    "Other answers, or none within 15 seconds, are tried again after 5 seconds, 5 and 30 minutes, 2, 5, 10, 14, 20 "
    "and 24 hours; `Retry-After` is honoured."
)


def event_types() -> list[str]:
    """Every type that the document describes."""
    return list(_EVENTS)


def add(document: dict[str, Any]) -> None:
    document["webhooks"] = {
        name: {"post": _operation(name, title, words, data)} for name, (title, words, data) in _EVENTS.items()
    }


def _operation(name: str, title: str, words: str, data: dict[str, Any]) -> dict[str, Any]:
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"const": name, "description": "What has happened."},
            "timestamp": {
                "type": "string",
                "format": "date-time",
                "description": "When it happened.",
                "examples": ["2026-11-21T09:30:00Z"],
            },
            "data": data,
        },
    }
    return {
        "operationId": "on" + "".join(part.capitalize() for part in name.split(".")),
        "summary": title,
        "description": f"{words}\n\n{ABOUT}",
        "tags": ["Webhooks"],
        "x-example": {"data": _DATA.get(name, {})},
        "security": [],
        "parameters": [
            {"in": "header", "name": header, "required": True, "schema": schema, "example": example,
             "description": description}
            for header, (schema, example, description) in _HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "You have it. The body is not read."},
            "410": {"description": "You do not want these any more: the endpoint is disabled."},
        },
    }  # fmt: skip
