"""The headers of answers, in the OpenAPI document."""

from __future__ import annotations

from typing import Any

_COUNT = {"type": "integer", "minimum": 0}
_TEXT = {"type": "string"}

_EVERY_ANSWER: dict[str, tuple[dict[str, Any], object, str]] = {
    "X-Request-Id": (_TEXT, "01985b6c7a3e7c1d9b0a2f6c1d4e5f60",
                     "The id of this call. Name it when you ask about one; your own X-Request-Id is taken over."),
    "x-ratelimit-limit": (_COUNT, 600, "Calls that the window holds."),
    "x-ratelimit-remaining": (_COUNT, 599, "Calls left in this window."),
    "x-ratelimit-reset": (_COUNT, 1, "Seconds until all calls are back."),
    "x-ratelimit-retry-after": (_COUNT, 0, "Seconds to wait before the next call; 0 unless it was refused."),
    "RateLimit-Policy": (_TEXT, '"key";q=600;w=60', "The limit that applies: q calls in w seconds."),
    "RateLimit": (_TEXT, '"key";r=599;t=1', "What is left: r calls, all of them back in t seconds."),
}  # fmt: skip
_SOME_ANSWERS: dict[str, tuple[dict[str, Any], object, str]] = {
    "X-Credits-Charged": (_COUNT, 1, "What this call has cost."),
    "X-Credits-Remaining": ({"type": "integer"}, 99, "The balance after it."),
    "Retry-After": (_COUNT, 7, "Seconds to wait before the call is sent again."),
    "WWW-Authenticate": (_TEXT, 'Bearer realm="Packshot"', "The kind of credential that is missing, or the scope."),
    "Idempotent-Replayed": ({"type": "string", "enum": ["true"]}, "true",
                            "The stored answer to an earlier request with this Idempotency-Key."),
}  # fmt: skip


_OF_DEPRECATED: dict[str, tuple[dict[str, Any], object, str]] = {
    "Deprecation": (_TEXT, "@1793491200", "Since when the call is deprecated (RFC 9745), in unix seconds."),
    "Sunset": (_TEXT, "Fri, 31 Dec 2027 00:00:00 GMT", "When it will end (RFC 8594)."),
    "Link": (_TEXT, '<https://images.example.com/api/v1/process>; rel="successor-version"', "What takes its place."),
}


def components() -> dict[str, Any]:
    """`components.headers`."""
    return {
        name: {"description": words, "schema": schema, "example": example, "required": name == "X-Request-Id"}
        for name, (schema, example, words) in (_EVERY_ANSWER | _SOME_ANSWERS | _OF_DEPRECATED).items()
    }


def add(operation: dict[str, Any], *, method: str, credits: bool) -> None:
    """Names on every answer of a call the headers that it carries."""
    for status, answer in operation["responses"].items():
        names = list(_EVERY_ANSWER)
        if operation.get("deprecated"):
            names += _OF_DEPRECATED
        if status in {"401", "403"}:
            names.append("WWW-Authenticate")
        if status == "429" or (status == "409" and method == "post"):
            names.append("Retry-After")
        if credits and status not in {"401", "429"}:
            names += ["X-Credits-Charged", "X-Credits-Remaining"]
        if method == "post" and status.startswith("2"):
            names.append("Idempotent-Replayed")
        answer["headers"] = answer.get("headers", {}) | {name: _reference(name) for name in names}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}
