"""Face-swap family: its calls put together."""

from __future__ import annotations

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.kit.errors import PackshotError
from dashboard.api import faceswap_accounts
from dashboard.api.idempotent import Replayed
from dashboard.api.v1 import api as v1

api = NinjaAPI(title="Face-swap family", version="1.0.0", urls_namespace="faceswap", openapi_url=None, docs_url=None)
api.add_router("", faceswap_accounts.router)
api.exception_handler(PackshotError)(v1.refused)
api.exception_handler(Replayed)(v1.answered_before)
api.exception_handler(ValidationError)(v1.invalid)
api.exception_handler(Http404)(v1.not_found)
api.exception_handler(HttpError)(v1.refused_by_the_framework)
api.exception_handler(Exception)(v1.broken)
