"""Reviews by clients: asking, the link and its end, what the organization sees of the answers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.access.actor import Actor
from accounts.limits.rate_limit import take
from accounts.models import AuditEntry, Organization
from dashboard.outside import PAGES
from processing.actions.client_review_mail import mail_done
from processing.actions.library import delete_images
from processing.models import ClientReview, ClientReviewImage, Job, JobImage
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
LINK = re.compile(r"http://[^/]+(/r/[A-Za-z0-9_-]{40,}/)")


@pytest.fixture
def job(cast: Cast) -> Job:
    return job_of(cast.alice, Photo("cup.jpg"), Photo("vase.jpg", 1), Photo("lamp.jpg", 2), label="Autumn")


def images_of(job: Job) -> list[JobImage]:
    return list(job.images.select_related("output").order_by("index"))


def ask(client: Client, *images: JobImage, **given: object) -> str:
    """The path of the link, which stands in the answer this once."""
    sent = {"image": [str(image.pk) for image in images], "title": "Autumn", "days": "14"} | given
    answer = client.post("/reviews/new/", sent)
    assert answer.status_code == 200, answer.content.decode()
    found = LINK.search(answer.content.decode())
    assert found
    return found[1]


def say(client: Client, path: str, image: JobImage, answer: str, **more: str) -> None:
    row = ClientReviewImage.unscoped.filter(asset=image.output_id).order_by("-review_id").first()
    assert row
    assert client.post(f"{path}answer/", {"image": str(row.pk), "answer": answer} | more).status_code == 302


def test_a_client_without_an_account_answers_and_the_organization_sees_it(
    cast: Cast, as_: As, job: Job, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cup, vase, lamp = images_of(job)
    bob, client = as_(cast.bob), Client()
    path = ask(bob, cup, vase, message="Which one for the cover?")
    page = client.get(path)
    words = page.content.decode()
    assert "Which one for the cover?" in words
    assert "Alice&#x27;s shop" in words
    assert ("cup.jpg" in words, "lamp.jpg" in words) == (True, False)
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer its forms have no origin, and are refused"
    for inside in (str(cup.pk), str(cup.output_id), str(job.pk), "/images/", "/library/"):
        assert inside not in words
    say(client, path, cup, "approved", name="Ann")
    say(client, path, vase, "refused", comment="Too dark")
    say(client, path, vase, "comment", comment="Or brighter?")
    assert "1 approved, 1 refused" in client.get(path).content.decode()
    assert 'value="Ann"' in client.get(path).content.decode(), "the name is remembered"
    inside = as_(cast.victor).get(f"/library/{vase.pk}/").content.decode()
    assert "Refused by client" in inside
    assert "“Or brighter?” Ann" in inside
    library = as_(cast.victor)
    for state, wanted in {"approved": ["cup.jpg"], "refused": ["vase.jpg"], "asked": []}.items():
        shots = library.get(f"/library/?client={state}").context["shots"]
        assert [shot.image.name for shot in shots] == wanted, state
    assert library.get("/library/?client=x").status_code == 400
    row = ClientReview.objects.of(cast.alice).get()
    answers = list(csv.DictReader(io.StringIO(b"".join(
        bob.get(f"/reviews/{row.pk}/answers.csv").streaming_content  # type: ignore[attr-defined]
    ).decode("utf-8-sig"))))  # fmt: skip
    assert [(each["answer"], each["comment"], each["by"]) for each in answers] == [
        ("approved", "", "Ann"), ("refused", "Too dark", "Ann"), ("comment", "Or brighter?", "Ann"),
    ]  # fmt: skip
    audit = AuditEntry.objects.of(cast.alice).filter(action__startswith="client_review.").order_by("pk")
    assert [entry.action.split(".")[1] for entry in audit] == ["made", "approved", "refused", "commented"]
    assert {(entry.user, entry.credential) for entry in audit[1:]} == {(None, "review link")}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{path}done/")
    assert "told" in client.get(f"{path}?done=1").content.decode()
    row.refresh_from_db()
    assert (row.done_by, row.opened_at is not None) == ("Ann", True)
    assert "done, says Ann" in bob.get(f"/reviews/{row.pk}/").content.decode()
    assert lamp.name not in words


def test_the_last_answer_counts_and_all_are_kept(cast: Cast, as_: As, job: Job) -> None:
    cup = images_of(job)[0]
    path, client = ask(as_(cast.bob), cup), Client()
    say(client, path, cup, "approved", name="Ann")
    say(client, path, cup, "approved", name="Ann")
    say(Client(), path, cup, "refused", name="Ben", comment="No")
    row = ClientReviewImage.unscoped.get()
    assert (row.answer, row.answered_by) == ("refused", "Ben")
    assert [(each.verdict, each.name) for each in row.answers.order_by("pk")] == [
        ("approved", "Ann"), ("refused", "Ben"),
    ]  # fmt: skip
    second = ask(as_(cast.bob), cup)
    say(client, second, cup, "approved")
    assert "Approved by client" in as_(cast.bob).get(f"/library/{cup.pk}/").content.decode()


def test_every_bad_link_is_the_same_page(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    bob, client = as_(cast.bob), Client()
    path = ask(bob, cup)
    row = ClientReviewImage.unscoped.get()
    picture = re.search(r"/r/image/[0-9a-f-]+/[0-9a-f]+/640\.webp", client.get(path).content.decode())
    assert picture
    assert client.get(picture[0]).status_code == 200
    nonsense = client.get("/r/nonsense/")
    review = ClientReview.objects.of(cast.alice).get()

    def closed(by: Organization) -> None:
        Organization.objects.filter(pk=by.pk).update(closes_at=timezone.now() + timedelta(days=3))

    past, later = timezone.now() - timedelta(1), timezone.now() + timedelta(1)
    ends: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("expired", lambda: ClientReview.unscoped.update(expires_at=past),
         lambda: ClientReview.unscoped.update(expires_at=later)),
        ("closed", lambda: closed(cast.alice.organization), lambda: Organization.objects.update(closes_at=None)),
        ("revoked", lambda: bob.post(f"/reviews/{review.pk}/revoke/"), lambda: None),
    ]  # fmt: skip
    for how, end, begin in ends:
        end()
        for answer in (
            client.get(path), client.get(picture[0]), client.post(f"{path}done/"),
            client.post(f"{path}answer/", {"image": str(row.pk), "answer": "approved"}),
        ):  # fmt: skip
            assert answer.status_code == nonsense.status_code == 404, how
        assert _plain(client.get(path)) == _plain(nonsense), how
        begin()
    row.refresh_from_db()
    assert row.answer == ""
    new = bob.post(f"/reviews/{review.pk}/renew/", {"emails": ""}).content.decode()
    found = LINK.search(new)
    assert found
    assert found[1] != path
    assert (client.get(found[1]).status_code, client.get(path).status_code) == (200, 404)
    assert client.get(picture[0]).status_code == 404, "the pictures of the link before"
    assert vase.name not in new


def _plain(answer: object) -> str:
    """Without what is new on every page."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    return re.sub(r'"X-CSRFToken": "\w+"', "", text)


