"""Bytes to Shopify: a staged upload, whose address a mutation then takes the image from."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.base import Account, Blame, MarketplaceError
from integrations.publishing import Picture
from integrations.shopify import documents, wire
from integrations.shopify.client import ask

_SECONDS = 120.0


def stage(account: Account, picture: Picture, filename: str) -> str:
    """The address to name as the image's source. Nothing is seen of it in the shop. Raises MarketplaceError."""
    data = picture.read()
    wanted = {
        "filename": filename,
        "mimeType": picture.media_type,
        "resource": "IMAGE",
        "httpMethod": "POST",
        "fileSize": str(len(data)),
    }
    answer = ask(account, documents.STAGE, {"input": [wanted]}, private=True)["stagedUploadsCreate"]
    targets = answer["stagedTargets"] or []
    if answer["userErrors"] or not targets or not targets[0]["url"] or not targets[0]["resourceUrl"]:
        said = " ".join(each["message"] for each in answer["userErrors"])[:200]
        raise MarketplaceError(
            "upload_refused", f"Shopify does not take this upload: {said or 'it named no place for it'}.",
            blame=Blame.SHOP, permanent=True, said=said,
        )  # fmt: skip
    _send(account, targets[0]["url"], targets[0]["parameters"], data, filename, picture.media_type)
    return str(targets[0]["resourceUrl"])


def _send(
    account: Account, url: str, parameters: Sequence[Mapping[str, Any]], data: bytes, filename: str, media_type: str
) -> None:
    """A form with the file as its last field, as the storage behind it asks for. No token is sent there."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{each["name"]}"\r\n\r\n{each["value"]}\r\n'.encode()
        for each in parameters
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    content = b"".join([*parts, head.encode(), data, f"\r\n--{boundary}--\r\n".encode()])
    answer = wire.exchange(
        account,
        "POST",
        url,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        content=content,
        seconds=_SECONDS,
        logged=f"POST {url.partition('?')[0]} {filename}, {len(data):,} bytes",
        private=True,
    )
    if answer.status >= 300:
        # Its permission ends soon; the next try gets a new one.
        raise MarketplaceError(
            "upload_failed", f"Shopify's storage did not take the image (status {answer.status}). It is tried again.",
            blame=Blame.SHOP, permanent=False,
        )  # fmt: skip
