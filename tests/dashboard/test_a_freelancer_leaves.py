"""Whatever somebody could use dies with their membership, at once; nothing that they made is lost."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions.approvals import set_rules
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import ApiKey, Approval, AuditEntry, Membership, WebhookEndpoint
from accounts.queries.webhooks import endpoints
from integrations.actions import left_behind
from integrations.models import Connection
from integrations.queries.connections import connections, may_change
from processing.actions.client_reviews import ask_for_review
from processing.actions.presets import save_preset
from processing.actions.submit import Request, submit
from processing.models import ClientReview, Job
from processing.queries.library import library_images
from processing.queries.presets import preset_parameters
from tests.support.api import Api, SpaceApi, photo
from tests.support.cast import Cast
from tests.support.catalog import product, stocked
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]


def test_a_freelancer_leaves(cast: Cast, as_: As, run_all: Callable[[], int]) -> None:
    set_rules(cast.alice, publishing=False, spending_above=0)
    cast.alice.organization.refresh_from_db()
    cast.bob.organization.refresh_from_db()
    done = job_of(cast.alice, Photo())
    source = done.images.get().source
    assert source
    asked = submit(cast.bob, Request(sources=[source]))
    waiting = Approval.objects.of(cast.alice).get(target_id=asked.pk)
    bob = cast.bob_as(Role.ADMIN)
    assert bob.user
    # What they can use.
    session = as_(bob)
    key = cast.key(bob)
    api = Api(key)
    token = session.post("/api/token", {"key": key}, content_type="application/json").json()["access_token"]
    space = SpaceApi(f"Token {key}")
    page = SpaceApi(f"AccessToken {space.json('/auth/access-token/', {}).json()['access_token']}")
    call = {"image": photo(), "margin": "0.1"}
    first = api.form("/jobs", call, **{"Idempotency-Key": "one"})
    assert first.status_code == 202
    made = job_of(bob, Photo(seed=1), label="theirs")
    image = made.images.get().output
    assert image
    review, link = ask_for_review(bob, asset_ids=[image.pk], title="Spring")
    assert Client().get(f"/r/{link}/").status_code == 200
    # What they have made.
    shop = stocked(bob, product(1), shared=False)
    save_preset(bob, title="Theirs", parameters={"width": 10})
    endpoint, _ = create_endpoint(bob, url="https://hooks.example/", events=["*"])

    member = Membership.objects.of(cast.alice).get(user=bob.user)
    alice = as_(cast.alice)
    assert alice.post(f"/team/members/{member.pk}/remove/").status_code == 302

    for path in ("/studio/", "/library/", f"/jobs/{made.pk}/", f"/images/{image.pk}/", "/approvals/", "/presets/"):
        assert session.get(path).status_code == 404, path
    assert session.post(f"/approvals/{waiting.pk}/", {"approve": "yes"}).status_code == 404
    assert session.post("/organizations/switch/", {"organization": str(bob.organization.pk)}).status_code == 404
    bearer = {"Authorization": f"Bearer {token}"}
    answers = {
        "key": api.get("/user/credits"),
        "replay": api.form("/jobs", call | {"image": photo()}, **{"Idempotency-Key": "one"}),
        "token": Client().get("/api/v1/user/credits", headers=bearer),
        "refreshed": Client().post("/api/refresh", headers=bearer),
        "new token": Client().post("/api/token", {"key": key}, content_type="application/json"),
        "file space": space.get("/file-ops/usage/"),
        "its page": page.get("/file-ops/usage/"),
        "face swaps": Client().get("/v1/faceswap/account/1", headers={"x-api-key": key}),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 401)
    assert Client().get(f"/r/{link}/").status_code in {404, 410}

    left_behind.sweep()
    shop.refresh_from_db()
    assert shop.maker is None
    assert shop.disconnected_at is None
    assert connections(cast.alice).get() == shop
    assert may_change(cast.alice, shop)
    assert endpoints(cast.alice).get() == endpoint
    assert preset_parameters(cast.victor, "theirs", operation="process") == {"width": 10}
    assert library_images(cast.victor).filter(job=made).exists()
    assert alice.get(f"/jobs/{made.pk}/").status_code == 200
    assert alice.get(f"/reviews/{review.pk}/").status_code == 200
    assert ClientReview.unscoped.get().revoked_at
    left = [each["row"] for each in alice.get("/approvals/").context["waiting"]]
    assert {row.target_id for row in left} == {asked.pk, Job.unscoped.get(api_key__isnull=False).pk}
    for row in left:
        assert alice.post(f"/approvals/{row.pk}/", {"approve": "yes"}).status_code == 302
    run_all()
    assert set(Job.unscoped.filter(created_by=bob.user).values_list("status", flat=True)) == {"succeeded"}
    assert ApiKey.unscoped.filter(maker=bob.user, revoked_at=None).count() == 0
    told = set(AuditEntry.objects.of(cast.alice).values_list("action", flat=True))
    assert {"member.removed", "client_review.revoked", "connection.passed_on", "approval.approved"} <= told
    assert WebhookEndpoint.unscoped.get().status == "active"
    assert Connection.unscoped.count() == 1


def test_who_leaves_by_themselves_takes_no_link_along(cast: Cast, as_: As) -> None:
    assert cast.bob.user
    image = job_of(cast.bob, Photo()).images.get().output
    assert image
    _, link = ask_for_review(cast.bob, asset_ids=[image.pk], title="Bob's")
    _, hers = ask_for_review(cast.alice, asset_ids=[image.pk], title="Alice's")
    assert as_(cast.bob).post("/team/leave/").status_code == 302
    assert Client().get(f"/r/{link}/").status_code in {404, 410}
    assert Client().get(f"/r/{hers}/").status_code == 200
