"""A seller's bridge on this machine, as the documentation asks for one: two calls, a token, keys that repeat nothing.

An image that was sent is shown when a test says so (`process`). `faults` go first: each is the answer to one call, or
a function that may change something before it answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

from tests.support.photos import product_photo
from tests.support.serving import Said, serving

TOKEN = "bridge-token-" + "t5" * 12
_JSON = {"Content-Type": "application/json"}


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]


Fault = Said | Callable[[Call], Said]


@dataclass
class Bridge:
    """`items`: its catalog by SKU, `images` by position. `submissions`: what was asked, by key. `page`: its size.

    `empties`: whether it can take an image away. `follows`: whether it tells what became of one; where it does not,
    its catalog shows it.
    """

    port: int = 0
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    submissions: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    always: Said | None = None
    page: int = 50
    empties: bool = True
    follows: bool = False
    filters: bool = True
    rehosts: bool = True
    refuses: list[Any] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/bridge"

    def add(self, sku: str, *, images: int = 1) -> None:
        number = len(self.items)
        found = {
            position: self.picture(product_photo(number * 20 + position, size=(64, 48))) for position in range(images)
        }
        self.items[sku] = {"asin": f"B0{number:08}", "title": f"Mug {sku}", "status": "active", "images": found}

    def picture(self, data: bytes) -> str:
        url = f"http://localhost:{self.port}/pictures/{len(self.pictures)}.jpg"
        self.pictures[url] = data
        return url

    def process(self) -> None:
        """What Amazon does behind it."""
        for each in self.submissions.values():
            if each["status"] != "accepted":
                continue
            images = self.items[each["sku"]]["images"]
            if each["imageUrl"] is None:
                images.pop(each["position"], None)
            else:
                url = each["imageUrl"]
                data = self.pictures[url] if url in self.pictures else urlopen(url).read()
                images[each["position"]] = self.picture(data) if self.rehosts else url
            each["status"] = "shown"

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        parts = urlsplit(target)
        if parts.path.startswith("/pictures/"):
            data = self.pictures.get(f"http://localhost:{self.port}{parts.path}")
            return Said(200, data, {"Content-Type": "image/jpeg"}) if data else Said(404, b"", {})
        call = Call(method, parts.path, dict(parse_qsl(parts.query)), json.loads(body or b"{}"))
        self.calls.append(call)
        if self.faults:
            fault = self.faults.pop(0)
            return fault(call) if callable(fault) else fault
        if self.always:
            return self.always
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"message": f"Unknown token {headers.get('authorization', '')}"}, 401)
        return self.do(call)

    def do(self, call: Call) -> Said:
        """What would be answered without a fault."""
        if (call.method, call.path) == ("GET", "/bridge/catalog"):
            return self._catalog(call.query)
        if (call.method, call.path) == ("POST", "/bridge/publish"):
            return self._publish(call.body)
        return _json({"message": "No such call."}, 404)

    def _catalog(self, query: dict[str, str]) -> Said:
        rows = list(self.items.items())
        if self.filters and "sku" in query:
            rows = [row for row in rows if row[0] == query["sku"]]
        start = int(query.get("cursor") or 0)
        items = [
            {
                "sku": sku, "asin": row["asin"], "title": row["title"], "status": row["status"],
                "images": [{"position": position, "url": url} for position, url in sorted(row["images"].items())],
            }
            for sku, row in rows[start : start + self.page]
        ]  # fmt: skip
        following = start + self.page
        return _json({"items": items, "cursor": str(following) if following < len(rows) else None})

    def _publish(self, body: dict[str, Any]) -> Said:
        assert set(body) == {"sku", "position", "imageUrl", "idempotencyKey"}
        if self.refuses:
            return _json({"status": "invalid", "issues": self.refuses})
        if body["imageUrl"] is None and not self.empties:
            return _json({"status": "rejected", "issues": ["An image cannot be taken away here."]})
        if body["idempotencyKey"] not in self.submissions:
            self.submissions[body["idempotencyKey"]] = body | {"status": "accepted"}
        held = self.submissions[body["idempotencyKey"]]
        assert {name: held[name] for name in body} == body, "the same key for something else"
        status = "confirmed" if self.follows and held["status"] == "shown" else "accepted"
        return _json({"status": status, "submissionId": f"s-{body['idempotencyKey']}", "issues": []})


@contextmanager
def bridge() -> Iterator[Bridge]:
    running = Bridge()
    with serving(lambda *asked: running.answer(*asked)) as port:
        running.port = port
        yield running


def _json(body: object, status: int = 200) -> Said:
    return Said(status, json.dumps(body).encode(), dict(_JSON))
