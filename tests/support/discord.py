"""Discord with the InsightFaceSwap bot, as far as the product calls it: channels, commands, uploads, messages."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.support.photos import product_photo
from tests.support.serving import Quiet, Said, listening

if TYPE_CHECKING:
    from tests.support.cast import Cast

BOT = "1090660574196674713"
SERVER = "77"


@dataclass
class Person:
    """One Discord account. `mood`: ok, moderated, no_face, spent, error, unauthorized, slow_down, down."""

    mood: str = "ok"
    total: int = 50
    used: int = 0
    delay: float = 0.0
    swaps: int = 0
    at_it: bool = False


@dataclass
class Discord:
    """`collisions`: calls that came while another one of the same person was going on."""

    port: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    collisions: int = 0
    over: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    number: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next(self) -> int:
        self.number += 1
        return self.number

    def command(self, token: str, channel: str, name: str, attachments: list[dict[str, Any]]) -> None:
        person = self.people[token]
        self.asked[name] += 1
        content, pictures = "", []
        if name == "listid":
            content = f"You have 1 name. Credits used: {person.used}/{person.total}"
        elif name == "saveid":
            self.collisions += person.at_it
            person.at_it = True
            assert self.uploads[attachments[0]["uploaded_filename"]]
            content = "idname packshot created"
            if person.mood == "no_face":
                content = "Unable to detect a face in the image"
                person.at_it = False
            if person.mood == "spent":
                content = f"You do not have not enough credits, credits: {person.total}/{person.total}"
                person.at_it = False
        else:
            person.at_it = False
            if person.mood == "moderated":
                content = "This image was blocked by our NSFW moderation."
            elif person.mood == "error":
                content = "An error happened."
            else:
                person.used += 1
                person.swaps += 1
                self.over += person.used > person.total
                content = f"Done (credits: {person.used}/{person.total})"
                pictures = [{"url": f"{self.base}/cdn/result.jpg", "filename": "result.jpg"}]
        self.messages.setdefault(channel, []).append(
            {
                "id": str(self.next()),
                "author": {"id": BOT},
                "interaction": {"name": name},
                "content": content,
                "attachments": pictures,
                "flags": 0,
                "ready": time.monotonic() + person.delay,
            }
        )


@contextmanager
def discord() -> Iterator[Discord]:
    world = Discord()
    picture = product_photo(9, size=(90, 70))

    class Handler(Quiet):
        def answer(self, body: Any, status: int = 200, **headers: str) -> None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
            self.say(Said(status, data, {name.replace("_", "-"): value for name, value in headers.items()}))

        def person(self) -> str | None:
            """The caller's token; answers itself where there is nothing more to say."""
            token = self.headers.get("Authorization", "")
            person = world.people.get(token)
            if person is None or person.mood == "unauthorized":
                self.answer({"message": f"401: Unauthorized {token}"}, 401)
            elif person.mood == "slow_down":
                self.answer({"retry_after": 90}, 429, Retry_After="90")
            elif person.mood == "down":
                self.answer({"message": f"internal {token}"}, 500)
            else:
                return token
            return None

        def do_GET(self) -> None:
            if self.path.startswith("/cdn/"):
                self.answer(picture, Content_Type="image/jpeg")
                return
            if self.person() is None:
                return
            if "application-command-index" in self.path:
                names = ("saveid", "swapid", "listid")
                commands = [
                    {"id": f"1{n}", "application_id": BOT, "version": "1", "name": name} for n, name in enumerate(names)
                ]
                self.answer({"application_commands": commands})
            elif found := re.match(r"/channels/(\w+)/messages\?limit=(\d+)(?:&after=(\d+))?", self.path):
                self.answer(self.listed(found[1], int(found[2]), int(found[3] or 0)))
            else:
                self.answer({"id": self.path.rpartition("/")[2], "guild_id": SERVER})

        def listed(self, channel: str, limit: int, after: int) -> list[dict[str, Any]]:
            with world.lock:
                found = [dict(each) for each in world.messages.get(channel, []) if int(each["id"]) > after]
            for each in found:
                if each.pop("ready") > time.monotonic():
                    each |= {"flags": 128, "content": "", "attachments": []}
            return found[::-1][:limit]

        def do_PUT(self) -> None:
            world.uploads[self.path.rpartition("/")[2]] = self.body()
            self.answer(None)

        def do_POST(self) -> None:
            asked = json.loads(self.body())
            token = self.person()
            if token is None:
                return
            if self.path.endswith("/attachments"):
                with world.lock:
                    name = f"upload{world.next()}"
                place = {"id": 0, "upload_url": f"{world.base}/upload/{name}", "upload_filename": name}
                self.answer({"attachments": [place]})
                return
            with world.lock:
                world.command(token, asked["channel_id"], asked["data"]["name"], asked["data"]["attachments"])
            self.answer(None, 204)

    with listening(Handler) as world.port:
        yield world


@contextmanager
def discord_in_place(settings: Any) -> Iterator[Discord]:
    """Where the product looks for Discord, asked without its pauses."""
    with discord() as world:
        settings.DISCORD_API_URL = world.base
        settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
        settings.FACE_SWAP_POLL_SECONDS = 0.01
        yield world


def account(cast: Cast, world: Discord, channel: str = "11", **person: Any) -> Person:
    """Alice's organization has it; who stands behind it there."""
    from processing.actions.face_swap_accounts import keep_account

    token = f"token of {channel}"
    world.people[token] = Person(**person)
    keep_account(cast.alice, channel=channel, server=SERVER, discord=token)
    return world.people[token]


def make_swaps() -> int:
    """Makes the swaps that wait, in this thread; how many."""
    from processing.actions.claim import claim_face_swap
    from processing.actions.run_image import work_on

    made = 0
    while claim := claim_face_swap("test"):
        work_on(claim)
        made += 1
    return made
