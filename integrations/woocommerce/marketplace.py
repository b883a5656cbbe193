"""WooCommerce, REST API v3, with a consumer key and secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from accounts.kit.errors import FieldError, InvalidInput
from accounts.kit.outbound import OutboundError
from integrations import wire
from integrations.base import Account, CatalogPage, Checked, Credential, Marketplace, MarketplaceError, RemoteProduct
from integrations.understood import understood
from integrations.woocommerce import catalog, client, diagnosis, media
from integrations.woocommerce.addresses import tidy_address
from integrations.woocommerce.hand_over import WooCommerceHandOver
from integrations.woocommerce.inbound import WooCommerceInbound
from integrations.woocommerce.publish import WooCommercePublisher

_USER = "Only needed where the shop cannot fetch images from here. Somebody who may upload to the media library."
_PASSWORD = "In WordPress, signed in as that user: Users > Profile > Application Passwords. https only."  # noqa: S105
_WHERE = "In WordPress: WooCommerce > Settings > Advanced > REST API > Add key, with the permission Read/Write."


class WooCommerce(Marketplace):
    key = "woocommerce"
    title = "WooCommerce"
    needed = "The address and a REST API key with Read/Write, or signing in at the shop."
    publisher = WooCommercePublisher()
    inbound = WooCommerceInbound()
    hand_over = WooCommerceHandOver()
    address_label = "Shop address"
    address_help = "The address of the shop's front page, such as https://example.com or https://example.com/shop."
    credentials = (
        Credential("consumer_key", "Consumer key", _WHERE, secret=False, placeholder="ck_…"),
        Credential("consumer_secret", "Consumer secret", "Shown beside the key, once, when it is made.",
                   placeholder="cs_…"),
        Credential(media.USER, "WordPress user", _USER, secret=False, optional=True),
        Credential(media.PASSWORD, "Application password", _PASSWORD, placeholder="abcd EFGH 1234 …", optional=True),
    )  # fmt: skip

    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        errors: list[FieldError] = []
        tidy = ""
        try:
            tidy = tidy_address(address)
        except OutboundError as error:
            errors.append(FieldError("address", error.detail))
        found: dict[str, str] = {}
        for name, prefix in (("consumer_key", "ck_"), ("consumer_secret", "cs_")):
            value = credentials.get(name, "").strip()
            if not value.startswith(prefix) or not value.isascii() or not value.isprintable() or len(value) > 100:
                errors.append(FieldError(name, f"This begins with {prefix}. Copy it as WooCommerce shows it."))
            found[name] = value
        found |= _app_password(tidy, credentials, errors)
        if errors:
            raise InvalidInput(" ".join(each.detail for each in errors), errors=tuple(errors))
        return Account(tidy, found)

    def masked(self, account: Account) -> str:
        return f"ck_…{account.credentials['consumer_key'][-4:]}"

    @understood
    def check(self, account: Account) -> Checked:
        account, notes = _way_in(account)
        products = client.call(account, "GET", "products", {"per_page": "1", "_fields": "id"})
        # An empty batch changes nothing, and is refused to a key, or a user, that may not write.
        client.call(account, "POST", "products/batch", body={"update": []})
        if media.has_password(account):
            media.check(account)
        return Checked(products.total or 0, account.options, notes)

    @understood
    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        return catalog.page(account, since=since, cursor=cursor)

    @understood
    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        return catalog.one(account, remote_id)

    @understood
    def existing(self, account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
        return catalog.existing(account, remote_ids)


def _app_password(address: str, credentials: Mapping[str, str], errors: list[FieldError]) -> dict[str, str]:
    """Both or neither. WordPress shows the password in groups of four; it takes it with the spaces and without."""
    user = credentials.get(media.USER, "").strip()
    password = "".join(credentials.get(media.PASSWORD, "").split())
    if not user and not password:
        return {}
    if not user.isprintable() or not 0 < len(user) <= 60:
        errors.append(FieldError(media.USER, "Type the WordPress user whose application password this is."))
    if not (password.isascii() and password.isalnum() and 16 <= len(password) <= 100):
        errors.append(FieldError(media.PASSWORD, "Copy the application password as WordPress shows it, in six groups."))
    elif address.startswith("http://"):
        errors.append(FieldError(media.PASSWORD, "An application password is sent to an https address only."))
    return {media.USER: user, media.PASSWORD: password}


def _way_in(account: Account) -> tuple[Account, tuple[str, ...]]:
    """The account with the way that its keys arrive by, and what to know about it."""
    account = replace(account, options={})
    try:
        client.call(account, "GET", "products", {"per_page": "1", "_fields": "id"})
    except MarketplaceError as error:
        if error.code == "not_a_shop" and _has_plain_permalinks(account):
            raise diagnosis.permalinks_off() from None
        if error.code != "wrong_key" or not account.address.startswith("https://"):
            raise
        # A host that drops the header looks exactly like a wrong key: the query tells them apart.
        in_query = replace(account, options={client.AUTH: client.IN_QUERY})
        client.call(in_query, "GET", "products", {"per_page": "1", "_fields": "id"})
        return in_query, (
            "The shop's host drops the Authorization header, so the keys travel in the address, where its log may "
            "keep them. Ask the host to pass the header on, then test again.",
        )
    return account, ()


def _has_plain_permalinks(account: Account) -> bool:
    """Whether WordPress answers its REST API, with WooCommerce in it, by the query alone. No key is sent."""
    try:
        answer = wire.exchange("GET", f"{account.address}/?rest_route=/", {})
    except MarketplaceError:
        return False
    body = answer.json
    return answer.status == 200 and isinstance(body, dict) and "wc/v3" in body.get("namespaces", [])
