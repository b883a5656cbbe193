"""Amazon, Selling Partner API: a seller's listings in the stores of one region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.kit.errors import FieldError, InvalidInput
from integrations.amazon import catalog, check, diagnosis, listing, stores
from integrations.amazon.publish import AmazonPublisher
from integrations.amazon.stores import NotAStore, Store
from integrations.base import Account, CatalogPage, Checked, Credential, Marketplace, MarketplaceError, RemoteProduct
from integrations.understood import understood

_LONGEST = 2000
_APP = "In Seller Central: Apps and Services > Develop Apps > View credentials, at your app."


class Amazon(Marketplace):
    key = "amazon"
    title = "Amazon"
    needed = "An app of your own in Seller Central: client ID, client secret, refresh token, and your seller ID."
    guide = "amazon"
    only_fetches = True
    publisher = AmazonPublisher()
    address_label = "Stores"
    address_help = (
        "Where you sell, such as amazon.de. Several of one region, separated by commas, are kept alike: amazon.de, "
        "amazon.fr."
    )
    address_placeholder = "amazon.com"
    credentials = (
        Credential("seller_id", "Seller ID", "In Seller Central: Settings > Account Info > Merchant Token.",
                   secret=False, placeholder="A1B2C3D4E5F6G7"),
        Credential("client_id", "Client ID", _APP, secret=False, placeholder="amzn1.application-oa2-client.…"),
        Credential("client_secret", "Client secret", "Beside the client ID. Amazon has it renewed every 180 days.",
                   placeholder="amzn1.oa2-cs.v1.…"),
        Credential("refresh_token", "Refresh token", "At the same app: Authorize > Authorize app. Shown once.",
                   placeholder="Atzr|…"),
    )  # fmt: skip

    def account(self, address: str, credentials: Mapping[str, str]) -> Account:
        errors: list[FieldError] = []
        found = {each.name: credentials.get(each.name, "").strip() for each in self.credentials}
        found["seller_id"] = found["seller_id"].upper()
        named: tuple[Store, ...] = ()
        try:
            named = stores.read(address)
        except NotAStore as error:
            errors.append(FieldError("address", str(error)))
        fixed = stores.seller_in(address)
        if not stores.is_seller(found["seller_id"]):
            errors.append(FieldError("seller_id", "This begins with A and has 10 to 20 capital letters and digits."))
        elif fixed and fixed != found["seller_id"]:
            errors.append(FieldError("seller_id", "This is another seller. Make a connection of its own for it."))
        if not found["client_id"].startswith("amzn1.application-oa2-client.") or not _is_plain(found["client_id"]):
            errors.append(FieldError("client_id", "This begins with amzn1.application-oa2-client. and is not the app's "
                                                  "own ID."))  # fmt: skip
        if len(found["client_secret"]) < 32 or not _is_plain(found["client_secret"]):
            errors.append(FieldError("client_secret", "Copy it as Seller Central shows it, whole."))
        if not found["refresh_token"].startswith("Atzr|") or not _is_plain(found["refresh_token"]):
            errors.append(FieldError("refresh_token", "This begins with Atzr|. Copy it whole: it is long."))
        if errors:
            raise InvalidInput(" ".join(each.detail for each in errors), errors=tuple(errors))
        return Account(stores.address(named, found["seller_id"]), found)

    def name_of(self, account: Account) -> str:
        return ", ".join(store.domain for store in stores.read(account.address))

    def masked(self, account: Account) -> str:
        return f"Atzr|…{account.credentials['refresh_token'][-4:]}"

    @understood
    def check(self, account: Account) -> Checked:
        return check.check(account)

    @understood
    def catalog(self, account: Account, *, since: datetime | None, cursor: str) -> CatalogPage:
        return catalog.page(account, since=since, cursor=cursor)

    @understood
    def one(self, account: Account, remote_id: str) -> RemoteProduct | None:
        try:
            return catalog.product(listing.get(account, remote_id))
        except MarketplaceError as error:
            if error.code != diagnosis.GONE:
                raise
            return None

    @understood
    def existing(self, account: Account, remote_ids: Sequence[str]) -> frozenset[str]:
        return catalog.existing(account, remote_ids)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text and len(text) <= _LONGEST
