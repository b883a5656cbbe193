"""Discord's HTTP API, as far as commands of a bot need it: upload, send a command, wait for the bot's answer."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx2

from accounts.kit.ids import uuid7
from accounts.kit.outbound import OutboundError, check_url, client
from processing.providers.base import Login, Picture, ProviderFailed

_COMMAND, _CHAT_INPUT, _TEXT, _ATTACHMENT = 2, 1, 3, 11
_THINKING = 1 << 7  # flag of a message that the bot has not written yet
_EXCHANGE_SECONDS = 20.0
_MOST_BYTES = 4_000_000
_REFUSED_COOLS = 3600.0


class Discord:
    """Calls in the name of one login. `base`: such as https://discord.com/api/v9."""

    def __init__(self, base: str, login: Login, *, bot: str) -> None:
        self._base = base.rstrip("/")
        self._login = login
        self._bot = bot

    def server_of_channel(self) -> str:
        return str(self._call("GET", f"/channels/{self._login.channel}").get("guild_id", ""))

    def command(self, name: str) -> dict[str, Any]:
        """The bot's command of that name on this server. Raises ProviderFailed where the bot is not there."""
        found = self._call("GET", f"/guilds/{self._login.server}/application-command-index")
        for command in found.get("application_commands", ()):
            if str(command.get("application_id")) == self._bot and command.get("name") == name:
                return dict(command)
        raise ProviderFailed("The face-swap bot is not on this Discord server. Invite it.", cools=_REFUSED_COOLS)

    def last_message(self) -> int:
        """0 for an empty channel."""
        found = self._messages("limit=1")
        return int(found[0]["id"]) if found else 0

    def upload(self, picture: Picture) -> dict[str, str]:
        """What a command names the picture by."""
        asked = {"files": [{"filename": picture.name, "file_size": len(picture.data), "id": "0"}]}
        answer = self._call("POST", f"/channels/{self._login.channel}/attachments", asked)
        try:
            place = answer["attachments"][0]
            address, name = str(place["upload_url"]), str(place["upload_filename"])
        except (KeyError, IndexError, TypeError):
            raise ProviderFailed("Discord took no upload.") from None
        self._exchange("PUT", address, content=picture.data, headers={"Content-Type": "application/octet-stream"})
        return {"id": "0", "filename": picture.name, "uploaded_filename": name}

    def send(self, name: str, *, text: str = "", picture: Picture | None = None) -> None:
        """Sends a command with `idname` and `image` where they are given."""
        command = self.command(name)
        options: list[dict[str, Any]] = []
        if text:
            options.append({"type": _TEXT, "name": "idname", "value": text})
        attachments = []
        if picture:
            options.append({"type": _ATTACHMENT, "name": "image", "value": 0})
            attachments.append(self.upload(picture))
        data = {
            "version": command.get("version"),
            "id": command.get("id"),
            "name": name,
            "type": _CHAT_INPUT,
            "options": options,
            "attachments": attachments,
        }
        self._call(
            "POST",
            "/interactions",
            {
                "type": _COMMAND,
                "application_id": self._bot,
                "guild_id": self._login.server,
                "channel_id": self._login.channel,
                "session_id": secrets.token_hex(16),
                "nonce": str(uuid7().int >> 65),
                "data": data,
            },
        )

    def answer(
        self, name: str, *, after: int, until: float, pause: float, go_on: Callable[[], None]
    ) -> tuple[int, dict[str, Any]]:
        """The bot's first finished message to that command beyond `after`, and its id. `until`: monotonic seconds."""
        while time.monotonic() < until:
            go_on()
            for message in reversed(self._messages(f"limit=20&after={after}")):
                ours = str(message.get("author", {}).get("id")) == self._bot
                command = (message.get("interaction") or message.get("interaction_metadata") or {}).get("name", name)
                if ours and command == name and not int(message.get("flags", 0)) & _THINKING:
                    return int(message["id"]), message
            time.sleep(pause)
        raise ProviderFailed("The face-swap bot did not answer in time.")

    def _messages(self, query: str) -> list[dict[str, Any]]:
        """Newest first."""
        found = self._exchange(
            "GET", f"{self._base}/channels/{self._login.channel}/messages?{query}", headers=self._own
        )
        if not isinstance(found, list):
            raise ProviderFailed("Discord answered in a form that is not known here.")
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        content = json.dumps(body).encode() if body is not None else None
        headers = self._own | ({"Content-Type": "application/json"} if content else {})
        found = self._exchange(method, self._base + path, content=content, headers=headers)
        return found if isinstance(found, dict) else {}

    @property
    def _own(self) -> dict[str, str]:
        return {"Authorization": self._login.token}

    def _exchange(
        self, method: str, url: str, *, content: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The JSON of a good answer, None for one without. Its own words go no further: they may name the account."""
        try:
            with (
                client(seconds=_EXCHANGE_SECONDS) as opened,
                opened.stream(method, check_url(url), content=content, headers=headers) as response,
            ):
                status = response.status_code
                wait = response.headers.get("retry-after", "")
                data = b""
                for part in response.iter_bytes():
                    data += part
                    if len(data) > _MOST_BYTES:
                        raise ProviderFailed("Discord answered with too much.")
        except httpx2.TimeoutException:
            raise ProviderFailed("Discord did not answer in time.") from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise ProviderFailed("Discord could not be reached.") from None
        except OutboundError as error:
            raise ProviderFailed(f"Discord cannot be called: {error.detail}") from None
        if status in {401, 403}:
            raise ProviderFailed("Discord does not accept this token here (any more).", cools=_REFUSED_COOLS)
        if status == 404:
            raise ProviderFailed("Discord does not know this channel or server.", cools=_REFUSED_COOLS)
        if status == 429:
            raise ProviderFailed("Discord asks this account to slow down.", cools=max(_seconds(wait), 60.0))
        if not 200 <= status < 300:
            raise ProviderFailed(f"Discord answered with status {status}.")
        try:
            return json.loads(data) if data.strip() else None
        except ValueError:
            return None


def _seconds(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 3600.0)
    except ValueError:
        return 0.0
