"""HeySwap family: its way to say that something went wrong."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from accounts.kit.errors import PackshotError

# Its calls; two of them live below /api/v1.
PATHS = frozenset({"/api/token", "/api/refresh", "/api/v1/image/remove-background", "/api/v1/user/credits"})


def failure(error: PackshotError) -> JsonResponse:
    """`{"success": false, "message", "errors"?}`, the errors by field."""
    body: dict[str, Any] = {"success": False, "message": error.detail}
    if error.errors:
        fields: dict[str, list[str]] = {}
        for item in error.errors:
            fields.setdefault(item.field, []).append(item.detail)
        body["errors"] = fields
    return JsonResponse(body, status=error.status)
