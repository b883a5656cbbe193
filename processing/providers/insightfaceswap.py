"""The InsightFaceSwap bot on Discord: `/saveid` keeps the source's face, `/swapid` lays it onto the target."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from accounts.kit.outbound import OutboundError, fetch
from processing.providers.base import (
    Login,
    OutOfCredits,
    Picture,
    Provider,
    ProviderCredits,
    ProviderFailed,
    Swapped,
    SwapRefused,
)
from processing.providers.discord import Discord

_NAME = "packshot"
_CREDITS = re.compile(r"credits?\D{0,40}?(\d{1,9})\s*/\s*(\d{1,9})", re.IGNORECASE)
_SPENT = re.compile(
    r"(not enough|insufficient|no more|out of|exceed\w*|run out of)[^.]{0,30}(credit|quota|limit)", re.I
)
_MODERATED = re.compile(r"nsfw|moderat|inappropriate|sensitive|not allowed|prohibited|violat", re.IGNORECASE)
_NO_FACE = re.compile(
    r"(no|cannot|can't|could not|couldn't|unable to)\s+(find|detect|any)?\s*(a |any )?(valid )?face", re.I
)
_BROKEN = re.compile(r"error|fail|invalid|try again|unknown", re.IGNORECASE)


def provider() -> Provider | None:
    """The provider that the operator has set up (DISCORD_API_URL), or None."""
    return InsightFaceSwap() if settings.DISCORD_API_URL else None


class InsightFaceSwap:
    name = "insightfaceswap"

    def check(self, login: Login) -> ProviderCredits | None:
        discord = self._discord(login)
        if discord.server_of_channel() != login.server:
            raise ProviderFailed("This channel belongs to another Discord server.", cools=0)
        after = discord.last_message()
        discord.send("listid")
        _, message = self._answer(discord, "listid", after, time.monotonic() + 20, lambda: None)
        return _credits(message)

    def swap(self, login: Login, *, source: Picture, target: Picture, go_on: Callable[[], None]) -> Swapped:
        discord = self._discord(login)
        until = time.monotonic() + settings.FACE_SWAP_SECONDS
        go_on()
        after = discord.last_message()
        discord.send("saveid", text=_NAME, picture=source)
        after, message = self._answer(discord, "saveid", after, until, go_on)
        _judge(message)
        go_on()
        discord.send("swapid", text=_NAME, picture=target)
        _, message = self._answer(discord, "swapid", after, until, go_on)
        return Swapped(_picture(message), _credits(message))

    def _discord(self, login: Login) -> Discord:
        return Discord(settings.DISCORD_API_URL, login, bot=settings.FACE_SWAP_BOT)

    def _answer(
        self, discord: Discord, name: str, after: int, until: float, go_on: Callable[[], None]
    ) -> tuple[int, dict[str, Any]]:
        return discord.answer(name, after=after, until=until, pause=settings.FACE_SWAP_POLL_SECONDS, go_on=go_on)


def _picture(message: dict[str, Any]) -> bytes:
    attachments = message.get("attachments") or []
    if not attachments:
        _judge(message)
        raise ProviderFailed("The face-swap bot answered without a picture.")
    try:
        return fetch(str(attachments[0].get("url", "")), max_bytes=settings.MAX_UPLOAD_BYTES).data
    except OutboundError as error:
        raise ProviderFailed(f"The bot's picture could not be fetched: {error.detail}") from None


def _judge(message: dict[str, Any]) -> None:
    """What the bot's words mean; they themselves go no further."""
    said = _words(message)
    if _SPENT.search(said):
        raise OutOfCredits("The account has no credits left at the provider.", cools=3600)
    if _NO_FACE.search(said):
        raise SwapRefused(
            "The provider found no face in one of the pictures. Use one that shows a face from the front."
        )
    if _MODERATED.search(said):
        raise SwapRefused("The provider's moderation refused one of the pictures.")
    if _BROKEN.search(said):
        raise ProviderFailed("The face-swap bot answered with an error.")


def _credits(message: dict[str, Any]) -> ProviderCredits | None:
    found = _CREDITS.search(_words(message))
    if found is None:
        return None
    used, total = int(found[1]), int(found[2])
    return ProviderCredits(total=total, used=min(used, total))


def _words(message: dict[str, Any]) -> str:
    embeds = message.get("embeds") or []
    texts = [message.get("content"), *(each.get(key) for each in embeds for key in ("title", "description"))]
    return " ".join(str(text) for text in texts if text)
