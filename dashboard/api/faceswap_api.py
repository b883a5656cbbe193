"""Face-swap family: its calls put together."""

from __future__ import annotations

from ninja import NinjaAPI

from dashboard.api import faceswap_accounts, faceswap_jobs, faceswap_swaps
from dashboard.api.v1 import api as v1

api = NinjaAPI(title="Face-swap family", version="1.0.0", urls_namespace="faceswap", openapi_url=None, docs_url=None)
for endpoint in (faceswap_accounts, faceswap_swaps, faceswap_jobs):
    api.add_router("", endpoint.router)
v1.answer_errors(api)
