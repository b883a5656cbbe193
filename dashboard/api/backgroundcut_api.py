"""BackgroundCut family: its calls put together. One file each beside this one."""

from __future__ import annotations

from ninja import NinjaAPI

from dashboard.api import (
    backgroundcut_cut,
    backgroundcut_files,
    backgroundcut_process,
    backgroundcut_public_url,
    backgroundcut_tokens,
    backgroundcut_upload,
    backgroundcut_usage,
)
from dashboard.api.v1 import api as v1

api = NinjaAPI(
    title="BackgroundCut family", version="3.0.0", urls_namespace="backgroundcut", openapi_url=None, docs_url=None
)
for _endpoint in (
    backgroundcut_tokens,
    backgroundcut_upload,
    backgroundcut_process,
    backgroundcut_cut,
    backgroundcut_public_url,
    backgroundcut_usage,
    backgroundcut_files,
):
    api.add_router("", _endpoint.router)
v1.answer_errors(api)
