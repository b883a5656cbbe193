"""A text-to-image engine behind an OpenAI-compatible images endpoint (IMAGES_ENDPOINT_URL)."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

import httpx2
from django.conf import settings

from accounts.kit.outbound import OutboundError, check_url, client, fetch
from processing.engines.errors import ImageEngineFailed, PromptRefused
from processing.engines.text_to_image import TextToImage
from processing.imaging.errors import EmptyImage, UnsupportedImage
from processing.imaging.sniff import HEAD, sniff

_MOST_BYTES = 60_000_000  # of an answer: a picture of 40 MB in base 64
_SIZES = ((1024, 1024), (1536, 1024), (1024, 1536))
# How the different servers say that they do not want to: OpenAI, Azure, and those after their pattern.
_REFUSALS = ("moderation", "content_policy", "content_filter", "safety", "responsibleai")


def text_to_image() -> TextToImage | None:
    """The engine that the operator has set up, or None."""
    if not settings.IMAGES_ENDPOINT_URL:
        return None
    return ImagesEndpoint(
        url=settings.IMAGES_ENDPOINT_URL,
        key=settings.IMAGES_ENDPOINT_KEY,
        model=settings.IMAGES_ENDPOINT_MODEL,
        takes_seed=settings.IMAGES_ENDPOINT_SEED,
        seconds=settings.IMAGES_ENDPOINT_SECONDS,
    )


@dataclass(frozen=True, slots=True)
class ImagesEndpoint:
    """`POST url` with model, prompt, n and size; the answer holds `data[0].b64_json` or `data[0].url`."""

    url: str
    key: str
    model: str
    takes_seed: bool
    seconds: float

    @property
    def name(self) -> str:
        return self.model or "text-to-image"

    def picture(self, prompt: str, *, width: int, height: int, seed: int) -> bytes:
        nearest = min(_SIZES, key=lambda size: abs(size[0] / size[1] - width / height))
        asked: dict[str, Any] = {"prompt": prompt, "n": 1, "size": f"{nearest[0]}x{nearest[1]}"}
        if self.model:
            asked["model"] = self.model
        if self.takes_seed:
            asked["seed"] = seed
        status, body = self._exchange(json.dumps(asked).encode())
        answer = _object(body)
        if status != 200:
            raise _refused(status, answer)
        return _checked(self._found(answer))

    def _exchange(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        try:
            with (
                client(seconds=self.seconds) as opened,
                opened.stream("POST", check_url(self.url), headers=headers, content=body) as response,
            ):
                parts, size = [], 0
                for part in response.iter_raw():
                    parts.append(part)
                    size += len(part)
                    if size > _MOST_BYTES:
                        raise ImageEngineFailed("The text-to-image engine answered with more than 60 MB.")
                return response.status_code, b"".join(parts)
        except httpx2.TimeoutException:
            raise ImageEngineFailed(
                f"The text-to-image engine did not answer within {self.seconds:g} seconds. Try again later."
            ) from None
        except httpx2.HTTPError:
            raise ImageEngineFailed("The text-to-image engine could not be reached. Try again later.") from None
        except OutboundError as error:
            raise ImageEngineFailed(f"The text-to-image engine cannot be called: {error.detail}") from None

    def _found(self, answer: dict[str, Any]) -> bytes:
        data = answer.get("data")
        first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
        if isinstance(coded := first.get("b64_json"), str) and coded:
            try:
                return base64.b64decode(coded, validate=True)
            except (binascii.Error, ValueError):
                raise ImageEngineFailed("The text-to-image engine answered with broken base 64.") from None
        if isinstance(url := first.get("url"), str) and url:
            try:
                return fetch(url, max_bytes=settings.MAX_UPLOAD_BYTES).data
            except OutboundError as error:
                raise ImageEngineFailed(
                    f"The picture of the text-to-image engine could not be fetched: {error.detail}"
                ) from None
        raise ImageEngineFailed("The text-to-image engine answered without a picture.")


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refused(status: int, answer: dict[str, Any]) -> PromptRefused | ImageEngineFailed:
    """What an error answer means. Its own text goes no further: it may quote the key or the account."""
    error = answer.get("error")
    words = json.dumps(error).lower() if error else ""
    if status in {400, 403, 422, 451} and any(word in words for word in _REFUSALS):
        return PromptRefused("The text-to-image engine refused this prompt. Describe the backdrop in other words.")
    if status in {401, 403}:
        return ImageEngineFailed(
            "The text-to-image engine does not accept this installation's key. The operator must set "
            "IMAGES_ENDPOINT_KEY anew."
        )
    if status == 429:
        return ImageEngineFailed("The text-to-image engine is busy, or its quota is used up. Try again later.")
    return ImageEngineFailed(f"The text-to-image engine answered with status {status}. Try again later.")


def _checked(data: bytes) -> bytes:
    try:
        sniff(data[:HEAD])
    except (UnsupportedImage, EmptyImage):
        raise ImageEngineFailed("The text-to-image engine answered with something that is not an image.") from None
    return data
