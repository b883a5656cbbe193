"""Shopify, Admin GraphQL API, with the token of a custom app or of an installation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings

from accounts.kit.errors import FieldError, InvalidInput
from accounts.kit.outbound import OutboundError
from integrations.base import Account, CatalogPage, Checked, Credential, Marketplace, RemoteProduct
from integrations.shopify import address as addresses
from integrations.shopify import catalog, client, diagnosis, documents, tokens
from integrations.shopify.inbound import ShopifyInbound
from integrations.shopify.publish import ShopifyPublisher
from integrations.shopify.tokens import CLIENT_ID, SECRET
from integrations.understood import understood

SCOPES = ("read_products", "write_products", "write_files")
_SECRET = re.compile(r"(?:shpss_)?[A-Za-z0-9]{20,100}")
_EITHER = (
    "Type either a token or a client ID. To change from one to the other, disconnect the shop and connect it again."
)
_CLIENT_ID = re.compile(r"[A-Za-z0-9]{16,100}")
_TOKEN = re.compile(r"shp(?!ss)[a-z]{2}_[A-Za-z0-9_-]{10,180}")


class Shopify(Marketplace):
    key = "shopify"
    title = "Shopify"
    needed = "The shop's address and the token or the client ID of an app of yours, or signing in at the shop."
    guide = "shopify"
    publisher = ShopifyPublisher()
    inbound = ShopifyInbound()
    address_label = "Shop address"
    address_help = "The name before .myshopify.com, such as my-shop.myshopify.com, or the address of your admin."
    address_placeholder = "my-shop.myshopify.com"
    credentials = (
        Credential("access_token", "Admin API access token",
                   "Of an app made in the shop: Settings > Apps and sales channels > Develop apps > API credentials.",
                   placeholder="shpat_…", optional=True),
        Credential(CLIENT_ID, "Client ID",
                   "Instead of a token: of your own app in Shopify's Dev Dashboard, under Settings.", secret=False,
                   optional=True),
        Credential(SECRET, "Client secret or API secret key",
                   "Goes with the client ID. Beside a token it lets Shopify tell of changes within seconds; without "
                   "it they are read at night.", placeholder="shpss_…", optional=True),
    )  # fmt: skip

    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        errors: list[FieldError] = []
        tidy = ""
        try:
            tidy = addresses.tidy(address)
        except OutboundError as error:
            errors.append(FieldError("address", error.detail))
        typed = {each.name: credentials.get(each.name, "").strip() for each in self.credentials}
        token, granted = typed["access_token"], credentials.get("granted", "")
        errors += _wrong(typed)
        if token and typed[CLIENT_ID] and not granted:
            errors.append(FieldError(CLIENT_ID, _EITHER))
        if errors:
            raise InvalidInput(" ".join(each.detail for each in errors), errors=tuple(errors))
        found = {name: value for name, value in typed.items() if value}
        if token and granted == token:
            # It was not typed: what came with it is kept.
            found |= {name: credentials[name] for name in tokens.GRANTED if name in credentials}
        elif token:
            # One that was typed lasts, and takes the place of what was there.
            found.pop(CLIENT_ID, None)
        return Account(tidy, found)

    def masked(self, account: Account) -> str:
        if account.credentials.get("refresh_token"):
            return "signed in at Shopify"
        if own := account.credentials.get(CLIENT_ID):
            return f"client {own[:4]}…{own[-4:]}"
        token = account.credentials["access_token"]
        return f"{token[:6]}…{token[-4:]}"

    @understood
    def check(self, account: Account) -> Checked:
        said = client.call(account, documents.SCOPES)
        installation = said.data["currentAppInstallation"]
        granted = {each["handle"] for each in installation["accessScopes"]}
        granted |= {each.replace("write_", "read_") for each in granted}
        if missing := [each for each in SCOPES if each not in granted]:
            raise diagnosis.missing_scopes(missing)
        return Checked(catalog.count(account), {}, _notes(account, said))

    @understood
    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        return catalog.page(account, since=since, cursor=cursor)

    @understood
    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        return catalog.one(account, remote_id)

    @understood
    def existing(self, account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
        return catalog.existing(account, remote_ids)


def _notes(account: Account, said: client.Said) -> tuple[str, ...]:
    notes = []
    if said.version and said.version != settings.SHOPIFY_API_VERSION:
        notes.append(
            f"Shopify answers with version {said.version} of its interface instead of {settings.SHOPIFY_API_VERSION}. "
            "It goes on working for now; whoever runs this installation should install a newer version of Packshot."
        )
    domain = said.data["shop"]["myshopifyDomain"]
    if account.address.endswith(addresses.DOMAIN) and account.address != f"https://{domain}":
        notes.append(f"The shop's own name is {domain} now. The address here goes on working.")
    return tuple(notes)


def _wrong(typed: Mapping[str, str]) -> list[FieldError]:
    token, own, secret = typed["access_token"], typed[CLIENT_ID], typed[SECRET]
    found = []
    if token and not _TOKEN.fullmatch(token):
        found.append(FieldError("access_token", _not_a_token(token)))
    if own and not _CLIENT_ID.fullmatch(own):
        found.append(FieldError(CLIENT_ID, "A client ID has letters and digits alone. Copy it as Shopify shows it."))
    if secret and not _SECRET.fullmatch(secret):
        found.append(FieldError(SECRET, "A secret begins with shpss_. Copy it whole, or leave it empty."))
    if not token and not own:
        found.append(FieldError("access_token", "Type the access token, or your app's client ID and secret below."))
    if not token and own and not secret:
        found.append(FieldError(SECRET, "Type the client secret that goes with this client ID."))
    return found


def _not_a_token(token: str) -> str:
    if token.startswith("shpss_"):
        return "This is the app's API secret key. The access token is another one: it begins with shpat_."
    return "An access token begins with shpat_. Copy it whole, as Shopify shows it."
