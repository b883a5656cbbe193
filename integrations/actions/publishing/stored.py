"""What publishers answer, as it is stored in JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from integrations.base import Exchange, MarketplaceError, RemoteImage
from integrations.publishing import Issue, Shown

_LONGEST = 4000


def shown_to_json(shown: Shown) -> dict[str, Any]:
    return asdict(shown)


def shown_from_json(stored: dict[str, Any]) -> Shown:
    image = stored.get("image")
    return Shown(
        RemoteImage(**image) if image else None,
        tuple(RemoteImage(**each) for each in stored.get("gallery", ())),
        stored.get("shared_with"),
    )


def issues_to_json(issues: Iterable[Issue]) -> list[dict[str, str]]:
    return [asdict(each) for each in issues]


def issue_of(error: MarketplaceError) -> Issue:
    return Issue(error.code, error.detail, said=error.said)


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """As the activity log shows it: long ones are cut."""
    return {
        "request": exchange.request[:_LONGEST],
        "status": exchange.status,
        "answer": exchange.answer[:_LONGEST].replace("\0", ""),
        "milliseconds": exchange.milliseconds,
    }
