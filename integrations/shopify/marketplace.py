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
from integrations.shopify.inbound import SECRET, ShopifyInbound
from integrations.shopify.publish import ShopifyPublisher

SCOPES = ("read_products", "write_products", "write_files")
_SECRET = re.compile(r"(?:shpss_)?[A-Za-z0-9]{20,100}")
_TOKEN = re.compile(r"shp(?!ss)[a-z]{2}_[A-Za-z0-9_-]{10,180}")


class Shopify(Marketplace):
    key = "shopify"
    title = "Shopify"
    needed = "The shop's address and the token of a custom app, or signing in at the shop."
    guide = "shopify"
    publisher = ShopifyPublisher()
    inbound = ShopifyInbound()
    address_label = "Shop address"
    address_help = "The name before .myshopify.com, such as my-shop.myshopify.com, or the address of your admin."
    address_placeholder = "my-shop.myshopify.com"
    credentials = (
        Credential("access_token", "Admin API access token",
                   "In Shopify: Settings > Apps and sales channels > Develop apps > your app > API credentials.",
                   placeholder="shpat_…"),
        Credential(SECRET, "API secret key",
                   "On the same page. With it Shopify tells of changes within seconds; without it they are read at "
                   "night.", placeholder="shpss_…", optional=True),
    )  # fmt: skip

    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        errors: list[FieldError] = []
        tidy = ""
        try:
            tidy = addresses.tidy(address)
        except OutboundError as error:
            errors.append(FieldError("address", error.detail))
        token = credentials.get("access_token", "").strip()
        if not _TOKEN.fullmatch(token):
            errors.append(FieldError("access_token", _not_a_token(token)))
        secret = credentials.get(SECRET, "").strip()
        if secret and not _SECRET.fullmatch(secret):
            errors.append(FieldError(SECRET, "An API secret key begins with shpss_. Copy it whole, or leave it empty."))
        if errors:
            raise InvalidInput(" ".join(each.detail for each in errors), errors=tuple(errors))
        found = {"access_token": token}
        if credentials.get("granted") == token:
            found |= {name: credentials[name] for name in tokens.GRANTED if name in credentials}
        # A token that was typed lasts: nothing of an installation before it is kept.
        return Account(tidy, found | ({SECRET: secret} if secret else {}))

    def masked(self, account: Account) -> str:
        token = account.credentials["access_token"]
        if account.credentials.get("refresh_token"):
            return "signed in at Shopify"
        return f"{token[:6]}…{token[-4:]}"

    def check(self, account: Account) -> Checked:
        said = client.call(account, documents.SCOPES)
        installation = said.data["currentAppInstallation"]
        granted = {each["handle"] for each in installation["accessScopes"]}
        granted |= {each.replace("write_", "read_") for each in granted}
        if missing := [each for each in SCOPES if each not in granted]:
            raise diagnosis.missing_scopes(missing)
        return Checked(catalog.count(account), {}, _notes(account, said))

    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        return catalog.page(account, since=since, cursor=cursor)

    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        return catalog.one(account, remote_id)

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


def _not_a_token(token: str) -> str:
    if token.startswith("shpss_"):
        return "This is the app's API secret key. The access token is another one: it begins with shpat_."
    return "An access token begins with shpat_. Copy it whole, as Shopify shows it."
