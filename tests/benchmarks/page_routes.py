"""Every address of the product that answers a GET, with ids filled in; those that are left out say why.

A new route is asked by itself where its ids are known (page_things.py); tests/dashboard/test_pages_benchmark.py fails
for one whose ids are not, and that is not named here.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.benchmarks.page_things import Things
from tests.support.access_walk import address, table

_OF_ONE = "of one person's signing in: the same few rows in every organization"
_FILE = "a file's bytes: measured by what they weigh"
_DOWNLOAD = "a download, as long as what it holds; it is streamed"
_TOKEN = "of one e-mail's token: one row"
_MADE_FIRST = "of a preview or a correction that has to be made first"
_SHOP = "on the way through signing in at a shop"
_POOL = "of the pool's few accounts; there are none here"
# A route, or what routes begin with and three dots.
LEFT_OUT: dict[str, str] = {
    "/accounts/…": _OF_ONE,
    "/admin/…": "the operator's admin: its lists are asked below",
    "/studio/preview/<uuid:job_id>/": _MADE_FIRST,
    "/library/<uuid:image_id>/cut/preview/<uuid:job_id>/": _MADE_FIRST,
    "/library/<uuid:image_id>/edit/preview/<uuid:job_id>/": _MADE_FIRST,
    "/compliance/<uuid:check_id>/fixed/<uuid:job_id>/": _MADE_FIRST,
    "/reviews/<uuid:review_id>/answers.csv": _DOWNLOAD,
    "/jobs/<uuid:job_id>/zip/": _DOWNLOAD,
    "/integrations/activity.csv": _DOWNLOAD,
    "/usage/usage.csv": _DOWNLOAD,
    "/credits/credits.csv": _DOWNLOAD,
    "/audit/audit.csv": _DOWNLOAD,
    "/r/image/…": _FILE,
    "/catalog/pictures/<int:image_id>.webp": _FILE,
    "/logos/<uuid:logo_id>.webp": _FILE,
    "/i/<str:token>.<str:extension>": _FILE,
    "/images/<uuid:asset_id>/": _FILE,
    "/images/<uuid:asset_id>/<int:side>.webp": _FILE,
    "/api/v1/files/<uuid:file_id>": _FILE,
    "/v3/files/<path:path>": _FILE,
    "/integrations/connect/<slug:marketplace>/returned/": _SHOP,
    "/integrations/shopify/install/": _SHOP,
    "/integrations/shopify/callback/": _SHOP,
    "/unsubscribe/<str:token>/": _TOKEN,
    "/invitations/<str:token>/": _TOKEN,
    "/settings/security/go-on/": "leads on to another page",
    "/organizations/": "leads on where somebody belongs to one alone",
    "/readyz": "waits for a worker, and there is none here",
    "/v1/faceswap/account": _POOL,
    "/v1/faceswap/account/<str:channel>": _POOL,
    "/v1/faceswap/jobs/": _POOL,
    "/v1/faceswap/jobs/cancel/": "changes what it asks for",
    "/(api|v1|v3)/…": "there is nothing",
}
# Lists of the operator's admin over the largest tables.
ADMIN = [
    f"/admin/{model}/"
    for model in (
        "processing/job", "processing/jobimage", "processing/asset", "integrations/catalogproduct",
        "integrations/catalogimage", "integrations/publication", "accounts/auditentry", "accounts/ledgerentry",
        "accounts/usageday", "accounts/organization", "accounts/user",
    )
]  # fmt: skip


def left_out(route: str) -> str:
    """Why; empty for a route that is asked."""
    for name, why in LEFT_OUT.items():
        if route == name or (name.endswith("…") and route.startswith(name[:-1])):
            return why
    return ""


def wanted_routes() -> list[str]:
    """As the access table spells them."""
    routes = dict.fromkeys(row.route for row in table() if row.method == "GET")
    return [route for route in routes if not left_out(route)]


def walk(of: Things) -> list[str]:
    """Each of them once. Where a route needs to be told more than ids, it is."""
    more = {
        "/jobs/live/": f"?job={of.batch}&job={of.job}",
        "/publish/": f"?image={of.output}",
        "/presets/copy/": f"?preset={of.ids['preset_id']}",
        "/reviews/new/": f"?job={of.batch}",
    }
    reference: Mapping[str, str] = of.ids | {"slug": "jobs"}
    found = []
    for route in wanted_routes():
        ids = reference if route.startswith("/docs/reference/") else of.ids
        found.append(address(route, dict(ids)) + more.get(route, ""))
    return [*found, *ADMIN]
