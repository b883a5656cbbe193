"""Amazon on this machine: sign-in, Selling Partner API, and the pictures that shoppers see.

Each request and each answer is held against Amazon's own models; `wrong` lists what they say against one. An image
that was accepted is fetched, judged and shown when a test says so (`process`). `faults` go first: each is the answer to
one call of the API, or a function that may change something before it answers.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import urlopen

from PIL import Image

from tests.support import amazon_model
from tests.support.serving import Said, serving
from tests.support.woocommerce_peer import broken_off, half, page

CLIENT, SECRET, REFRESH = (
    "amzn1.application-oa2-client." + "c1" * 16,
    "amzn1.oa2-cs.v1." + "d2" * 32,
    "Atzr|" + "e3" * 150,
)
DE, FR, US = "A1PA6795UKMFR9", "A13V1IB3VIYZZH", "ATVPDKIKX0DER"
_REGIONS = {"eu": (DE, FR), "na": (US,)}
_DOMAINS = {DE: "www.amazon.de", FR: "www.amazon.fr", US: "www.amazon.com"}
_JSON = {"Content-Type": "application/json"}
_sellers = count(1)


@dataclass
class Call:
    region: str
    operation: str
    method: str
    path: str
    query: dict[str, str]
    body: Any


Fault = Said | Callable[[Call], Said]


def errors(status: int, code: str, message: str, **headers: str) -> Said:
    body = {"errors": [{"code": code, "message": message, "details": ""}]}
    return Said(status, json.dumps(body).encode(), {**_JSON, **headers})


def throttled() -> Said:
    return errors(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


def denied() -> Said:
    return errors(403, "Unauthorized", "Access to requested resource is denied.")


def expired() -> Said:
    return errors(403, "Unauthorized", "The access token you provided has expired.")


@dataclass
class Amazon:
    """The running peer: one seller, in the stores of one region. `window`: listings that a search pages through."""

    port: int = 0
    region: str = "eu"
    seller: str = field(default_factory=lambda: f"A{next(_sellers):011}X")
    listings: dict[str, dict[str, Any]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    catalog: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    waiting: list[tuple[str, str, str]] = field(default_factory=list)
    roles: set[str] = field(default_factory=lambda: {"listings", "sellers"})
    participating: set[str] = field(default_factory=lambda: {DE, FR})
    login_fault: tuple[int, dict[str, str]] | None = None
    logins: int = 0
    window: int = 1000
    refuses: dict[str, Any] | None = None
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def add(
        self, sku: str, *, images: int = 1, stores: tuple[str, ...] = (DE,), created: float = 1_700_000_000,
        title: str = "", kind: str = "LUGGAGE",
    ) -> dict[str, Any]:  # fmt: skip
        """A listing with this many images, each of which the seller has sent and shoppers see."""
        asin = f"B0{next(self._numbers):08}"
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created))
        row: dict[str, Any] = {"sku": sku, "asin": asin, "title": title or f"Suitcase {sku}", "kind": kind}
        row |= {"created": moment, "updated": moment, "stores": stores, "issues": [], "attributes": {}, "live": {}}
        self.listings[sku] = row
        for store in stores:
            for position in range(images):
                attribute = _attribute(position)
                url = self.picture(bytes(_jpeg((10 * position + 20, 60, 90))))
                row["attributes"].setdefault(attribute, []).append({"marketplace_id": store, "media_location": url})
                row["live"][f"{store} {attribute}"] = self.picture(self.pictures[url])
        return row

    def picture(self, data: bytes) -> str:
        """The address at which a picture is shown from now on."""
        url = f"{self.address}/images/I/{next(self._numbers):05}.jpg"
        self.pictures[url] = data
        return url

    def locator(self, sku: str, attribute: str = "main_product_image_locator", store: str = DE) -> str:
        rows = self.listings[sku]["attributes"].get(attribute, [])
        return next((row["media_location"] for row in rows if row["marketplace_id"] == store), "")

    def process(self, *, anew: bool = True) -> None:
        """Amazon does what it does within a day: fetches what was accepted, encodes it `anew`, and shows it at an
        address of its own."""
        for sku, attribute, store in self.waiting:
            row, url = self.listings[sku], self.locator(sku, attribute, store)
            if not url:
                row["live"].pop(f"{store} {attribute}", None)
                continue
            data = self.pictures[url] if url in self.pictures else urlopen(url).read()
            row["live"][f"{store} {attribute}"] = self.picture(encoded_anew(data) if anew else data)
        self.waiting.clear()

    def object_to(self, sku: str, attribute: str, *, code: str = "18027", severity: str = "ERROR") -> None:
        self.listings[sku]["issues"].append({
            "code": code, "message": "The image has text, which is not permitted.", "severity": severity,
            "attributeNames": [attribute], "categories": ["INVALID_IMAGE"], "marketplaceIds": [DE],
        })  # fmt: skip

    # -- answering ------------------------------------------------------------------------------
    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Said:
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/auth/o2/token":
            return self._login(dict(parse_qsl(body.decode())))
        if parts.path.startswith("/images/"):
            data = self.pictures.get(f"{self.address}{parts.path}")
            return Said(200, data, {"Content-Type": "image/jpeg"}) if data else Said(404, b"", {})
        _, region, path = parts.path.split("/", 2)
        found = amazon_model.operation(method, f"/{path}")
        if found is None:
            self.wrong.append(f"{method} {path}")
            return errors(404, "NotFound", "No such operation.")
        call = Call(region, found.name, method, found.path.get("sku", ""), query, json.loads(body or b"null"))
        self.calls.append(call)
        if self.faults:
            fault = self.faults.pop(0)
            return fault(call) if callable(fault) else fault
        wrong = amazon_model.wrong_request(found, query, body)
        if wrong:
            self.wrong += wrong
            return errors(400, "InvalidInput", wrong[0])
        said = self._refused(call, headers) or self._answered(call, found.path)
        if "json" in said.headers.get("Content-Type", ""):
            self.wrong += amazon_model.wrong_answer(found, said.status, json.loads(said.body))
        return said

    def do(self, call: Call) -> Said:
        """What would be answered without a fault."""
        return self._answered(call, {"sku": call.path, "sellerId": self.seller})

    def _login(self, form: dict[str, str]) -> Said:
        self.logins += 1
        if self.login_fault:
            return _json(self.login_fault[1], self.login_fault[0])
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return _json({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
        if form.get("refresh_token") != REFRESH or form.get("grant_type") != "refresh_token":
            return _json({"error": "invalid_grant", "error_description": "The request has an invalid grant"}, 400)
        return _json({"access_token": f"Atza|{self.logins}", "token_type": "bearer", "expires_in": 3600})

    def _refused(self, call: Call, headers: dict[str, str]) -> Said | None:
        if not headers.get("x-amz-access-token", "").startswith("Atza|"):
            return errors(403, "Unauthorized", "Access token is missing in the request header.")
        role = "sellers" if call.operation == "getMarketplaceParticipations" else "listings"
        return denied() if call.region != self.region or role not in self.roles else None

    def _answered(self, call: Call, path: dict[str, str]) -> Said:
        if path.get("sellerId", self.seller) != self.seller:
            return denied()
        if call.operation == "getMarketplaceParticipations":
            return _json({"payload": [self._participation(store) for store in _REGIONS[self.region]]})
        if call.operation == "searchDefinitionsProductTypes":
            return _json({"productTypes": [], "productTypeVersion": "U8L4z4Ud95N16tZlR7rsmbQ=="})
        if call.operation == "getCatalogItem":
            return self._catalog_item(path["asin"], call.query["marketplaceIds"])
        stores = call.query["marketplaceIds"].split(",")
        if call.operation == "searchListingsItems":
            return self._search(call.query, stores)
        row = self.listings.get(call.path)
        if row is None or not set(stores) & set(row["stores"]):
            return errors(404, "NOT_FOUND", f"SKU '{call.path}' not found in marketplace {stores[0]}")
        if call.operation == "patchListingsItem":
            return self._patch(row, call, stores)
        return _json(self._item(row, stores, call.query.get("includedData", "summaries")))

    def _participation(self, store: str) -> dict[str, Any]:
        marketplace = {
            "id": store, "countryCode": _DOMAINS[store][-2:].upper(), "name": _DOMAINS[store],
            "defaultCurrencyCode": "EUR", "defaultLanguageCode": "de_DE", "domainName": _DOMAINS[store],
        }  # fmt: skip
        took_part = store in self.participating or self.region == "na"
        participation = {"isParticipating": took_part, "hasSuspendedListings": False}
        return {"marketplace": marketplace, "storeName": "Store", "participation": participation}

    def _search(self, query: dict[str, str], stores: list[str]) -> Said:
        rows = [row for row in self.listings.values() if set(stores) & set(row["stores"])]
        if "identifiers" in query:
            rows = [row for row in rows if row["sku"] in query["identifiers"].split(",")]
        for name, key in (("createdAfter", "created"), ("lastUpdatedAfter", "updated")):
            rows = [row for row in rows if row[key] >= query.get(name, "")]
        key = "created" if query.get("sortBy") == "createdDate" else "updated"
        rows = sorted(rows, key=lambda row: row[key], reverse=query.get("sortOrder", "DESC") == "DESC")
        size, start = int(query.get("pageSize", "10")), int(query.get("pageToken") or 0)
        shown = rows[: self.window][start : start + size]
        body: dict[str, Any] = {"numberOfResults": len(rows), "items": []}
        body["items"] = [self._item(row, stores, query.get("includedData", "summaries")) for row in shown]
        if start + size < min(len(rows), self.window):
            body["pagination"] = {"nextToken": str(start + size)}
        return _json(body)

    def _item(self, row: dict[str, Any], stores: list[str], included: str) -> dict[str, Any]:
        here = [store for store in stores if store in row["stores"]]
        whole = {
            "summaries": [self._summary(row, store) for store in here],
            "attributes": {
                name: [value for value in values if value["marketplace_id"] in here]
                for name, values in row["attributes"].items()
            },
            "issues": row["issues"],
            "productTypes": [{"marketplaceId": store, "productType": row["kind"]} for store in here],
        }
        return {"sku": row["sku"]} | {name: whole[name] for name in included.split(",")}

    def _summary(self, row: dict[str, Any], store: str) -> dict[str, Any]:
        found = {
            "marketplaceId": store, "asin": row["asin"], "productType": row["kind"], "conditionType": "new_new",
            "status": ["BUYABLE", "DISCOVERABLE"], "itemName": row["title"], "createdDate": row["created"],
            "lastUpdatedDate": row["updated"],
        }  # fmt: skip
        url = row["live"].get(f"{store} main_product_image_locator")
        return found | ({"mainImage": {"link": url, "height": 500, "width": 500}} if url else {})

    def _catalog_item(self, asin: str, store: str) -> Said:
        row = next((row for row in self.listings.values() if row["asin"] == asin), None)
        if row is None:
            return errors(404, "NOT_FOUND", "Requested item not found.")
        names = {_attribute(position): "MAIN" if not position else f"PT{position:02}" for position in range(9)}
        names["swatch_product_image_locator"] = "SWCH"
        images = [
            {"variant": names[attribute], "link": url, "height": 500, "width": 500}
            for place, url in row["live"].items()
            for attribute in [place.split()[1]]
            if place.startswith(store) and attribute in names
        ]
        return _json({"asin": asin, "images": [{"marketplaceId": store, "images": images}]})

    def _patch(self, row: dict[str, Any], call: Call, stores: list[str]) -> Said:
        answer: dict[str, Any] = {"sku": row["sku"], "submissionId": f"s-{next(self._numbers)}", "issues": []}
        if self.refuses or call.body["productType"] != row["kind"]:
            issue = self.refuses or {
                "code": "90000900", "message": "The product type is wrong.", "severity": "ERROR", "categories": [],
            }  # fmt: skip
            return _json(answer | {"status": "INVALID", "issues": [issue]})
        if call.query.get("mode") == "VALIDATION_PREVIEW":
            return _json(answer | {"status": "VALID"})
        for patch in call.body["patches"]:
            attribute = patch["path"].removeprefix("/attributes/")
            for value in patch["value"]:
                store = value["marketplace_id"]
                assert store in stores, "a value for a store that the call is not about"
                kept = [each for each in row["attributes"].get(attribute, []) if each["marketplace_id"] != store]
                row["attributes"][attribute] = kept + ([value] if patch["op"] == "replace" else [])
                self.waiting.append((row["sku"], attribute, store))
        return _json(answer | {"status": "ACCEPTED"})


def encoded_anew(data: bytes) -> bytes:
    """As Amazon does with every image: another size, another compression."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    buffer = io.BytesIO()
    image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.BICUBIC).save(
        buffer, "JPEG", quality=78
    )
    return buffer.getvalue()


@contextmanager
def amazon() -> Iterator[Amazon]:
    running = Amazon()
    with serving(lambda *asked: running.answer(*asked)) as port:
        running.port = port
        yield running


def _attribute(position: int) -> str:
    return f"other_product_image_locator_{position}" if position else "main_product_image_locator"


def _jpeg(color: tuple[int, int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(buffer, "JPEG")
    return buffer.getvalue()


def _json(body: object, status: int = 200) -> Said:
    return Said(status, json.dumps(body).encode(), dict(_JSON))


FAULTS = {
    "throttled": throttled(),
    "error": page(500),
    "unavailable": errors(503, "ServiceUnavailable", "Service is temporarily unavailable."),
    "half": half(),
    "broken off": broken_off(),
}
