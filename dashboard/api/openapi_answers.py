"""Answers in the OpenAPI document: every refusal that can happen, and an example of each answer."""

from __future__ import annotations

from typing import Any

from dashboard.api.families import Family, Shape, shape_of
from dashboard.api.openapi_samples import sample
from dashboard.error_list import ErrorEntry, every_error

# Errors that come from looking at a picture or from working on it.
_OF_IMAGES = ("processing.",)
_OF_SPACE = "processing.actions.space"
_OF_IMAGE_CALLS = {"invalid_image", "image_url_failed", "job_canceled", "insufficient_credits"}
_WORDS = {
    400: "Something about the request is wrong; the answer names each field.",
    401: "No credential, or one that is not good any more.",
    402: "Not enough credits, or no room left in the plan. Nothing was done.",
    403: "The credential does not reach this far; the answer names the scope.",
    404: "It does not exist, or it is not yours.",
    409: "Not possible in the state that things are in.",
    413: "Too large. The limit is in the sentence.",
    415: "Of a type that is not read here.",
    422: "The Idempotency-Key was used for another request.",
    429: "Too many calls. Retry-After says how long to wait.",
    504: "The work did not end in time. It was canceled, and nothing is charged.",
}


def add_refusals(
    operation: dict[str, Any], *, shape: Shape, method: str, guarded: bool, works: bool, found_by_id: bool
) -> None:
    """Completes the refusals: those that an endpoint names itself, and those that any call of its kind can meet.

    `works`: it works on a picture, wherever that is from."""
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    statuses = {int(status) for status in responses if int(status) >= 400 and status != "416"} | {429}
    statuses |= {401, 403} if guarded else set()
    statuses |= {404} if found_by_id else set()
    statuses |= {400, 409, 413, 415, 422} if method == "post" else set()
    statuses |= {400} if any(parameter["in"] == "query" for parameter in operation["parameters"]) else set()
    images = works or _takes_images(operation)
    known = [error for error in every_error() if _can_meet(error, shape, method, images)]
    for status in sorted(statuses):
        codes = [error for error in known if error.status == status]
        answer = responses.setdefault(str(status), {})
        answer["description"] = _WORDS[status]
        answer["content"] = {
            shape.media_type: {
                "schema": {"$ref": f"#/components/schemas/{shape.schema}"},
            }
        }
        if codes:
            answer["content"][shape.media_type]["examples"] = {
                error.code: {"$ref": f"#/components/examples/{_name(shape, error)}"} for error in codes
            }
    operation["responses"] = dict(sorted(responses.items()))


def samples(family: Family) -> dict[str, Any]:
    """`components.examples`: one for each error, in each shape in which the family says it."""
    shapes = {shape_of(path) for source in family.sources for path in (source.only or {f"{source.prefix}/"})}
    if family.slug == "":
        shapes |= {shape_of("/api/v1/user/credits")}
    return {
        _name(shape, error): {"summary": error.title, "description": error.meaning, "value": shape.sample(error)}
        for shape in sorted(shapes, key=lambda each: each.name)
        for error in every_error()
    }


def add_examples(document: dict[str, Any]) -> None:
    """An example beside every answer and JSON body that has none.

    `x-example` of an operation: what its good answer, or the body of an event, has other than the examples of its
    fields say. A canceled job has not succeeded."""
    events = document.get("webhooks", {})
    for operations in (*document["paths"].values(), *events.values()):
        for operation in operations.values():
            changes = operation.pop("x-example", {})
            event = operations in events.values()
            _add(document, operation.get("requestBody", {}), changes if event else {})
            for status, answer in operation["responses"].items():
                _add(document, answer, changes if status.startswith("2") and not event else {})


def _add(document: dict[str, Any], body: dict[str, Any], changes: dict[str, Any]) -> None:
    for kind, media in body.get("content", {}).items():
        if kind.endswith("json") and "example" not in media and "examples" not in media:
            media["example"] = _changed(sample(media["schema"], document), changes)


def _changed(value: Any, changes: dict[str, Any]) -> Any:
    """Objects are changed field by field, everything else as a whole; fields that the value lacks are left out."""
    if not isinstance(value, dict):
        return value
    return value | {
        name: _changed(value[name], change) if isinstance(change, dict) and isinstance(value[name], dict) else change
        for name, change in changes.items()
        if name in value
    }


def _takes_images(operation: dict[str, Any]) -> bool:
    return "multipart/form-data" in operation.get("requestBody", {}).get("content", {})


def _can_meet(error: ErrorEntry, shape: Shape, method: str, images: bool) -> bool:
    if error.module == _OF_SPACE and shape.name != "backgroundcut":
        return False
    if error.code.startswith("idempotency") or "idempotency" in error.module:
        return method == "post"
    if error.code == "conflict":
        return True
    return images or not (error.module.startswith(_OF_IMAGES) or error.code in _OF_IMAGE_CALLS)


def _name(shape: Shape, error: ErrorEntry) -> str:
    return error.code if shape.name == "problem" else f"{shape.name}_{error.code}"
