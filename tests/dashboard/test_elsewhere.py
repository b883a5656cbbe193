"""A link into another of one's organizations offers to switch, whatever it leads to."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.actions.approval_mail import mail_approval
from accounts.actions.teams import create_team
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import Approval, Membership, WebhookDelivery, WebhookEvent
from integrations.models import CatalogProduct, Connection, Publication, PublishRun
from processing.actions.presets import save_preset
from processing.models import ClientReview, ComplianceProfile, Job, JobImage, Preset
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
# What addresses with an id lead to, and why some of them offer nothing: parts of pages, and files inside of pages.
NOT_OFFERED = {
    "studio_preview", "library_cut_preview", "library_cut_progress", "edit_preview_state", "edit_preview",
    "edit_background", "library_verdict", "job_live", "integration_progress", "image_thumbnail", "catalog_picture",
    "outside_image", "outside_image_file", "organization_logo",
}  # fmt: skip


def everything(of: Actor) -> dict[str, object]:
    """One thing of each kind, by the name of its route."""
    there = of.organization
    job = job_of(of, Photo())
    image = job.images.get()
    check = JobImage.unscoped.create(
        organization=there, job=Job.unscoped.create(organization=there, operation="check", purpose="check"), index=0
    )
    shop = stocked(of, product(1))
    endpoint, _ = create_endpoint(of, url="https://hooks.example/", events=["*"])
    event = WebhookEvent.unscoped.create(organization=there, type="job.finished", body="{}")
    ids: dict[str, object] = {
        "job": job.pk,
        "library_image": image.pk,
        "compliance_check": check.pk,
        "compliance_profile": ComplianceProfile.unscoped.create(
            organization=there, slug="own", title="Own", marketplace="amazon", slot="main"
        ).pk,
        "catalog_product": CatalogProduct.unscoped.get(organization=there).pk,
        "integration": shop.pk,
        "publish_run": PublishRun.unscoped.create(organization=there, connection=shop, name="R", size=1).pk,
        "publication": Publication.unscoped.create(
            organization=there, connection=shop, product="1", slot="main", filename="a.jpg", sha256="0" * 64
        ).pk,
        "presets_edit": save_preset(of, title="Own", parameters={"width": 10}).pk,
        "recipes_edit": save_preset(
            of, title="Steps", operation="recipe", parameters={"steps": [{"operation": "process"}]}
        ).pk,
        "api_key": create_api_key(of, name="Theirs", scopes=["*"])[0].pk,
        "webhooks_endpoint": endpoint.pk,
        "webhooks_delivery": WebhookDelivery.unscoped.create(
            organization=there, event=event, endpoint=endpoint, url="https://hooks.example/", host="hooks.example"
        ).pk,
        "team_team": create_team(of, name="Theirs").pk,
        "team_member": Membership.objects.of(of).get(user=of.user).pk,
        "client_review": ClientReview.unscoped.create(
            organization=there, title="T", digest="0" * 64, expires_at="2099-01-01T00:00:00Z"
        ).pk,
        "image": image.output_id,
    }
    like = {
        "job": ["job_zip"],
        "library_image": ["library_cut", "library_compare", "edit_choose", "edit"],
        "client_review": ["client_review_csv"],
        "compliance_check": ["compliance_evidence", "compliance_fixed"],
    }
    return ids | {name: ids[first] for first, names in like.items() for name in names}


def address(route: URLPattern, row_id: object) -> str:
    named = {
        name: uuid.uuid4() if name == "job_id" and len(route.pattern.converters) > 1 else row_id
        for name in route.pattern.converters
    }
    return reverse(str(route.name), kwargs=named | _further(route))


def _further(route: URLPattern) -> dict[str, str]:
    known = {"operation": "resize", "form": "pdf"}
    return {name: known[name] for name in route.pattern.converters if name in known}


def test_every_page_of_something_elsewhere_offers_to_switch(cast: Cast, as_: As) -> None:
    assert cast.alice.user
    ids = everything(cast.charlie)
    client = as_(cast.alice)
    routes = [
        route
        for route in get_resolver().url_patterns
        if isinstance(route, URLPattern) and {"uuid", "int"} & _kinds(route) and _is_page(client, route)
    ]
    assert {str(route.name) for route in routes} - NOT_OFFERED == set(ids), (
        "a new page of a thing belongs into dashboard/elsewhere.py, or into NOT_OFFERED"
    )
    paths = [address(route, ids[str(route.name)]) for route in routes if route.name not in NOT_OFFERED]
    paths += [f"/review/?image={ids['library_image']}", f"/review/?job={ids['job']}"]
    for path in paths:
        stranger = client.get(path)
        assert stranger.status_code == 404, path
        assert "Charlie" not in stranger.content.decode(), path
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.alice.user, role="admin")
    for path in paths:
        assert "Switch to Charlie" in client.get(path).content.decode(), path
    # Refused here, allowed there: the offer comes all the same.
    Membership.unscoped.filter(organization=cast.alice.organization, user=cast.alice.user).update(role=Role.VIEWER)
    page = client.get(f"/api-keys/{ids['api_key']}/")
    assert page.status_code == 403
    assert "Switch to Charlie" in page.content.decode()
    client.post("/organizations/switch/", {"organization": str(cast.charlie.organization.pk)})
    for name in ("job", "integration", "presets_edit", "api_key", "team_team"):
        assert client.get(reverse(name, args=[ids[name]])).status_code == 200, name


def _kinds(route: URLPattern) -> set[str]:
    return {type(each).__name__.removesuffix("Converter").lower() for each in route.pattern.converters.values()}


def _is_page(client: Client, route: URLPattern) -> bool:
    """It answers a GET at all."""
    ids = {name: 1 if type(each).__name__ == "IntConverter" else uuid.uuid4() for name, each in
           route.pattern.converters.items()}  # fmt: skip
    return client.get(reverse(str(route.name), kwargs=ids | _further(route))).status_code != 405


def test_what_one_does_not_see_there_is_not_offered(cast: Cast, as_: As) -> None:
    assert cast.bob.user
    hidden = stocked(cast.charlie, product(1), shared=False)
    team = create_team(cast.charlie, name="Closed")
    preset = save_preset(cast.charlie, title="Own", parameters={"width": 10}, team_id=team.pk)
    key = create_api_key(cast.charlie, name="Theirs", scopes=["*"])[0]
    own = save_preset(cast.alice, title="Ours", parameters={"width": 10})
    mine = create_team(cast.alice, name="Closed")
    Preset.unscoped.filter(pk=own.pk).update(team=mine)
    Membership.unscoped.create(organization=cast.charlie.organization, user=cast.bob.user, role=Role.VIEWER)
    bob = as_(cast.bob)
    for path in (
        f"/integrations/{hidden.pk}/", f"/presets/{preset.pk}/", f"/api-keys/{key.pk}/", f"/presets/{own.pk}/",
    ):  # fmt: skip
        page = bob.get(path)
        assert page.status_code in {403, 404}, path
        assert "Switch to" not in page.content.decode(), path
    assert Connection.unscoped.filter(pk=hidden.pk).exists()


@pytest.mark.parametrize("foreign", [False, True], ids=["own", "foreign"])
def test_a_page_without_an_id_is_opened_in_the_organization_that_the_mail_is_of(
    cast: Cast, as_: As, foreign: bool
) -> None:
    assert cast.alice.user
    if not foreign:
        Membership.unscoped.create(organization=cast.charlie.organization, user=cast.alice.user, role="admin")
    row = Approval.unscoped.create(
        organization=cast.charlie.organization, kind="job", target_id=uuid.uuid4(), title="T",
        asked_by=cast.bob.user, expires_at="2099-01-01T00:00:00Z",
    )  # fmt: skip
    mail_approval(row.pk, "asked")
    link = next(word for word in mail.outbox[0].body.split() if "/approvals/" in word)
    parts = urlsplit(link)
    client = as_(cast.alice)
    page = client.get(f"{parts.path}?{parts.query}")
    if foreign:
        assert page.status_code == 200, "what is none of one's own means nothing"
        assert "Charlie" not in page.content.decode()
        return
    assert page.status_code == 404
    assert "Switch to Charlie" in page.content.decode()
    client.post("/organizations/switch/", {"organization": str(cast.charlie.organization.pk)})
    assert client.get(f"{parts.path}?{parts.query}").status_code == 200
    assert client.get(f"{parts.path}?organization=nonsense").status_code == 200
