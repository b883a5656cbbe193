"""Amazon through a bridge: a small service that the seller runs, for whoever keeps Amazon's keys to themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.kit.errors import FieldError, InvalidInput
from accounts.kit.outbound import OutboundError, check_url
from integrations.amazon_bridge import catalog
from integrations.amazon_bridge.publish import BridgePublisher
from integrations.base import Account, CatalogPage, Checked, Credential, Marketplace, RemoteProduct
from integrations.understood import understood

_LONGEST = 2000


class AmazonBridge(Marketplace):
    key = "amazon-bridge"
    title = "Amazon bridge"
    needed = "The address and the token of a small service that you run beside your own Amazon tools."
    image_rules = "amazon"
    guide = "amazon"
    only_fetches = True
    publisher = BridgePublisher()
    address_label = "Bridge endpoint"
    address_help = "Where your bridge answers, such as https://bridge.example.com or https://example.com/bridge."
    credentials = (Credential("token", "Token", "The one that your bridge asks for, as “Authorization: Bearer …”."),)

    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        errors: list[FieldError] = []
        tidy, token = "", credentials.get("token", "").strip()
        try:
            tidy = _tidy(address)
        except OutboundError as error:
            errors.append(FieldError("address", error.detail))
        if not token or not token.isascii() or not token.isprintable() or " " in token or len(token) > _LONGEST:
            errors.append(FieldError("token", "Copy the token whole: letters, digits and signs without a space."))
        if errors:
            raise InvalidInput(" ".join(each.detail for each in errors), errors=tuple(errors))
        return Account(tidy, {"token": token})

    def masked(self, account: Account) -> str:
        token = account.credentials["token"]
        return f"…{token[-4:]}" if len(token) >= 16 else "…"

    @understood
    def check(self, account: Account) -> Checked:
        return Checked(catalog.count(account), {})

    @understood
    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        return catalog.page(account, cursor)

    @understood
    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        return catalog.one(account, remote_id)

    @understood
    def existing(self, account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
        wanted = set(remote_ids)
        found: set[str] = set()
        for page in catalog.pages(account):
            found |= wanted & {product.remote_id for product in page.products}
            if found == wanted:
                break
        return frozenset(found)


def _tidy(text: str) -> str:
    """Without what follows the bridge's own path. Raises OutboundError."""
    text = text.strip()
    url = check_url(text if "://" in text else f"https://{text}")
    path = url.path.rstrip("/").removesuffix("/catalog").removesuffix("/publish").rstrip("/")
    return str(url.copy_with(path=path or "/", query=None, fragment=None)).rstrip("/")
