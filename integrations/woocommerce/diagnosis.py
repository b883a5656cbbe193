"""What an answer that is not the one asked for says about the connection, in words that can be acted on.

The answers are those of a real shop (WooCommerce 9.9.5): tests/support/contracts/woocommerce.
"""

from __future__ import annotations

import re

import httpx2

from integrations.base import Account, Blame, MarketplaceError
from integrations.wire import Answer

_LONGEST_SAID = 200
_LONGEST_WAIT = 3600
_FIREWALL = re.compile(r"cloudflare|wordfence|sucuri|mod_security|imunify|captcha|access denied|forbidden", re.I)


def refusal(account: Account, answer: Answer) -> MarketplaceError:
    """The error that an answer stands for."""
    status, headers, body = answer.status, answer.headers, answer.json
    code = account.hide(str(body.get("code", ""))) if isinstance(body, dict) else ""
    said = account.hide(str(body.get("message", "")))[:_LONGEST_SAID] if isinstance(body, dict) else ""
    if 300 <= status < 400:
        return _moved(account.hide(headers.get("location", "").partition("?")[0]))
    if status == 429 or status == 503:
        return _busy(status, headers.get("retry-after", ""), said)
    if status >= 500:
        return MarketplaceError(
            "shop_error",
            f"The shop answered with an error of its own (status {status}). Often that is over soon; its error log "
            "says more.",
            blame=Blame.SHOP, permanent=False, said=said,
        )  # fmt: skip
    if body is None:
        return _not_json(account, status, headers, answer.data)
    if status in {401, 403}:
        return _not_let_in(code, said)
    if code == "rest_no_route":
        return MarketplaceError(
            "no_woocommerce",
            "This is a WordPress site, but WooCommerce does not answer there. Activate the WooCommerce plugin, or "
            "check the address: a shop in a folder needs it, such as https://example.com/shop.",
            blame=Blame.CREDENTIALS, permanent=True, field="address", said=said,
        )  # fmt: skip
    return MarketplaceError(
        code or "refused", f"The shop refused this: {said or f'status {status}'}.", blame=Blame.SHOP, permanent=True,
        said=said,
    )  # fmt: skip


def wrong_key(said: str = "") -> MarketplaceError:
    return MarketplaceError(
        "wrong_key",
        "The shop does not know this consumer key. Copy it again, whole, or make a new one under WooCommerce > "
        "Settings > Advanced > REST API.",
        blame=Blame.CREDENTIALS, permanent=True, field="consumer_key", said=said,
    )  # fmt: skip


def permalinks_off() -> MarketplaceError:
    return MarketplaceError(
        "permalinks_off",
        "The shop uses plain permalinks, and with them WooCommerce's keys do not work. In WordPress, under Settings > "
        "Permalinks, choose anything but Plain, save, and test again.",
        blame=Blame.SHOP, permanent=True, field="address",
    )  # fmt: skip


def _not_let_in(code: str, said: str) -> MarketplaceError:
    words = said.lower()
    if "write permission" in words:
        return MarketplaceError(
            "read_only_key",
            "This key may only read. Under WooCommerce > Settings > Advanced > REST API give it the permission "
            "Read/Write, or make a new one with it.",
            blame=Blame.CREDENTIALS, permanent=True, field="consumer_key", said=said,
        )  # fmt: skip
    if "timestamp" in words:
        return MarketplaceError(
            "clock",
            "The clocks of the shop and of this server differ by more than 15 minutes, so the shop refuses the "
            "signature. Have the one that is wrong set, or use the shop's https address, which needs no clock.",
            blame=Blame.SHOP, permanent=True, field="address", said=said,
        )  # fmt: skip
    if "secret" in words or "signature" in words:
        return MarketplaceError(
            "wrong_secret",
            "The consumer secret does not belong to this key. Copy it again; if it is lost, make a new key.",
            blame=Blame.CREDENTIALS, permanent=True, field="consumer_secret", said=said,
        )  # fmt: skip
    if "consumer key" in words or code == "woocommerce_rest_cannot_view":
        return wrong_key(said)
    if code.startswith("woocommerce_rest_cannot"):
        return MarketplaceError(
            "not_permitted",
            "The WordPress user of this key may not edit products. Make the key for a shop manager or an "
            "administrator.",
            blame=Blame.CREDENTIALS, permanent=True, field="consumer_key", said=said,
        )  # fmt: skip
    return MarketplaceError(
        "blocked",
        "Something on the site keeps programs out of its REST API, most often a security plugin. Allow the API for "
        "keys in its settings." + (f" It says: “{said}”" if said else ""),
        blame=Blame.SHOP, permanent=True, field="address", said=said,
    )  # fmt: skip


def _not_json(account: Account, status: int, headers: httpx2.Headers, data: bytes) -> MarketplaceError:
    """HTML, text, or half of an answer."""
    text = data[:20_000].decode(errors="replace")
    if "json" in headers.get("content-type", "") and status < 300:
        return MarketplaceError(
            "half_answer", "The shop sent only a part of its answer. Try again.", blame=Blame.SHOP, permanent=False
        )
    if "rest_route=" in headers.get("link", ""):
        return permalinks_off()
    if status in {401, 403, 406} or (status != 404 and _FIREWALL.search(text[:4000])):
        return MarketplaceError(
            "blocked",
            "A firewall or a security plugin in front of the shop answers instead of it. Ask the shop's host to let "
            "this server reach /wp-json/wc/v3/.",
            blame=Blame.SHOP, permanent=True, field="address",
        )  # fmt: skip
    return MarketplaceError(
        "not_a_shop",
        f"There is a server at {account.address}, but it is not a WooCommerce shop. Use the address of the shop's "
        "front page.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def _moved(location: str) -> MarketplaceError:
    where = location.partition("/wp-json")[0][:200]
    return MarketplaceError(
        "moved",
        f"The shop sends visitors on to {where or 'another address'}. Use that address here: "
        "keys are sent nowhere else.",
        blame=Blame.CREDENTIALS, permanent=True, field="address",
    )  # fmt: skip


def _busy(status: int, retry_after: str, said: str) -> MarketplaceError:
    seconds = min(int(retry_after), _LONGEST_WAIT) if retry_after.isascii() and retry_after.isdigit() else None
    if status == 429:
        detail = "The shop takes no more calls for the moment. They go on by themselves, more slowly."
        return MarketplaceError("throttled", detail, blame=Blame.SHOP, permanent=False, retry_after=seconds, said=said)
    detail = "The shop is closed for maintenance. Try again in a few minutes."
    return MarketplaceError("maintenance", detail, blame=Blame.SHOP, permanent=False, retry_after=seconds, said=said)
