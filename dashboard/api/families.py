"""The families of calls that live here side by side: which calls belong to each, and how each says no.

A new family is one row in `FAMILIES`: `?family=` of the documents, their pages and their tests follow from it.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ninja import NinjaAPI

from accounts.kit.errors import InvalidInput
from dashboard.api import backgroundcut, faceswap, heyswap
from dashboard.error_list import ErrorEntry
from dashboard.error_samples import SAMPLE_ID, sample_of


@dataclass(frozen=True, slots=True)
class Source:
    """Calls of one NinjaAPI: all of them, or those at the paths in `only`."""

    module: str  # its `api` is the NinjaAPI; imported late, because one of its calls answers with the documents
    prefix: str
    only: frozenset[str] | None = None

    @property
    def api(self) -> NinjaAPI:
        found: NinjaAPI = importlib.import_module(self.module).api
        return found


@dataclass(frozen=True, slots=True)
class Family:
    """`slug` is what `?family=` names; the main family has none. `tags` in the order in which they are shown."""

    slug: str
    title: str
    about: str
    sources: tuple[Source, ...]
    tags: Mapping[str, str]
    webhooks: bool = False
    schemes: tuple[str, ...] = ("apiKey", "bearerKey", "bearerJwt")

    @property
    def name(self) -> str:
        """The title without the product's name in front."""
        own = self.title.rpartition(", ")[2]
        return own[:1].upper() + own[1:]


_V1 = "dashboard.api.v1.api"

MAIN = Family(
    slug="",
    title="Packshot API",
    about="Product photos in, marketplace-ready images out.\n\nMake a key on the API keys page and send it as "
    "`x-api-key` or as `Authorization: Bearer`. Errors are `application/problem+json` (RFC 9457) with a `code`; a "
    "field that does not exist is refused by name. Every answer carries `X-Request-Id` and the state of your rate "
    "limit; every POST takes an `Idempotency-Key`, so that a retry never works or costs twice.",
    sources=(Source(_V1, "/api/v1"),),
    tags={
        "Images": "One photo in, one finished image out. The call waits for its job and answers with the image.",
        "Compliance": "An image judged by a marketplace's rules, or by your own.",
        "Jobs": "The same work without waiting: one photo or a whole batch, followed by its job or by a webhook.",
        "Files": "Photos that are kept, so that many calls can use them without sending them again.",
        "Shops": "The connected shops and their products, as of the last sync.",
        "Publications": "Finished images into listings, followed until the shop shows them, and taken back.",
        "Webhooks": "Addresses of yours that are told when something has happened.",
        "Credits": "What is left to spend.",
        "Documentation": "This document and the Postman collection made from it. Open to everyone.",
    },
    webhooks=True,
)
HEYSWAP = Family(
    slug="heyswap",
    title="Packshot API, HeySwap family",
    about="For programs written for HeySwap: change the host and the key. A key is exchanged for a token that lives "
    "an hour; the key itself works as well. Errors are `{success: false, message, errors?}`, with the errors by field.",
    sources=(Source("dashboard.api.heyswap_api", "/api"), Source(_V1, "/api/v1", only=heyswap.PATHS)),
    tags={
        "Tokens": "A JSON Web Token for a key, and a new one for an old one.",
        "Images": "The background removed, the product kept.",
        "Credits": "What is left to spend.",
    },
)
BACKGROUNDCUT = Family(
    slug="backgroundcut",
    title="Packshot API, BackgroundCut family",
    about="For programs written for BackgroundCut v3: change the host and the key. Files lie under paths of your own "
    "in the organization's file space for two hours (setting). Servers send `Authorization: Token KEY`; pages in "
    "browsers, from any origin, send `Authorization: AccessToken TOKEN`. Errors are `{error, code}`.",
    sources=(Source("dashboard.api.backgroundcut_api", "/v3"),),
    tags={
        "Access tokens": "For pages in browsers: some addresses, some minutes.",
        "Uploads": "Photos into the file space.",
        "Images": "One cut in as many variants as you want, or what you point at.",
        "Files": "The file space: read, delete, share, and how full it is.",
    },
    schemes=("token", "accessToken"),
)
FACESWAP = Family(
    slug="faceswap",
    title="Packshot API, face-swap accounts",
    about="For programs written for useapi's InsightFaceSwap calls: change the host and the token, which is a key of "
    "this product. Errors are `{error, code}`, with the status as `code`.",
    sources=(Source("dashboard.api.faceswap_api", "/v1/faceswap"),),
    tags={
        "Accounts": "Your own accounts at the provider: a Discord token with its server and channel.",
        "Swaps": "A face of one picture laid onto another, by one of your accounts. Discord forbids programs that act "
        "as a person and may close accounts that are used this way; the calls work where the operator has set up "
        "Discord's address.",
        "Jobs": "How far swaps are, and their pictures.",
    },
    schemes=("bearerKey", "apiKey"),
)
LEGACY = Family(
    slug="legacy",
    title="Packshot API, calls without a key",
    about="For trying it out: no key, small images, nothing kept beyond an hour. Every answer says in `Deprecation`, "
    "`Sunset` and `Link` that these calls will end and what takes their place.",
    sources=(Source("dashboard.api.legacy_api", "/api"),),
    tags={"Without a key": "The image calls of earlier versions. They answer where the installation allows it."},
)
FAMILIES: tuple[Family, ...] = (MAIN, HEYSWAP, BACKGROUNDCUT, FACESWAP, LEGACY)


def find(slug: str) -> Family:
    """Raises InvalidInput that names the families there are."""
    for family in FAMILIES:
        if family.slug == slug:
            return family
    there = ", ".join(family.slug for family in FAMILIES if family.slug)
    raise InvalidInput(
        f"There is no family {slug[:40]}. There are: {there}; without family it is the main one.", field="family"
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """How a refusal looks: its media type, the name of its schema, an example of it."""

    name: str
    media_type: str
    schema: str

    def sample(self, error: ErrorEntry) -> dict[str, Any]:
        detail, fields = sample_of(error)
        if self.name == "heyswap":
            body: dict[str, Any] = {"success": False, "message": detail}
            return body | ({"errors": {item.field: [item.detail] for item in fields}} if fields else {})
        if self.name == "faceswap":
            return {"error": "Unauthorized" if error.status == 401 else detail, "code": error.status}
        if self.name == "backgroundcut":
            return {"error": detail, "code": error.code}
        body = {
            "type": f"https://images.example.com/docs/errors/#{error.code}",
            "title": error.title,
            "status": error.status,
            "detail": detail,
            "code": error.code,
            "requestId": SAMPLE_ID,
        }
        return body | ({"errors": [{"field": item.field, "detail": item.detail} for item in fields]} if fields else {})


_PROBLEM = Shape("problem", "application/problem+json", "Problem")
_HEYSWAP = Shape("heyswap", "application/json", "HeySwapFailure")
_FACESWAP = Shape("faceswap", "application/json", "FaceSwapFailure")
_BACKGROUNDCUT = Shape("backgroundcut", "application/json", "BackgroundCutFailure")


def shape_of(path: str) -> Shape:
    """By the address alone, as the refusals themselves are made (dashboard/errors.py)."""
    if path in heyswap.PATHS:
        return _HEYSWAP
    if backgroundcut.owns(path):
        return _BACKGROUNDCUT
    return _FACESWAP if path.startswith(faceswap.PREFIX) else _PROBLEM
