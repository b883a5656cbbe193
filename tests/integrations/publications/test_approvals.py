"""What needs a second person: publishing, and jobs that cost more than so many credits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.access.permissions import Role
from accounts.actions import approval_mail
from accounts.actions.approvals import set_rules
from accounts.kit.errors import Conflict, InvalidInput, NotFound, NotPermitted
from accounts.models import Approval, AuditEntry, Organization, WebhookEvent
from accounts.queries.credits import balance
from integrations.actions import approvals, runs
from integrations.actions.publish import Wanted, again, publish, revert
from integrations.actions.runs import Item
from integrations.models import Connection, Publication, PublishRun
from processing.actions.assets import save_upload
from processing.actions.cancel import cancel_job
from processing.actions.submit import Request, submit
from processing.models import Asset, ClientReview, ClientReviewImage, Job
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import worked
from tests.support.woocommerce_peer import Shop, shop

pytestmark = pytest.mark.django_db
As = Callable[[Actor], Client]


@pytest.fixture
def peer(pictures: PictureHost) -> Iterator[Shop]:
    with shop() as running:
        for number in (1, 2, 3):
            running.add(number, images=1)
        yield running


def ruled(cast: Cast, *, publishing: bool = True, spending_above: int | None = None) -> None:
    set_rules(cast.alice, publishing=publishing, spending_above=spending_above)
    for actor in (cast.alice, cast.bob):
        actor.organization.refresh_from_db()


def asked(cast: Cast) -> Approval:
    return Approval.objects.of(cast.alice).latest("pk")


def sent(peer: Shop) -> list[str]:
    return [call.method for call in peer.calls if call.method in {"PUT", "POST"}]


def now(row: Publication) -> Publication:
    return Publication.unscoped.get(pk=row.pk)


def test_an_editors_publication_goes_out_when_somebody_else_says_so(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    ruled(cast)
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    assert worked(made, pictures).status == "queued"
    assert sent(peer) == []
    with pytest.raises(NotPermitted, match="second person"):
        approvals.decide(cast.bob, approval_id=asked(cast).pk, approve=True)
    for actor in (cast.victor, cast.charlie):
        with pytest.raises(NotFound):
            approvals.decide(actor, approval_id=asked(cast).pk, approve=True)
    assert worked(made, pictures).status == "queued"
    approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=True, comment="Fine")
    assert worked(made, pictures).status == "confirmed"
    with pytest.raises(Conflict):
        approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=False)
    done = AuditEntry.objects.of(cast.alice).filter(action__startswith="approval.").order_by("pk")
    assert [entry.action for entry in done] == ["approval.rules_changed", "approval.asked", "approval.approved"]


def test_what_is_refused_is_never_sent_and_trying_again_asks_again(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    ruled(cast)
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=False, comment="The shadow is too hard")
    ended = now(made)
    assert (ended.status, ended.issues[0]["code"]) == ("rejected", "not_approved")
    assert ended.issues[0]["detail"] == "Alice has refused it: The shadow is too hard"
    assert WebhookEvent.objects.of(cast.alice).filter(type="publication.rejected").count() <= 1
    again(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "queued"
    assert asked(cast).pending
    assert sent(peer) == []


def test_owners_and_admins_need_nobody_and_dry_runs_neither(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    ruled(cast)
    Connection.unscoped.filter(pk=row.pk).update(shared=True)
    assert worked(publish(cast.alice, wanted=Wanted(image.pk, row.pk, "1")), pictures).status == "confirmed"
    assert not Approval.unscoped.exists()


def test_who_asked_may_withdraw_and_taking_back_ends_the_question(cast: Cast, row: Connection, image: Asset) -> None:
    ruled(cast)
    first = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    approvals.decide(cast.bob, approval_id=asked(cast).pk, approve=False)
    assert (now(first).status, asked(cast).status) == ("rejected", "withdrawn")
    second = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    revert(cast.bob, publication_id=second.pk)
    approvals.expire()
    assert (now(second).status, asked(cast).status) == ("reverted", "expired")


def test_nobody_decides_for_ever(cast: Cast, row: Connection, image: Asset) -> None:
    ruled(cast)
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    approvals.expire()
    assert asked(cast).pending
    Approval.unscoped.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Conflict, match="is over"):
        approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=True)
    approvals.expire()
    assert (now(made).status, asked(cast).status) == ("rejected", "expired")


def test_a_run_waits_as_a_whole_and_then_begins_with_its_first_ones(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    ruled(cast)
    items = [Item(image.pk, str(number)) for number in (1, 2, 3)]
    run = runs.start(cast.bob, connection_id=row.pk, items=items, first=1)
    assert run.status == "approval"
    with pytest.raises(Conflict):
        runs.go_on(cast.bob, run_id=run.pk)
    rows = Publication.unscoped.filter(run=run).order_by("pk")
    assert [worked(each, pictures).status for each in rows] == ["queued"] * 3
    approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=True)
    assert [worked(each, pictures).status for each in rows] == ["confirmed", "queued", "queued"]
    other = runs.start(cast.bob, connection_id=row.pk, items=[Item(image.pk, "1")], first=1)
    approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=False)
    assert PublishRun.unscoped.get(pk=other.pk).status == "stopped"
    assert Publication.unscoped.get(run=other).status == "rejected"
    with pytest.raises(Conflict, match="Nothing of this run is left"):
        runs.go_on(cast.bob, run_id=other.pk)
    assert PublishRun.unscoped.get(pk=other.pk).status == "stopped"


def test_a_job_above_the_limit_waits_and_costs_nothing_when_refused(cast: Cast, run_all: Callable[[], int]) -> None:
    ruled(cast, publishing=False, spending_above=1)
    source = save_upload(cast.bob, data=product_photo(), name="a.jpg")
    small = submit(cast.bob, Request(sources=[source]))
    large, other, gone = (submit(cast.bob, Request(sources=[source] * 2)) for _ in range(3))
    free = submit(cast.alice, Request(sources=[source] * 2))
    assert Approval.objects.of(cast.alice).count() == 3
    run_all()
    statuses = {job.pk: job.status for job in Job.unscoped.all()}
    assert [statuses[job.pk] for job in (small, large, other, gone, free)] == [
        "succeeded", "queued", "queued", "queued", "succeeded",
    ]  # fmt: skip
    ids = dict(Approval.unscoped.values_list("target_id", "pk"))
    approvals.decide(cast.alice, approval_id=ids[large.pk], approve=True)
    approvals.decide(cast.alice, approval_id=ids[other.pk], approve=False)
    cancel_job(cast.bob, job_id=gone.pk)
    approvals.expire()
    run_all()
    statuses = {job.pk: job.status for job in Job.unscoped.all()}
    assert [statuses[job.pk] for job in (large, other, gone)] == ["succeeded", "canceled", "canceled"]
    assert Approval.unscoped.get(target_id=gone.pk).status == "expired"
    assert balance(cast.alice) == 100 - 1 - 2 - 2


def test_the_page_and_the_e_mails(cast: Cast, as_: As, row: Connection, image: Asset, pictures: PictureHost) -> None:
    bob, alice = as_(cast.bob), as_(cast.alice)
    assert "Nothing waits" in alice.get("/approvals/").content.decode()
    assert alice.post("/approvals/rules/", {"publishing": "on", "spending_above": "many"}).status_code == 400
    alice.post("/approvals/rules/", {"publishing": "on", "spending_above": "50"})
    there = Organization.objects.get(pk=cast.alice.organization.pk)
    assert (there.approve_publishing, there.approve_spending_above) == (True, 50)
    assert bob.post("/approvals/rules/", {}).status_code == 403
    cast.bob.organization.refresh_from_db()
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    approval_mail.mail_approval(asked(cast).pk, "asked")
    assert [each.to for each in mail.outbox] == [["alice@example.com"]]
    assert "mug.jpg" in mail.outbox[0].subject
    assert "1 to approve" in alice.get("/").content.decode()
    assert "to approve" not in bob.get("/").content.decode()
    assert "Waits for approval" in bob.get(f"/publications/{made.pk}/").content.decode()
    assert "Approve mug.jpg" not in bob.get("/approvals/").content.decode()
    assert "Withdraw mug.jpg" in bob.get("/approvals/").content.decode()
    assert "Approve mug.jpg" in alice.get("/approvals/").content.decode()
    bob.post(f"/approvals/{asked(cast).pk}/", {"approve": "yes"})
    assert asked(cast).pending
    alice.post(f"/approvals/{asked(cast).pk}/", {"refuse": "yes", "comment": "Too <dark>"})
    assert now(made).status == "rejected"
    approval_mail.mail_approval(asked(cast).pk, "decided")
    assert mail.outbox[-1].to == ["bob@example.com"]
    assert "Too <dark>" in mail.outbox[-1].body
    assert "Too &lt;dark&gt;" in bob.get("/approvals/").content.decode()
    assert "mug.jpg" not in as_(cast.victor).get("/approvals/").content.decode()
    assert "mug.jpg" not in as_(cast.charlie).get("/approvals/").content.decode()


def test_rules_and_words_have_their_bounds(cast: Cast, row: Connection, image: Asset) -> None:
    with pytest.raises(InvalidInput):
        set_rules(cast.alice, publishing=True, spending_above=-1)
    with pytest.raises(NotPermitted):
        set_rules(cast.bob_as(Role.ADMIN), publishing=True, spending_above=None)
    cast.bob_as(Role.EDITOR)
    ruled(cast)
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    with pytest.raises(InvalidInput, match="500"):
        approvals.decide(cast.alice, approval_id=asked(cast).pk, approve=False, comment="x" * 501)
    assert (now(made).status, asked(cast).pending) == ("queued", True)


def test_what_a_client_says_of_it_is_shown_to_who_decides_and_decides_nothing(
    cast: Cast, as_: As, row: Connection, image: Asset
) -> None:
    ruled(cast)
    publication = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    waiting = asked(cast)
    bob, alice = as_(cast.bob), as_(cast.alice)
    assert f"/reviews/new/?approval={waiting.pk}" in bob.get("/approvals/").content.decode()
    given = {"approval": str(waiting.pk), "title": "The mug", "days": "3"}
    assert as_(cast.charlie).post("/reviews/new/", given).status_code == 404
    page = bob.post("/reviews/new/", given).content.decode()
    path = page.partition("/r/")[2].partition("/")[0]
    shown = ClientReviewImage.unscoped.get(asset=image)
    Client().post(f"/r/{path}/answer/", {"image": str(shown.pk), "answer": "approved"})
    assert "1 of 1 approved, 0 refused" in alice.get("/approvals/").content.decode()
    waiting.refresh_from_db()
    assert waiting.pending, "a client's yes is no second person's"
    assert now(publication).held
    approvals.decide(cast.alice, approval_id=waiting.pk, approve=True)
    assert "1 of 1 approved, 0 refused" in alice.get("/approvals/").content.decode()
    assert ClientReview.objects.of(cast.alice).get().approval == waiting
