"""Amazon's remarks on a listing: which of them are about an image, and whether they were there before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.amazon.slots import Slot
from integrations.publishing import MAIN, Issue

_LONGEST = 500


def of_image(
    issues: Iterable[Mapping[str, Any]], slot: Slot, marketplace_ids: Iterable[str]
) -> list[Mapping[str, Any]]:
    """Errors and warnings about the image of this place in these stores."""
    wanted = set(marketplace_ids)
    return [
        each
        for each in issues
        if each.get("severity") in {"ERROR", "WARNING"}
        and (not each.get("marketplaceIds") or wanted & set(each["marketplaceIds"]))
        and _is_about(each, slot)
    ]


def fingerprint(issue: Mapping[str, Any]) -> str:
    return f"{issue.get('code')}: {issue.get('message')}"[:_LONGEST]


def told(issues: Iterable[Mapping[str, Any]]) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            code=str(each.get("code") or "")[:100],
            detail=str(each.get("message") or "Amazon does not say why.").replace("\0", "")[:_LONGEST],
            severity="error" if each.get("severity") == "ERROR" else "warning",
        )
        for each in issues
    )


def _is_about(issue: Mapping[str, Any], slot: Slot) -> bool:
    names = issue.get("attributeNames")
    if names:
        return slot.attribute in names
    # Without a name it is the main image's, as in Amazon's own examples (18027, text or watermark).
    return slot.name == MAIN and "INVALID_IMAGE" in (issue.get("categories") or [])
