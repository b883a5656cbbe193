"""A Shopify shop on this machine: stateful, and every document executed against Shopify's own schema.

`faults` go first: each is the answer to one call of the Admin API; `always` is one for every call; `swallow` names
operations of which the next is done, and its answer lost on the way.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.support import serving, shopify_schema
from tests.support.shopify_answers import Answers
from tests.support.shopify_bulk import Bulks
from tests.support.shopify_oauth import App
from tests.support.shopify_shop import Holdings
from tests.support.shopify_webhooks import Subscriptions

TOKEN = "shpat_" + "a1" * 16
NARROW = "shpat_" + "c3" * 16  # lacks write_files
VERSION = "2026-10"
ALL_SCOPES = {"write_products", "write_files"}
_JSON = {"Content-Type": "application/json; charset=utf-8", "X-Shopify-API-Version": VERSION}


@dataclass(frozen=True)
class Said(serving.Said):
    """Every answer of the Admin API names its version."""

    headers: dict[str, str] = field(default_factory=lambda: dict(_JSON))


def page(status: int, **headers: str) -> Said:
    """HTML where JSON belongs."""
    return Said(status, b"<html><body>Something else</body></html>", {"Content-Type": "text/html", **headers})


def throttled(seconds: str = "2.0") -> Said:
    return Said(429, b'{"errors":"Exceeded the rate limit"}', {**_JSON, "Retry-After": seconds})


def half() -> Said:
    return Said(200, b'{"data":{"products":{"nodes":[{"id"')


def broken_off() -> Said:
    return Said(200, b'{"data":{"products":{"nodes":[]}}}', dict(_JSON), cut=8)


def errors(code: str, message: str = "It went wrong") -> Said:
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return Said(200, json.dumps(body).encode())


@dataclass
class Call:
    """One call of the Admin API. `name`: of the operation."""

    name: str
    variables: dict[str, Any]
    token: str


@dataclass
class Bucket:
    """The throttle: points that leak back."""

    maximum: float
    rate: float
    level: float


@dataclass
class Shop:
    port: int = 0
    held: Holdings = field(default_factory=Holdings)
    tokens: dict[str, set[str]] = field(default_factory=lambda: {TOKEN: ALL_SCOPES, NARROW: {"write_products"}})
    calls: list[Call] = field(default_factory=list)
    faults: list[Said] = field(default_factory=list)
    always: Said | None = None
    swallow: set[str] = field(default_factory=set)
    bucket: Bucket | None = None
    version: str = VERSION
    app: App = field(default_factory=App)
    bulks: Bulks = field(default_factory=Bulks)
    webhooks: Subscriptions = field(default_factory=Subscriptions)
    lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def names(self) -> list[str]:
        """The operations that were called, in order."""
        return [call.name for call in self.calls]

    def ask(self, body: bytes, token: str) -> Said | None:
        """None: the answer is lost."""
        given = json.loads(body)
        found = re.match(r"\s*(?:query|mutation)\s+(\w+)", given["query"])
        name = found[1] if found else ""
        with self.lock:
            self.calls.append(Call(name, given["variables"], token))
            if self.faults:
                return self.faults.pop(0)
            if self.always:
                return self.always
            if token not in self.tokens or self.app.ended(token):
                return Said(401, b'{"errors":"[API] Invalid API key or access token"}', dict(_JSON))
            self.app.used(token)
            if refused := self._over_budget(given["query"]):
                return refused
            if not shopify_schema.is_mutation(given["query"]):
                self.held.tick()
            answers = Answers(self.held, self.tokens[token], self.version)
            root = {**answers.root(), **self.bulks.root(answers, self.address), **self.webhooks.root()}
            result = shopify_schema.run(given["query"], root, given["variables"])
            if name in self.swallow:
                self.swallow = set()
                return None
        answer = {**result.formatted, "extensions": self._cost(given["query"])}
        return Said(200, json.dumps(answer).encode(), {**_JSON, "X-Shopify-API-Version": self.version})

    def _over_budget(self, query: str) -> Said | None:
        cost = shopify_schema.cost(query)
        assert cost <= shopify_schema.MOST_COST, f"Shopify would refuse a query of {cost} points"
        if self.bucket is None:
            return None
        if cost > self.bucket.level:
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            body = {"errors": [error], "extensions": self._cost(query)}
            # It fills while the caller waits.
            self.bucket.level = self.bucket.maximum
            return Said(200, json.dumps(body).encode())
        self.bucket.level -= cost
        return None

    def _cost(self, query: str) -> dict[str, Any]:
        bucket = self.bucket or Bucket(2000, 100, 2000)
        status = {
            "maximumAvailable": bucket.maximum, "currentlyAvailable": bucket.level, "restoreRate": bucket.rate,
        }  # fmt: skip
        cost = shopify_schema.cost(query)
        return {"cost": {"requestedQueryCost": cost, "actualQueryCost": cost, "throttleStatus": status}}

    def upload(self, body: bytes, kind: str) -> Said:
        boundary = kind.partition("boundary=")[2].encode()
        fields: dict[str, bytes] = {}
        for part in body.split(b"--" + boundary)[1:-1]:
            head, _, content = part.partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]+)"', head)
            assert name
            fields[name[1].decode()] = content.removesuffix(b"\r\n")
        assert list(fields)[-1] == "file", "the file comes last"
        assert fields["x-goog-signature"] == b"not-for-the-log"
        url = f"{self.address}/staged/{fields['key'].decode()}"
        if url not in self.held.staged:
            return page(403)
        self.held.staged[url] = fields["file"]
        return Said(201, b"", {})

    def file(self, path: str) -> Said:
        media = self.held.files.get(f"gid://shopify/MediaImage/{path.split('/')[2]}")
        return Said(200, media.data, {"Content-Type": media.mime}) if media else page(404)


@contextmanager
def shop() -> Iterator[Shop]:
    running = Shop()

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said | None:
        path = urlsplit(target).path
        if path == f"/admin/api/{VERSION}/graphql.json":
            return running.ask(body, headers.get("x-shopify-access-token", ""))
        if path == "/admin/oauth/access_token":
            status, said, granted = running.app.grant(json.loads(body))
            running.tokens.update(dict.fromkeys(granted, ALL_SCOPES))
            return Said(status, json.dumps(said).encode())
        if path == "/staged/":
            return running.upload(body, headers.get("content-type", ""))
        if path.startswith("/bulk/"):
            status, data = running.bulks.file(path, headers.get("range", ""))
            return Said(status, data, {"Content-Type": "application/jsonl"})
        return running.file(path) if path.startswith("/cdn/") else page(404)

    with serving.serving(answer) as running.port:
        running.held.address = running.address
        yield running
