"""The body of a call, multipart or JSON: text fields and files, nothing dropped, nothing guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError

from accounts.kit.errors import FieldError, InvalidInput
from dashboard.api import idempotent
from dashboard.api.body_stream import CountedBody
from dashboard.api.errors import BodyTooLarge, UnsupportedBody

# JSON holds addresses and numbers, never an image.
_JSON_LIMIT = 1_000_000
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
# Mostly a shell has eaten the quotes.
_NOT_JSON = "The body is not JSON. Send one object, with its names and texts in double quotes."
_WANTED = "Send multipart/form-data (with curl: -F image=@photo.jpg) or application/json."


@dataclass(frozen=True, slots=True)
class Body:
    """`fields`: as they were sent, text in a form, any JSON value in JSON. `files`: the file parts by field."""

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[UploadedFile]] = field(default_factory=dict)


def read_body(request: HttpRequest, *, limit: int, repeatable: Collection[str] = ()) -> Body:
    """Reads a body of at most `limit` bytes. Fields named in `repeatable` are lists where they come several times.

    Raises UnsupportedBody (415), BodyTooLarge (413), InvalidInput (400). Claims the Idempotency-Key of a POST, so every
    POST reads its body here, also one that needs none; raises what `idempotent.claim` raises.
    """
    body = _read(request, limit, repeatable)
    idempotent.claim(request, body)
    return body


def _read(request: HttpRequest, limit: int, repeatable: Collection[str]) -> Body:
    kind = request.content_type or ""
    if kind == "multipart/form-data":
        return _multipart(request, CountedBody(request, limit=limit), repeatable)
    if kind == "application/json":
        return _json(CountedBody(request, limit=min(limit, _JSON_LIMIT)))
    if not CountedBody(request, limit=limit).read(1):
        return Body()
    raise UnsupportedBody(f"A body of the type {kind} is not read here. {_WANTED}" if kind else _WANTED)


def _json(stream: CountedBody) -> Body:
    data = stream.read_all()
    if not data.strip():
        return Body()
    try:
        value = json.loads(data, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # also: not UTF-8, a number of thousands of digits
        raise InvalidInput(_NOT_JSON) from None
    if not isinstance(value, dict):
        raise InvalidInput("The body must be a JSON object: {…}, not an array or a single value.")
    _check_text(value)
    return Body(fields=value)


def _multipart(request: HttpRequest, stream: CountedBody, repeatable: Collection[str]) -> Body:
    try:
        post, files = request.parse_file_upload({**request.META, "CONTENT_LENGTH": str(stream.length)}, stream)  # type: ignore[arg-type]
    except MultiPartParserError as error:
        raise InvalidInput(f"The multipart body cannot be read: {error}") from None
    except RequestDataTooBig:
        raise BodyTooLarge("The text fields are too long. Images go into file fields.") from None
    except SuspiciousOperation:
        raise InvalidInput("The request has too many fields.") from None
    # An empty form is nothing but its closing line.
    if not post and not files and stream.length > len((request.content_params or {}).get("boundary", "")) + 16:
        raise InvalidInput("The multipart body has no fields. Is its boundary the one that Content-Type names?")
    fields: dict[str, Any] = {}
    for name, values in post.lists():
        fields[name] = values if name in repeatable and len(values) > 1 else values[-1]
    _refuse_repeated((name for name, values in post.lists() if len(values) > 1 and name not in repeatable))
    _check_text(fields)
    return Body(fields, {name: list(parts) for name, parts in files.lists()})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    _refuse_repeated(sorted({name for name in names if names.count(name) > 1}) if len(names) < 1000 else ())
    return dict(pairs)


def _refuse_repeated(names: Iterable[str]) -> None:
    errors = tuple(FieldError(name, f"{name} was sent more than once.") for name in names)
    if errors:
        raise InvalidInput(" ".join(error.detail for error in errors), errors=errors)


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _check_text(fields: dict[str, Any]) -> None:
    """NUL and halves of surrogate pairs are no text, however deep they stand: databases and file names cannot hold
    them."""
    for name, value in fields.items():
        if any(_NO_TEXT.search(text) for text in _texts(name, value)):
            shown = name.encode("ascii", "replace").decode().replace("\0", "?")
            raise InvalidInput(f"{shown} holds characters that are not text.", field=shown)


def _texts(*values: Any) -> Iterator[str]:
    """Every text in values of JSON. Not by recursion: they may be as deep as the parser lets pass."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value
            waiting += value.values()
