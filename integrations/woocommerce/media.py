"""WordPress's media library: where images are sent to with an application password, and old ones taken from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from integrations import wire
from integrations.base import Account, Blame, MarketplaceError
from integrations.publishing import Picture
from integrations.woocommerce import diagnosis

USER, PASSWORD = "wp_user", "wp_password"
_SECONDS = 120.0
_NO_UPLOADS = "This WordPress user may not upload files. Use an author, a shop manager or an administrator."
_LONGEST = 60


def has_password(account: Account) -> bool:
    return bool(account.credentials.get(USER) and account.credentials.get(PASSWORD))


def check(account: Account) -> None:
    """Whether the user may upload. Changes nothing. Raises MarketplaceError that names the field."""
    me = _call(account, "GET", "users/me", {"context": "edit", "_fields": "id,capabilities"})
    can = me.get("capabilities") if isinstance(me, dict) else None
    if not isinstance(can, dict) or not can.get("upload_files"):
        raise MarketplaceError("no_uploads", _NO_UPLOADS, blame=Blame.CREDENTIALS, permanent=True, field=USER)


def slug_of(picture: Picture) -> str:
    """By which an upload is found again: the file's name, and the same few characters in every try."""
    stem = re.sub(r"[^a-z0-9]+", "-", picture.filename.rpartition(".")[0].lower()).strip("-")[:_LONGEST]
    mark = hashlib.sha256(picture.key.encode()).hexdigest()[:10]
    return f"{stem}-{mark}" if stem else f"image-{mark}"


def upload(account: Account, picture: Picture) -> str:
    """The new attachment's id. Raises MarketplaceError."""
    extension = picture.filename.rpartition(".")[2]
    headers = {
        "Content-Type": picture.media_type,
        "Content-Disposition": f'attachment; filename="{slug_of(picture)}.{extension}"',
    }
    return _id(_call(account, "POST", "media", {"_fields": "id"}, headers=headers, content=picture.read()))


def find(account: Account, slug: str) -> str:
    """The id of an upload whose answer was lost; empty where there is none."""
    found = _call(account, "GET", "media", {"slug": slug, "_fields": "id", "per_page": "1"})
    return _id(found[0]) if isinstance(found, list) and found else ""


def attachment(account: Account, number: str) -> dict[str, Any] | None:
    """`id`, `post` (what it hangs on, or null) and `source_url`; None where it is gone."""
    try:
        row = _call(account, "GET", f"media/{number}", {"_fields": "id,post,source_url"})
    except MarketplaceError as error:
        if error.code == "rest_post_invalid_id":
            return None
        raise
    _id(row)
    return dict(row)


def is_mentioned(account: Account, words: str) -> bool:
    """Whether a page, a post or anything else of text that is public has these words in it."""
    query = {"search": words, "type": "post", "subtype": "any", "per_page": "1", "_fields": "id"}
    return bool(_call(account, "GET", "search", query))


def delete(account: Account, attachment: str) -> None:
    """For good, with its files. One that is gone already is fine."""
    try:
        _call(account, "DELETE", f"media/{attachment}", {"force": "true", "_fields": "id"})
    except MarketplaceError as error:
        if error.code != "rest_post_invalid_id":
            raise


def _call(
    account: Account,
    method: str,
    path: str,
    query: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Any:
    user, password = account.credentials[USER], account.credentials[PASSWORD]
    basic = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    url = f"{account.address}/wp-json/wp/v2/{path}?{urlencode(query)}"
    sent = {**(headers or {}), "Authorization": f"Basic {basic}"}
    told = f"{method} {url}"
    if content and headers:
        told += f"\n{headers['Content-Disposition']}, {len(content)} bytes"
    answer = wire.logged(
        account, told, lambda: wire.exchange(method, url, sent, content, seconds=_SECONDS), token=basic
    )
    parsed = answer.json
    if answer.status < 300 and parsed is not None:
        return parsed
    code = str(parsed.get("code", "")) if isinstance(parsed, dict) else ""
    said = str(parsed.get("message", ""))[:200] if isinstance(parsed, dict) else ""
    raise _refusal(answer.status, code, said) or diagnosis.refusal(account, answer)


def _refusal(status: int, code: str, said: str) -> MarketplaceError | None:
    if code in {"incorrect_password", "invalid_username", "invalid_email", "rest_not_logged_in"}:
        return MarketplaceError(
            "wrong_app_password",
            "WordPress does not know this user with this application password. Make a new one under Users > Profile > "
            "Application Passwords, and copy it whole.",
            blame=Blame.CREDENTIALS, permanent=True, field=PASSWORD, said=said,
        )  # fmt: skip
    if code == "rest_cannot_delete":
        return MarketplaceError(
            "no_removal",
            "This WordPress user may not delete the file. Use an editor, a shop manager or an administrator.",
            blame=Blame.SHOP, permanent=True, said=said,
        )  # fmt: skip
    if code in {"rest_cannot_create", "rest_cannot_edit", "rest_forbidden"}:
        return MarketplaceError(
            "no_uploads", _NO_UPLOADS, blame=Blame.CREDENTIALS, permanent=True, field=USER, said=said
        )
    if status == 413 or code.startswith("rest_upload_"):
        return MarketplaceError(
            "image_refused", f"WordPress does not take this file: {said or 'it is larger than its server allows'}.",
            blame=Blame.SHOP, permanent=True, said=said,
        )  # fmt: skip
    return None


def _id(row: Any) -> str:
    if isinstance(row, dict) and isinstance(row.get("id"), int):
        return str(row["id"])
    raise MarketplaceError(
        "unexpected", "WordPress's answer names no upload. A plugin may have changed it.", blame=Blame.SHOP,
        permanent=True,
    )  # fmt: skip
