"""HeySwap family: its calls outside of /api/v1, put together."""

from __future__ import annotations

from ninja import NinjaAPI

from dashboard.api import heyswap_tokens
from dashboard.api.v1 import api as v1

api = NinjaAPI(title="HeySwap family", version="1.0.0", urls_namespace="heyswap", openapi_url=None, docs_url=None)
api.add_router("", heyswap_tokens.router)
v1.answer_errors(api)
