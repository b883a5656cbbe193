"""What people and programs look at in an organization that has much: every route (page_routes.py), then their filters,
their last pages, and the largest things."""

from __future__ import annotations

from accounts.access.actor import Actor
from tests.benchmarks.page_routes import walk
from tests.benchmarks.page_things import Things

_END = "newer=00000000-0000-7000-8000-000000000000"
_END_OF_NUMBERS = "newer=0"


def addresses(actor: Actor) -> list[str]:
    """With the ids of what this organization has."""
    of = Things(actor)
    return list(dict.fromkeys([*walk(of), *_work(of), *_shops(of), *_programs(of), *_people(of), *_calls(of)]))


def is_call(path: str) -> bool:
    """Of the API: asked with a key."""
    return path.startswith(("/api/", "/v1/", "/v3/"))


def _work(of: Things) -> list[str]:
    then = of.then
    return [
        f"/review/?job={of.batch}",
        f"/library/?{_END}",
        f"/library/?older={of.middle_image}",
        "/library/?q=IMG_123_0",
        "/library/?q=jpg",
        "/library/?q=there-is-no-such-thing",
        "/library/?label=Spring+2025+mugs",
        "/library/?preset=amazon-main",
        "/library/?state=doubtful",
        "/library/?state=pending",
        "/library/?state=rejected",
        "/library/?compliance=fail",
        "/library/?compliance=none",
        f"/library/?compliance=fail&{_END}",
        f"/library/?since={then}&until={then}",
        f"/library/?since={of.today}",
        "/library/?versions=all",
        f"/jobs/?{_END}",
        f"/jobs/?older={of.middle_job}",
        "/jobs/?status=failed",
        "/jobs/?status=running",
        f"/jobs/?status=canceled&{_END}",
        "/jobs/?label=Spring+2025+mugs",
        "/jobs/?q=IMG_123_0",
        "/jobs/?q=mugs",
        "/jobs/?q=there-is-no-such-thing",
        f"/jobs/{of.batch}/",
        f"/jobs/{of.batch}/?photo=250",
        f"/jobs/{of.batch}/live/",
        f"/compliance/?{_END}",
    ]


def _shops(of: Things) -> list[str]:
    return [
        f"/catalog/?{_END}",
        "/catalog/?q=SKU-0000123",
        "/catalog/?q=mug",
        "/catalog/?q=mug+blue",
        "/catalog/?q=zephyr",
        "/catalog/?q=bowl+zephyr",
        "/catalog/?q=mug&state=few",
        "/catalog/?q=mug&sort=title",
        "/catalog/?q=there-is-no-such-thing",
        "/catalog/?state=none",
        "/catalog/?state=few",
        "/catalog/?state=unchecked",
        "/catalog/?state=breaks",
        "/catalog/?state=ours",
        "/catalog/?state=fail",
        f"/catalog/?state=fail&{_END}",
        "/catalog/?status=draft",
        "/catalog/?sort=title",
        "/catalog/?sort=-images",
        "/catalog/?sort=sku",
        "/catalog/?sort=-read",
        f"/catalog/?connection={of.connection}",
        f"/catalog/?connection={of.connection}&state=fail",
        f"/integrations/?{_END}",
        "/integrations/?state=failed",
        "/integrations/?find=SKU-0000123",
        "/integrations/?find=there-is-no-such-thing",
        f"/publish/?image={of.output}&connection={of.connection}&q=mug",
        f"/publications/runs/{of.ids['run_id']}/?state=failed",
    ]


def _programs(of: Things) -> list[str]:
    then = of.then
    return [
        f"/webhooks/?{_END}",
        "/webhooks/?status=given_up",
        "/webhooks/?type=job.failed",
        "/webhooks/?q=receiver3",
        "/webhooks/?q=there-is-no-such-thing",
        f"/webhooks/?endpoint={of.ids['endpoint_id']}",
        "/usage/?period=7",
        "/usage/?period=90",
        f"/usage/?period=custom&from={of.a_year_ago}&to={of.today}",
        "/usage/?period=90&label=Spring+2025+mugs",
        f"/credits/?{_END_OF_NUMBERS}",
        "/credits/?kind=release",
        f"/credits/?kind=release&{_END_OF_NUMBERS}",
        f"/credits/?from={then}&to={then}",
        f"/reviews/?{_END}",
    ]


def _people(of: Things) -> list[str]:
    then = of.then
    return [
        "/team/?q=person",
        f"/team/?{_END_OF_NUMBERS}",
        f"/audit/?{_END_OF_NUMBERS}",
        "/audit/?who=person+12",
        "/audit/?who=nobody",
        "/audit/?action=job.created",
        "/audit/?action=webhook.",
        f"/audit/?from={then}&to={then}",
    ]


def _calls(of: Things) -> list[str]:
    return [
        "/api/v1/jobs?limit=100",
        "/api/v1/jobs?status=failed",
        "/api/v1/jobs?presetLabel=Spring+2025+mugs",
        f"/api/v1/jobs?limit=100&cursor={of.middle_job}",
        f"/api/v1/jobs/{of.batch}",
        "/api/v1/files?limit=100",
        "/api/v1/catalog?limit=100",
        "/api/v1/catalog?q=mug",
        "/api/v1/catalog?q=mug+blue",
        "/api/v1/catalog?sku=SKU-0000123",
        "/api/v1/publications?limit=100",
        "/api/v1/publications?status=failed",
        "/api/v1/publications?product=SKU-0000123",
    ]
