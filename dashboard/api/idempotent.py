"""`Idempotency-Key` on a POST: claimed once its body is read, settled with its answer."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.kit.errors import InvalidInput, NotFound
from accounts.limits import idempotency
from accounts.limits.idempotency import Answer
from dashboard.api.call import Call, call_of
from dashboard.session import client_ip
from processing.actions import blobs
from processing.models import Asset

if TYPE_CHECKING:
    from dashboard.api.body import Body

HEADER = "Idempotency-Key"
_LONGEST = 255
# A string of RFC 8941, or its characters bare.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BARE = re.compile(r"[!#-~]+")
# Written anew on every answer: they belong to the call, not to what it did.
_OF_THE_CALL = {
    "content-length", "date", "x-request-id", "content-security-policy", "permissions-policy", "x-frame-options",
    "x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "vary", "server-timing",
}  # fmt: skip


class Replayed(Exception):
    """This call was answered before: `response` is that answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__("answered before")
        self.response = response


def claim(request: HttpRequest, body: Body) -> None:
    """Claims the key of a POST that carries one. Raises Replayed, StillRunning (409), KeyReused (422)."""
    if request.method != "POST" or HEADER not in request.headers:
        return
    key = _key_of(request.headers[HEADER])
    call = call_of(request)
    found = idempotency.begin(_scope(request, call), key, _fingerprint(request, body))
    if isinstance(found, Answer):
        raise Replayed(_replay(found))
    call.claim = found


def settle(call: Call, response: HttpResponseBase) -> None:
    """Stores the answer of a call that has a claim, or frees its key."""
    if call.claim is None:
        return
    headers = {name: value for name, value in response.items() if name.lower() not in _OF_THE_CALL}
    file_id = None
    text = ""
    if isinstance(response, HttpResponse):
        if response.headers.get("Content-Type", "").startswith("image/"):
            file_id = uuid.UUID(response["X-File-Id"])
        else:
            text = response.content.decode()
    idempotency.settle(call.claim, Answer(response.status_code, headers, text, file_id))


def _replay(answer: Answer) -> HttpResponse:
    content: str | bytes = answer.body
    if answer.file_id:
        asset = Asset.unscoped.select_related("blob").filter(pk=answer.file_id).first()
        if asset is None:
            raise NotFound("This call was answered with an image that has been deleted since.")
        content = blobs.read(asset.blob)
    response = HttpResponse(content, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def _key_of(header: str) -> str:
    text = header.strip()
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r'\\(["\\])', r"\1", quoted[1]) if quoted else text if _BARE.fullmatch(text) else ""
    if not 0 < len(key) <= _LONGEST:
        raise InvalidInput(
            f"Idempotency-Key must be 1 to {_LONGEST} characters, bare or in double quotes, such as a UUID.",
            field=HEADER,
        )
    return key


def _scope(request: HttpRequest, call: Call) -> str:
    if call.actor and call.actor.api_key:
        return f"key:{call.actor.api_key.pk}"
    return f"ip:{client_ip(request)}"


def _fingerprint(request: HttpRequest, body: Body) -> str:
    """Of what was asked for, not of how it was packed: boundaries and the order of fields differ between retries."""
    files = {name: [_digest(part) for part in parts] for name, parts in body.files.items()}
    asked: Mapping[str, object] = {
        "method": request.method,
        "path": request.get_full_path(),
        "fields": body.fields,
        "files": files,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest(part: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in part.chunks():
        digest.update(chunk)
    part.seek(0)
    return digest.hexdigest()
