"""Face-swap family: its way to say that something went wrong."""

from __future__ import annotations

from django.http import JsonResponse

from accounts.access.credentials import Unauthorized
from accounts.kit.errors import PackshotError

PREFIX = "/v1/"


def failure(error: PackshotError) -> JsonResponse:
    """`{"error", "code"}`: a sentence, and the status again."""
    return JsonResponse({"error": sentence(error), "code": error.status}, status=error.status)


def sentence(error: PackshotError) -> str:
    """Clients compare this word; why a credential is not good stands in WWW-Authenticate."""
    return "Unauthorized" if isinstance(error, Unauthorized) else error.detail
