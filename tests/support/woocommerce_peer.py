"""A WooCommerce shop on this machine: stateful, with the shapes and the refusals of the recorded answers.

Keys are checked as the real one does: OAuth 1.0a over http, Basic or the query over https. `faults` go first: each is
the answer to one call (`recorded("maintenance_503")`, `throttled()`, …), and `always` is one for every call.
"""

from __future__ import annotations

import base64
import copy
import json
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from integrations.woocommerce import oauth
from tests.support.serving import JSON, Said, serving
from tests.support.woocommerce_images import UPLOADS, Images, Refused
from tests.support.woocommerce_webhooks import Webhooks

CONTRACTS = Path(__file__).parent / "contracts" / "woocommerce"
KEY, SECRET = "ck_" + "a1" * 20, "cs_" + "b2" * 20
READ_ONLY = "ck_" + "c3" * 20


def recorded(name: str) -> Said:
    """An answer of the real shop."""
    answer = load(name)
    body = answer["body"]
    text = body if isinstance(body, str) else json.dumps(body)
    kept = {key: value for key, value in answer["headers"].items() if key in {"Content-Type", "Link", "Retry-After"}}
    return Said(answer["status"], text.encode(), kept)


def load(name: str) -> Any:
    return json.loads((CONTRACTS / f"{name}.json").read_text())["response"]


def throttled(seconds: int = 1) -> Said:
    return Said(429, b"<html>Too Many Requests</html>", {"Content-Type": "text/html", "Retry-After": str(seconds)})


def page(status: int, text: str = "<html><body>Something else</body></html>") -> Said:
    """HTML where JSON belongs."""
    return Said(status, text.encode(), {"Content-Type": "text/html"})


def half() -> Said:
    return Said(200, b'[{"id": 1, "name": "Mu')


def broken_off() -> Said:
    return Said(200, b'[{"id": 1, "name": "Mug"}]', cut=8)


@dataclass
class Call:
    method: str
    path: str
    query: dict[str, str]
    body: bytes
    file: str = ""  # of an upload