def test_a_link_opens_its_own_images_and_nothing_else(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    bob, client = as_(cast.bob), Client()
    first, second = ask(bob, cup), ask(bob, vase, downloads="on")
    of_cup = ClientReviewImage.unscoped.get(asset=cup.output_id)
    of_vase = ClientReviewImage.unscoped.get(asset=vase.output_id)
    page = client.get(second).content.decode()
    mark = re.search(rf"/r/image/{of_vase.pk}/([0-9a-f]+)/640\.webp", page)
    assert mark
    assert client.get(f"/r/image/{of_vase.pk}/{mark[1]}/file/")["Content-Type"] == "image/jpeg"
    assert client.get(f"/r/image/{of_cup.pk}/{mark[1]}/640.webp").status_code == 404
    assert client.get(f"/r/image/{of_vase.pk}/{mark[1]}/641.webp").status_code == 404
    mine = re.search(rf"/r/image/{of_cup.pk}/([0-9a-f]+)/", client.get(first).content.decode())
    assert mine
    assert client.get(f"/r/image/{of_cup.pk}/{mine[1]}/file/").status_code == 404, "downloads are not allowed"
    client.post(f"{first}answer/", {"image": str(of_vase.pk), "answer": "approved"})
    of_vase.refresh_from_db()
    assert of_vase.answer == ""


def test_what_cannot_be_taken_says_so_and_loses_nothing(cast: Cast, as_: As, job: Job) -> None:
    cup, *_ = images_of(job)
    bob, client = as_(cast.bob), Client()
    sent = {"image": str(cup.pk), "title": "Autumn", "days": "14"}
    for wrong, words in (
        ({"title": " "}, "Give the review a title"),
        ({"days": "0"}, "from 1 to 180"),
        ({"days": "soon"}, "from 1 to 180"),
        ({"emails": "ann@example.com, nonsense"}, "nonsense is not an e-mail address"),
    ):
        answer = bob.post("/reviews/new/", sent | {"message": "Typed before"} | wrong)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert "Typed before" in answer.content.decode()
    assert not ClientReview.unscoped.exists()
    path = ask(bob, cup)
    row = ClientReviewImage.unscoped.get()
    for given, words in (
        ({"answer": "comment", "comment": " "}, "Write a word first"),
        ({"answer": "perhaps", "comment": "Typed before"}, "Approve it, refuse it"),
        ({"answer": "refused", "comment": "Typed before" + "x" * 1000}, "Use at most 1,000"),
        ({"answer": "refused", "comment": "Typed before", "name": "x" * 101}, "Use at most 100"),
    ):
        answer = client.post(f"{path}answer/", {"image": str(row.pk)} | given)
        assert answer.status_code == 400
        assert words in answer.content.decode()
        assert ("Typed before" in answer.content.decode()) == ("Typed" in given["comment"])
    assert client.post(f"{path}answer/", {"image": "x", "answer": "approved"}).status_code == 302
    assert Client(enforce_csrf_checks=True).post(f"{path}answer/", {"image": str(row.pk)}).status_code == 403
    row.refresh_from_db()
    assert (row.answer, row.answers.count()) == ("", 0)


def test_the_link_comes_by_e_mail_and_the_answer_too(
    cast: Cast, as_: As, job: Job, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cup, vase, _ = images_of(job)
    with django_capture_on_commit_callbacks(execute=True):
        path = ask(as_(cast.bob), cup, vase, emails="ann@example.com, ben@example.com")
    assert [letter.to for letter in mail.outbox] == [["ann@example.com"], ["ben@example.com"]]
    assert path in str(mail.outbox[0].body)
    assert mail.outbox[0].reply_to == ["bob@example.com"]
    row = ClientReview.objects.of(cast.alice).get()
    assert row.sent_at
    say(Client(), path, vase, "refused", comment="Too dark", name="Ann")
    mail.outbox.clear()
    mail_done(row.pk)
    assert mail.outbox[0].to == ["bob@example.com"]
    assert "Refused: vase.jpg: Too dark" in str(mail.outbox[0].body)


def test_deleted_images_vanish_and_what_was_said_of_them_stays(cast: Cast, as_: As, job: Job) -> None:
    cup, vase, _ = images_of(job)
    client = Client()
    path = ask(as_(cast.bob), cup, vase)
    say(client, path, cup, "refused", comment="No")
    picture = re.search(r"/r/image/[0-9a-f-]+/[0-9a-f]+/640\.webp", client.get(path).content.decode())
    delete_images(cast.alice, image_ids=[cup.pk])
    page = client.get(path).content.decode()
    assert ("cup.jpg" in page, "vase.jpg" in page) == (False, True)
    assert picture
    assert client.get(picture[0]).status_code == 404
    row = ClientReview.objects.of(cast.alice).get()
    inside = as_(cast.bob).get(f"/reviews/{row.pk}/").content.decode()
    assert "Deleted since" in inside
    assert "No" in inside
    delete_images(cast.alice, image_ids=[vase.pk])
    assert "Nothing to look at" in client.get(path).content.decode()


def test_others_ask_nobody_and_reach_nothing(cast: Cast, as_: As, job: Job) -> None:
    cup, *_ = images_of(job)
    sent = {"image": str(cup.pk), "title": "Mine", "days": "14"}
    assert as_(cast.victor).post("/reviews/new/", sent).status_code == 403
    stranger = as_(cast.charlie)
    assert stranger.post("/reviews/new/", sent).status_code == 404
    assert stranger.get(f"/reviews/new/?job={job.pk}").status_code == 404
    ask(as_(cast.bob), cup)
    row = ClientReview.objects.of(cast.alice).get()
    for path in ("", "answers.csv"):
        assert stranger.get(f"/reviews/{row.pk}/{path}").status_code == 404
    for path in ("renew", "extend", "revoke"):
        assert stranger.post(f"/reviews/{row.pk}/{path}/", {"days": "9"}).status_code == 404
        assert as_(cast.victor).post(f"/reviews/{row.pk}/{path}/", {"days": "9"}).status_code == 403
    assert "Autumn" not in stranger.get("/reviews/").content.decode()
    digest, until = row.digest, row.expires_at
    row.refresh_from_db()
    assert (row.digest, row.expires_at, row.revoked_at) == (digest, until, None)
    assert ClientReview.unscoped.count() == 1


def test_whoever_calls_too_often_waits(cast: Cast, as_: As, job: Job) -> None:
    path, client = ask(as_(cast.bob), images_of(job)[0]), Client()
    while take("127.0.0.1", PAGES).allowed:
        pass
    for refused in (client.get(path), client.get("/r/nonsense/")):
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert "cup.jpg" not in refused.content.decode()


def test_a_list_of_reviews_costs_the_same_however_many_there_are(
    cast: Cast, as_: As, job: Job, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bob = as_(cast.bob)
    for image in images_of(job):
        ask(bob, image)
    with django_assert_max_num_queries(12):
        assert bob.get("/reviews/").content.decode().count('class="row-link') == 3


def test_a_whole_job_is_asked_about_and_gets_more_time(cast: Cast, as_: As, job: Job) -> None:
    bob = as_(cast.bob)
    assert 'value="Autumn"' in bob.get(f"/reviews/new/?job={job.pk}").content.decode()
    path = ask(bob, job=str(job.pk))
    assert Client().get(path).content.decode().count('class="outside-card"') == 3
    assert Client().get(f"{path}?view=grid").content.decode().count('class="outside-grid__link"') == 3
    row = ClientReview.objects.of(cast.alice).get()
    ClientReview.unscoped.update(expires_at=timezone.now() - timedelta(1))
    assert "Time is over" in bob.get("/reviews/").content.decode()
    assert bob.post(f"/reviews/{row.pk}/extend/", {"days": "999"}).status_code == 400
    bob.post(f"/reviews/{row.pk}/extend/", {"days": "30"})
    assert Client().get(path).status_code == 200
