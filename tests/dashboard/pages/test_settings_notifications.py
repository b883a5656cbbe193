"""Settings, E-mails; and the link at the end of an e-mail, which works without signing in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts.access.actor import Actor
from accounts.access.notification_kinds import Delivery, Kind
from accounts.actions.notification_choices import choose
from accounts.kit.unsubscribe_token import DIGEST, token_for
from accounts.models import AuditEntry, Membership, NotificationChoice
from accounts.queries.notifications import own_choices
from processing.actions.job_mail import mail_job
from processing.models import Job, JobImage, Status
from tests.support.cast import Cast

As = Callable[[Actor], Client]
PAGE = "/settings/notifications/"


def link_of(cast: Cast, kind: str) -> str:
    return f"/unsubscribe/{token_for(Membership.objects.of(cast.bob).get(user=cast.bob.user).pk, kind)}/"


def test_choices_are_shown_and_saved(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    page = client.get(PAGE).content.decode()
    assert "E-mails from Alice&#x27;s shop" in page
    assert "cannot be switched off" in page
    assert "Something waits for your approval" not in page, "an editor decides nothing"
    wanted = {kind.value: "daily" for kind in own_choices(cast.bob)} | {"credits": "none"}
    assert client.post(PAGE, wanted)["Location"] == PAGE
    assert own_choices(cast.bob)[Kind.CREDITS] == Delivery.NONE
    assert own_choices(cast.bob)[Kind.PUBLISHING] == Delivery.DAILY


def test_a_wrong_choice_is_named_and_nothing_is_saved(cast: Cast, as_: As) -> None:
    client = as_(cast.victor)
    answer = client.post(PAGE, {"credits": "hourly"})
    assert (answer.status_code, "Choose one of the three." in answer.content.decode()) == (400, True)
    assert client.post(PAGE, {}).status_code == 400
    assert not NotificationChoice.unscoped.exists()


def test_the_link_asks_before_it_ends_anything(cast: Cast, client: Client) -> None:
    link = link_of(cast, Kind.CREDITS)
    page = client.get(link).content.decode()
    assert "Credits and budgets" in page
    assert own_choices(cast.bob)[Kind.CREDITS] == Delivery.NOW, "programs that check links follow each of them"


def test_a_mail_program_ends_them_by_one_click(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(link_of(cast, Kind.CREDITS), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "No more of these e-mails" in answer.content.decode()
    assert own_choices(cast.bob)[Kind.CREDITS] == Delivery.NONE
    assert own_choices(cast.bob)[Kind.PUBLISHING] == Delivery.NOW
    assert own_choices(cast.alice)[Kind.CREDITS] == Delivery.NOW
    assert AuditEntry.objects.of(cast.alice).filter(action="notifications.changed", user=cast.bob.user).count() == 1


def test_the_link_of_the_daily_email_ends_all_that_comes_daily(cast: Cast, client: Client) -> None:
    choose(cast.bob, {Kind.CREDITS: Delivery.DAILY})
    client.post(link_of(cast, DIGEST))
    after = own_choices(cast.bob)
    assert Delivery.DAILY not in after.values()
    assert after[Kind.PUBLISHING] == Delivery.NOW


@pytest.mark.parametrize("change", ["membership", "signature", "nonsense"])
def test_links_that_were_not_made_here_end_nothing(cast: Cast, client: Client, change: str) -> None:
    own = Membership.objects.of(cast.bob).get(user=cast.bob.user).pk
    other = Membership.objects.of(cast.alice).get(user=cast.alice.user).pk
    link = link_of(cast, Kind.CREDITS)
    forged = {
        "membership": link.replace(f"/{own}.", f"/{other}."),
        "signature": link[:-2] + "/",
        "nonsense": "/unsubscribe/x/",
    }
    for answer in (client.get(forged[change]), client.post(forged[change])):
        assert answer.status_code == 404
    assert not NotificationChoice.unscoped.exists()


def test_who_has_left_is_told_that_nothing_comes_any_more(cast: Cast, client: Client) -> None:
    link = link_of(cast, Kind.CREDITS)
    Membership.objects.of(cast.bob).filter(user=cast.bob.user).delete()
    answer = client.post(link)
    assert (answer.status_code, "nothing is sent to you" in answer.content.decode()) == (404, True)


def test_a_batch_is_told_of_to_who_has_started_it(cast: Cast) -> None:
    choose(cast.bob, {Kind.JOB_DONE: Delivery.NOW, Kind.JOB_FAILED: Delivery.NOW})
    job = Job.unscoped.create(
        organization=cast.bob.organization, operation="process", image_count=2, status=Status.SUCCEEDED,
        created_by=cast.bob.user, preset_label="White, square",
    )  # fmt: skip
    mail_job(job.pk)
    JobImage.unscoped.create(organization=cast.bob.organization, job=job, index=0, status=Status.FAILED)
    mail_job(job.pk)
    assert [message.to for message in mail.outbox] == [["bob@example.com"]] * 2
    assert [message.subject for message in mail.outbox] == [
        "Alice's shop: your batch of 2 images is done (White, square)",
        "Alice's shop: 1 of 2 images failed (White, square)",
    ]
    assert f"/jobs/{job.pk}/" in str(mail.outbox[0].body)