@dataclass
class Shop:
    """The running peer. Change `products` and `variations` to change the shop."""

    port: int = 0
    scheme: str = "http"
    products: dict[int, dict[str, Any]] = field(default_factory=dict)
    variations: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    webhooks: Webhooks = field(default_factory=Webhooks)
    faults: list[Said] = field(default_factory=list)
    always: Said | None = None
    strips_header: bool = False
    clock: Callable[[], float] = time.time
    before: Callable[[Call], None] | None = None
    # After a call was done, and before it is answered.
    after: Callable[[Call], None] | None = None
    # The next call that changes something is done, and its answer never arrives.
    loses_answer: bool = False
    images: Images = field(init=False)

    def __post_init__(self) -> None:
        self.images = Images(lambda: self.address)

    @property
    def address(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def add(self, number: int, *, title: str = "", sku: str = "", images: int = 1, variants: int = 0) -> dict[str, Any]:
        """A product like the recorded ones, with `images` pictures and `variants` variations."""
        product: dict[str, Any] = copy.deepcopy(load("product_variable" if variants else "product_simple")["body"])
        title = title or f"Product {number}"
        product |= {"id": number, "name": title, "sku": sku or f"SKU-{number:03}", "variations": []}
        product["permalink"] = f"{self.address}/product/{number}/"
        product["images"] = [
            self._image(number * 100 + index, f"{number}-{index}.jpg", alt=f"View {index}") for index in range(images)
        ]
        self.products[number] = product
        shape = load("product_variations")["body"][0]
        rows = [
            {
                **copy.deepcopy(shape),
                "id": number * 1000 + index,
                "sku": f"{product['sku']}-{index}",
                "name": f"v{index}",
                "image": self._image(number * 1000 + 500 + index, f"{number}-v{index}.jpg", alt=f"Variant {index}"),
            }
            for index in range(variants)
        ]
        self.variations[number] = rows
        product["variations"] = [row["id"] for row in rows]
        self.touch(number)
        return product

    def _image(self, number: int, file: str, *, alt: str) -> dict[str, Any]:
        self.images.existing(number, file, name=f"Image {number}", alt=alt)
        return self.images.shown(number)

    def touch(self, number: int, *, at: float | None = None) -> None:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at if at is not None else self.clock()))
        self.products[number]["date_modified_gmt"] = moment

    def answer(self, call: Call, authorization: str) -> Said:
        if self.before:
            self.before(call)
        self.calls.append(call)
        if self.faults:
            return self.faults.pop(0)
        if self.always:
            return self.always
        if call.query.get("rest_route") == "/":
            return _json({"namespaces": ["wp/v2", "wc/v3"]})
        try:
            said = self._answered(call, authorization)
        except Refused as error:
            said = _error(error.status, error.code, error.message)
        if self.after:
            self.after(call)
        if self.loses_answer and call.method != "GET":
            self.loses_answer = False
            return Said(said.status, said.body, said.headers, cut=0)
        return said

    def _answered(self, call: Call, authorization: str) -> Said:
        if call.path.startswith(UPLOADS) and (data := self.images.bytes_at(call.path)):
            return Said(200, data, {"Content-Type": "image/jpeg"})
        if call.path.startswith("/wp-json/wp/v2/"):
            return self._library(call, authorization)
        if not call.path.startswith("/wp-json/wc/v3/"):
            return page(404)
        return self._refused(call, authorization) or self._routed(call)

    def _refused(self, call: Call, authorization: str) -> Said | None:
        key = call.query.get("oauth_consumer_key", "") if self.scheme == "http" else self._key(call, authorization)
        if key not in {KEY, READ_ONLY}:
            return recorded("wrong_key" if self.scheme == "http" and key else "wrong_key_https")
        if self.scheme == "http":
            if abs(self.clock() - int(call.query["oauth_timestamp"])) > 900:
                return _error(401, "woocommerce_rest_authentication_error", "Invalid timestamp.")
            if not self._signed(call, key):
                return recorded("wrong_secret")
        elif self._secret(call, authorization) != SECRET:
            return recorded("wrong_secret_https")
        if call.method != "GET" and key == READ_ONLY:
            return recorded("readonly_key_write")
        return None

    def _signed(self, call: Call, key: str) -> bool:
        text = {name: value for name, value in call.query.items() if name != "oauth_signature"}
        again = oauth.signature(call.method, f"{self.address}{call.path}", text, secret=SECRET)
        return again == call.query.get("oauth_signature")

    def _basic(self, authorization: str) -> list[str]:
        if self.strips_header or not authorization.startswith("Basic "):
            return ["", ""]
        return base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":", 1)

    def _key(self, call: Call, authorization: str) -> str:
        return call.query.get("consumer_key") or self._basic(authorization)[0]

    def _secret(self, call: Call, authorization: str) -> str:
        return call.query.get("consumer_secret") or self._basic(authorization)[1]

    def _routed(self, call: Call) -> Said:
        parts = call.path.removeprefix("/wp-json/wc/v3/").strip("/").split("/")
        if parts[0] == "webhooks":
            status, body = self.webhooks.route(call.method, parts, call.query, call.body)
            return Said(status, json.dumps(body).encode())
        if parts == ["products"]:
            return self._list(list(self.products.values()), call)
        if parts == ["products", "batch"] and call.method == "POST":
            return _json({})
        if len(parts) == 3 and parts[2] == "variations":
            return self._list(self.variations.get(int(parts[1]), []), call)
        if len(parts) == 4 and parts[2] == "variations":
            return self._variation(int(parts[1]), int(parts[3]), call)
        if len(parts) == 2 and parts[1].isdigit():
            found = self.products.get(int(parts[1]))
            if found is None:
                return recorded("product_404")
            if call.method == "PUT":
                found["images"] = self.images.listed(json.loads(call.body)["images"])
                self.touch(int(parts[1]))
            return _json(_chosen(found, call))
        return recorded("route_missing")

    def _variation(self, number: int, variation: int, call: Call) -> Said:
        row = next((each for each in self.variations.get(number, []) if each["id"] == variation), None)
        if row is None or number not in self.products:
            return _error(404, "woocommerce_rest_product_variation_invalid_id", "Invalid ID.")
        if call.method == "PUT":
            wanted = json.loads(call.body)["image"]
            own = bool(wanted.get("id") or wanted.get("src"))
            row["image"] = self.images.shown(self.images.one(wanted, "variation")) if own else None
            self.touch(number)
        product = self.products[number]["images"]
        return _json(_chosen({**row, "image": row["image"] or (product[0] if product else None)}, call))

    def _library(self, call: Call, authorization: str) -> Said:
        """WordPress's own API: users and media."""
        self.images.let_in(authorization)
        parts = call.path.removeprefix("/wp-json/wp/v2/").split("/")
        if parts == ["users", "me"]:
            return _json({"id": 1, "capabilities": {"upload_files": self.images.uploads_allowed}})
        if parts == ["media"] and call.method == "POST":
            if not self.images.uploads_allowed:
                raise Refused(403, "rest_cannot_create", "Sorry, you are not allowed to upload media.")
            return Said(201, json.dumps({"id": self.images.uploaded(call.file, call.body)}).encode())
        if parts == ["media"]:
            return _json([{"id": number} for number in self.images.with_slug(call.query["slug"])])
        if parts == ["search"]:
            words = call.query["search"].lower()
            return _json([{"id": 7} for page in self.images.pages if words in page.lower()])
        if parts[0] == "media" and call.method == "DELETE":
            if call.query.get("force") != "true":
                raise Refused(501, "rest_trash_not_supported", "The post does not support trashing.")
            self.delete_image(int(parts[1]))
            return _json({"deleted": True})
        if parts[0] == "media" and len(parts) == 2:
            return _json(_chosen(self.images.told(int(parts[1])), call))
        return recorded("route_missing")

    def delete_image(self, number: int) -> None:
        """From the media library, and with it from every product."""
        self.images.at(number)
        del self.images.files[number]
        for product in self.products.values():
            product["images"] = [each for each in product["images"] if each["id"] != number]
        for row in [each for rows in self.variations.values() for each in rows]:
            if (row["image"] or {}).get("id") == number:
                row["image"] = None

    def _list(self, rows: list[dict[str, Any]], call: Call) -> Said:
        query = call.query
        size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > 100:
            return recorded("products_per_page_101")
        if "include" in query:
            wanted = {int(each) for each in query["include"].split(",")}
            rows = [row for row in rows if row["id"] in wanted]
        if "modified_after" in query:
            rows = [row for row in rows if row["date_modified_gmt"] > query["modified_after"]]
        rows = sorted(rows, key=lambda row: row["id"], reverse=query.get("order", "desc") == "desc")
        fields = query.get("_fields", "").split(",") if query.get("_fields") else None
        shown = rows[(number - 1) * size : number * size]
        body = [{key: row[key] for key in fields if key in row} if fields else row for row in shown]
        headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
        return _json(body, **headers)


@contextmanager
def shop(*, tls: ssl.SSLContext | None = None) -> Iterator[Shop]:
    running = Shop(scheme="https" if tls else "http")

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        parts = urlsplit(target)
        file = headers.get("content-disposition", "").partition('filename="')[2].rstrip('"')
        call = Call(method, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), body, file)
        return running.answer(call, headers.get("authorization", ""))

    with serving(answer, tls=tls) as running.port:
        yield running


def _chosen(row: dict[str, Any], call: Call) -> dict[str, Any]:
    names = call.query.get("_fields", "").split(",") if call.query.get("_fields") else list(row)
    return {name: row[name] for name in names if name in row}


def _json(body: object, **headers: str) -> Said:
    return Said(200, json.dumps(body).encode(), {**JSON, **headers})


def _error(status: int, code: str, message: str) -> Said:
    return Said(status, json.dumps({"code": code, "message": message, "data": {"status": status}}).encode())
