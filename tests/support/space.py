"""Addresses of the BackgroundCut family, and the credits of who calls them."""

from __future__ import annotations

from accounts.models import Organization
from tests.support.cast import Cast

UPLOAD = "/file-ops/upload/"
PROCESS = "/tools/ai/remove-bg/process/"
SEGMENT = "/tools/ai/ai-cut/segment/"
PUBLIC = "/file-ops/get-public-url/"
USAGE = "/file-ops/usage/"


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance
