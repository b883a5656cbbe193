"""What an answer of Amazon's that is not the one asked for says, in words that can be acted on."""

from __future__ import annotations

from typing import Any

from integrations.base import Account, Blame, MarketplaceError
from integrations.wire import Answer

TOKEN_REFUSED = "token_refused"  # noqa: S105
NOT_PERMITTED = "not_permitted"
GONE = "gone"
REFUSED = "refused"
_LONGEST_SAID = 200
_LONGEST_WAIT = 3600


def first_error(body: Any) -> tuple[str, str]:
    """Code and message of an answer with `errors`."""
    errors = body.get("errors") if isinstance(body, dict) else None
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return "", ""
    found = errors[0]
    return str(found.get("code") or ""), str(found.get("message") or found.get("details") or "")


def refusal(account: Account, answer: Answer) -> MarketplaceError:
    """The error that an answer of the Selling Partner API stands for."""
    code, message = first_error(answer.json)
    said = _said(account, message)
    words = message.lower()
    if answer.status >= 500:
        return MarketplaceError(
            "amazon_error", f"Amazon answered with an error of its own (status {answer.status}). That passes.",
            blame=Blame.SHOP, permanent=False, said=said,
        )  # fmt: skip
    if answer.status < 300:
        return half_answer()
    if not code:
        return MarketplaceError(
            "unexpected",
            "Something that is not Amazon's API answers in its place, most often a proxy or a firewall on this "
            "server's way out.",
            blame=Blame.US, permanent=True,
        )  # fmt: skip
    if answer.status in {401, 403} and "access token" in words:
        return MarketplaceError(
            TOKEN_REFUSED,
            "Amazon does not accept the access that this app was given. Authorize the app again in Seller Central, "
            "and type the new refresh token.",
            blame=Blame.CREDENTIALS, permanent=True, field="refresh_token", said=said,
        )  # fmt: skip
    if answer.status in {401, 403}:
        return MarketplaceError(
            NOT_PERMITTED,
            "Amazon does not let this app read and change listings. In Seller Central, under Apps and Services > "
            "Develop Apps, give it the role “Product Listing”, authorize it again, and type the new refresh token.",
            blame=Blame.CREDENTIALS, permanent=True, field="refresh_token", said=said,
        )  # fmt: skip
    if answer.status == 404:
        return gone(said)
    return MarketplaceError(
        REFUSED, f"Amazon refused this: {said or f'status {answer.status}'}", blame=Blame.SHOP, permanent=True,
        said=said,
    )  # fmt: skip


def login_refused(answer: Answer) -> MarketplaceError:
    """Login with Amazon gave no token."""
    body = answer.json
    code = str(body.get("error", "")) if isinstance(body, dict) else ""
    if answer.status == 429:
        return throttled(1.0)
    if answer.status >= 500 or not code:
        return MarketplaceError(
            "login_down", "Amazon's sign-in does not answer as it should just now. That passes.", blame=Blame.SHOP,
            permanent=False,
        )  # fmt: skip
    if code == "invalid_client":
        return MarketplaceError(
            "wrong_client",
            "Amazon does not know this client ID with this client secret. Copy both again from Seller Central > "
            "Apps and Services > Develop Apps > View credentials. A secret lives 180 days: it may have run out.",
            blame=Blame.CREDENTIALS, permanent=True, field="client_secret",
        )  # fmt: skip
    if code == "unauthorized_client":
        return MarketplaceError(
            "other_client", "This refresh token was made for another app. Take the client ID of the same app.",
            blame=Blame.CREDENTIALS, permanent=True, field="client_id",
        )  # fmt: skip
    return MarketplaceError(
        "wrong_token",
        "The refresh token is not valid: it was copied in part, revoked, or is older than a year. In Seller Central "
        "authorize the app again, and copy the new token whole. It begins with Atzr|.",
        blame=Blame.CREDENTIALS, permanent=True, field="refresh_token",
    )  # fmt: skip


def throttled(seconds: float, asked: int = 0) -> MarketplaceError:
    """`seconds`: by the usage plan; `asked`: by Amazon's own header."""
    wait = min(max(asked, round(seconds + 0.5), 2), _LONGEST_WAIT)
    return MarketplaceError(
        "throttled", "Amazon takes no more calls for the moment. They go on by themselves, more slowly.",
        blame=Blame.SHOP, permanent=False, retry_after=wait,
    )  # fmt: skip


def gone(said: str = "") -> MarketplaceError:
    return MarketplaceError(
        GONE, "Amazon has no listing with this SKU any more in the connected stores.", blame=Blame.SHOP,
        permanent=True, said=said,
    )  # fmt: skip


def half_answer() -> MarketplaceError:
    return MarketplaceError(
        "half_answer", "Only a part of the answer came. Try again.", blame=Blame.SHOP, permanent=False
    )


def unexpected(what: str) -> MarketplaceError:
    return MarketplaceError("unexpected", what, blame=Blame.SHOP, permanent=True)


def _said(account: Account, message: str) -> str:
    return account.hide(message).replace("\0", "")[:_LONGEST_SAID]
