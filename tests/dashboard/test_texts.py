"""Every text of the pages can be translated: in a language that accents them all, no plain word is left."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.actions.invitations import invite
from accounts.actions.teams import create_team
from accounts.actions.webhook_endpoints import create_endpoint, send_test
from accounts.models import Membership, Organization, User
from dashboard.access import declared_routes
from integrations.actions import runs
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant
from integrations.registry import MARKETPLACES
from processing.actions.compliance_profiles import clone_profile
from processing.actions.presets import save_preset
from processing.compliance.profiles import PROFILES
from processing.models import Asset, JobImage
from tests.support import pseudo
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of
from tests.support.listed import judge, output_of, product_of, shop_of
from tests.support.studio import put
from tests.support.tried import publication_of, try_of

As = Callable[[Actor], Client]
Furniture = dict[str, object]

# Names, and what is the same in every language.
_SAME = """
Packshot Shopify WooCommerce WordPress Amazon Google Walmart Etsy eBay Discord GitHub Heyswap HeySwap BackgroundCut
InsightFaceSwap Postman OpenAPI Python JavaScript PHP Node curl PostgreSQL SQLite Redis ISNet BiRefNet GrabCut
PNG JPEG JPG WebP AVIF HEIC TIFF BMP GIF ZIP CSV JSON API URL SKU ASIN EAN UTC GMT HTTP HTTPS SHA QR DPI
px MB KB GB MP ms min sRGB RGB
Am Ab Sh Wo Et Wm Go Django celery numpy onnxruntime openvino pillow rembg
"""
_NAMES = set(_SAME.split())
# Addresses, file names, identifiers: what programs write.
_WRITTEN = re.compile(
    r"\S+@\S+|\S*/\S*|\b[\w-]+\.[a-z]{2,5}\b|\b\w*\d\w*\b|\b[a-z]+(?:[_.:-][a-z0-9*]+)+\b|\b[a-z]+[A-Z]\w*\b"
    r"|[a-z]{2}_\S+|#[0-9a-f]{3,8}|[{<]\w+[}>]"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
# What was written down when it happened.
_KEPT = (
    *(zone.replace("_", " ") for zone in zoneinfo.available_timezones()),
    *(profile.title for profile in PROFILES.values()),
    *(rule.source for profile in PROFILES.values() for rule in profile.rules),
    *("Welcome credits", "Dashboard", "PUT /products/1 images=2", "abcd EFGH 1234 …", "(px at 1,000 px)"),
    *(kind.title for kind in MARKETPLACES.values()),
)
_QUOTED = re.compile("|".join(map(re.escape, sorted(_KEPT, key=len, reverse=True))))
# Routes that are no pages for people, and what stays English: the API's documents in the tester, the audit log's data.
_OTHER = re.compile(
    r"^(\^|api/|v1/|v3/|docs|admin/|api-tester/|audit/|hooks/|i/|images/|healthz|readyz|metrics|styleguide)|\.\w+$|\^"
)
# Pages of something that is only there for a moment, and what only a running service or a marketplace's app brings.
_PASSING = {
    "studio_preview", "library_cut_progress", "edit_preview_state", "integrations_returned", "integrations_keys",
    "shopify_install", "shopify_callback",
}  # fmt: skip
# What a page is about, where nothing of it is furnished: each of these has tests of its own.
_UNFURNISHED = {
    "review_id",
    "mark",
    "check_id",
    "invitation_id",
    "approval_id",
    "token",
    "pk",
    "slug",
    "object_id",
    "email_id",
}


def words_left(html: str) -> list[str]:
    """Texts of the page with a plain word in them that is no name."""
    return [
        text
        for text in pseudo.read(html)
        if any(word not in _NAMES for word in _WORD.findall(_WRITTEN.sub(" ", _QUOTED.sub(" ", text))))
    ]


@pytest.fixture
def furnished(cast: Cast, settings: Settings) -> Furniture:
    """Something of everything, named in Greek: what is left in Latin letters is not data. By parameters of routes."""
    settings.BASE_URL = "https://images.example.com"
    Organization.objects.filter(pk=cast.alice.organization.pk).update(name="Άλφα")
    for actor, name in ((cast.alice, "Αλίκη"), (cast.bob, "Βασίλης"), (cast.victor, "Βίκτωρ")):
        assert actor.user is not None
        User.objects.filter(pk=actor.user.pk).update(name=name, is_staff=actor is cast.alice)
    put(cast.alice, 1)
    asset = output_of(cast.bob, name="κούπα")
    plain = output_of(cast.bob, name="δ", seed=5)
    shop = shop_of(cast.alice, name="Πηλός")
    product = product_of(shop, title="Μπλε", images=2, variants=1)
    job = job_of(
        cast.bob,
        Photo(name="α", seed=2, confidence=0.4, reasons=("soft_edges",)),
        Photo(name="β", seed=3, ended="failed"),
        Photo(name="γ", seed=4, ended="queued"),
    )
    publication = publication_of(cast.bob, product, asset, status="rejected")
    try_of(publication)
    judge(asset, "fail")
    _in_greek(asset)
    key, _ = create_api_key(cast.alice, name="Κλειδί", scopes=["*"])
    endpoint, _ = create_endpoint(cast.alice, url="https://example.com/1", events=["job.failed"])
    invite(cast.alice, emails=["1@example.com"], role=Role.VIEWER)
    steps = [{"operation": "resize", "parameters": {"width": 10}}]
    return {
        "image_id": JobImage.unscoped.get(output=asset).pk,
        "job_id": job.pk,
        "connection_id": shop.pk,
        "product_id": product.pk,
        "publication_id": publication.pk,
        "run_id": runs.start(
            cast.bob, connection_id=shop.pk, items=[runs.Item(plain.pk, "1")], first=1, name="Σειρά"
        ).pk,
        "key_id": key.pk,
        "endpoint_id": endpoint.pk,
        "delivery_id": send_test(cast.alice, endpoint_id=endpoint.pk).pk,
        "team_id": create_team(cast.alice, name="Ομάδα").pk,
        "membership_id": Membership.unscoped.get(organization=cast.alice.organization, user=cast.bob.user).pk,
        "preset_id": save_preset(cast.alice, title="12", parameters={"width": 10}).pk,
        "recipe_id": save_preset(cast.alice, title="34", operation="recipe", parameters={"steps": steps}).pk,
        "profile_id": clone_profile(cast.alice, title="56", marketplace="amazon", slot="main").pk,
        "marketplace": "woocommerce",
        "operation": "resize",
    }


def _in_greek(asset: Asset) -> None:
    """What a shop and a check have written down stays as it was written, in whatever language."""
    CatalogProduct.unscoped.update(status="ενεργό")
    CatalogImage.unscoped.update(alt="Όψη")
    CatalogVariant.unscoped.update(title="Μικρό")
    image = JobImage.unscoped.get(output=asset)
    assert image.report is not None
    for found in image.report["reports"].values():
        for finding in found["findings"]:
            finding.update(title="Μέγεθος", measured="60", wanted="800", detail="Μικρό.", source="Πηγή")
    image.save(update_fields=["report"])


def addresses(furnished: Furniture) -> list[str]:
    """Every page; a new one that needs something else than there is has to be furnished above."""
    found = []
    for route, name, access in declared_routes():
        if access and name and name not in _PASSING and not _OTHER.search(route):
            needed = re.findall(r"<\w+:(\w+)>", route)
            if _UNFURNISHED & set(needed):
                continue
            found.append(reverse(name, kwargs={each: furnished[each] for each in needed}))
    return list(dict.fromkeys(found))


def pages(client: Client, paths: list[str]) -> dict[str, str]:
    """The pages by their addresses, refusals too; what leads elsewhere or is no page is left out."""
    found = {}
    for path in paths:
        answer = client.get(path)
        assert answer.status_code < 500, (path, answer.status_code)
        if not 300 <= answer.status_code < 400 and answer.get("Content-Type", "").startswith("text/html"):
            found[path] = answer.content.decode()
    return found


def test_no_text_of_a_page_is_forgotten(cast: Cast, as_: As, furnished: Furniture) -> None:
    with pseudo.spoken():
        paths = addresses(furnished)
        seen = [pages(as_(cast.alice), paths), pages(as_(cast.victor), paths), pages(Client(), paths)]
    assert len(seen[0]) > 60, sorted(seen[0])
    forgotten = {path: left for each in seen for path, html in each.items() if (left := words_left(html))}
    assert not forgotten, "\n".join(f"{path}: {text}" for path, left in forgotten.items() for text in left)


def test_a_forgotten_text_is_found() -> None:
    with pseudo.spoken():
        assert words_left('<p>Δελτα</p><a title="Open">PNG</a><p>New words</p><code>run it</code>') == [
            "Open",
            "New words",
        ]
