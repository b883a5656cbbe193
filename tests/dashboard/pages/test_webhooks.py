"""/webhooks/: endpoints, secrets shown once, deliveries, send test and send again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.access.actor import Actor
from accounts.actions.webhook_endpoints import create_endpoint, delete_endpoint, disable_endpoint, send_test
from accounts.actions.webhook_secrets import default_secret
from accounts.models import WebhookDelivery, WebhookEndpoint
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of
from tests.support.receiver import Receiver, deliver_due, receiver

pytestmark = pytest.mark.django_db
SignIn = Callable[[Actor], Client]
URL = "https://example.com/hook"


@pytest.fixture
def there(settings: Settings) -> Iterator[Receiver]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiver() as running:
        yield running


def secret_in(page: str) -> str:
    found = re.search(r'id="new-secret-value">(whsec_[^<]+)<', page)
    assert found
    return found[1]


def test_empty(cast: Cast, as_: SignIn) -> None:
    page = as_(cast.alice).get("/webhooks/").content.decode()
    assert "No endpoints yet" in page
    assert "No deliveries yet" in page
    assert default_secret(cast.alice).secrets_in_use()[0] in page


def test_an_endpoint_is_made_and_its_secret_shown_once(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    made = client.post("/webhooks/", {"url": URL, "events": ["job.failed", "credits.low"]})
    secret = secret_in(made.content.decode())
    row = WebhookEndpoint.unscoped.get()
    assert row.secrets_in_use() == [secret]
    for address in ("/webhooks/", f"/webhooks/{row.pk}/"):
        page = client.get(address).content.decode()
        assert URL in page
        assert secret not in page


def test_what_was_typed_is_kept_when_it_is_refused(cast: Cast, as_: SignIn) -> None:
    for url, events, says in (
        ("http://10.0.0.1/x", ["job.failed"], "not an address of the public internet"),
        ("", ["job.failed"], "Name the address"),
        (URL, [], "Choose at least one event"),
    ):
        answer = as_(cast.alice).post("/webhooks/", {"url": url, "events": events})
        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert f'value="{url}"' in answer.content.decode() or not url
    assert not WebhookEndpoint.unscoped.exists()


def test_a_test_is_sent_and_shown_with_its_answer(cast: Cast, as_: SignIn, there: Receiver) -> None:
    client = as_(cast.alice)
    row, secret = create_endpoint(cast.alice, url=there.url(), events=["job.failed"])
    there.answer(500, b"<b>out of order</b>")
    answer = client.post(f"/webhooks/{row.pk}/test/")
    delivery = WebhookDelivery.unscoped.get()
    assert answer["Location"] == f"/webhooks/deliveries/{delivery.pk}/"
    waiting = client.get(answer["Location"]).content.decode()
    assert "Not sent yet" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    deliver_due()
    page = client.get(answer["Location"]).content.decode()
    assert "status 500" in page
    assert "&lt;b&gt;out of order&lt;/b&gt;" in page
    assert there.seen[0].message in page
    assert there.seen[0].headers["webhook-signature"] in page
    assert "in 5 s" in page or "in 6 s" in page
    assert "Failing" in client.get("/webhooks/").content.decode()
    there.answer(200, b"fine now")
    client.post(f"/webhooks/deliveries/{delivery.pk}/again/")
    deliver_due()
    page = client.get(answer["Location"]).content.decode()
    assert "fine now" in page
    assert 'hx-trigger="every 1s"' not in page
    assert there.seen[0].message == there.seen[1].message
    endpoint = client.get(f"/webhooks/{row.pk}/").content.decode()
    assert "webhook.test" in endpoint
    assert secret not in page + endpoint


def test_events_and_secret_are_changed(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    row, first = create_endpoint(cast.alice, url=URL, events=["job.failed"])
    assert client.post(f"/webhooks/{row.pk}/", {"events": ["*"]}).status_code == 302
    assert client.post(f"/webhooks/{row.pk}/", {"events": []}).status_code == 400
    assert client.post(f"/webhooks/{row.pk}/", {"events": ["nonsense"]}).status_code == 400
    second = secret_in(client.post(f"/webhooks/{row.pk}/rotate/", {"overlap": "24"}).content.decode())
    assert client.post(f"/webhooks/{row.pk}/rotate/", {"overlap": "-1"}).status_code == 400
    row.refresh_from_db()
    assert row.events == ["*"]
    assert row.secrets_in_use() == [second, first]
    before = default_secret(cast.alice).secrets_in_use()[0]
    client.post("/webhooks/default-secret/", {"overlap": "0"})
    after = default_secret(cast.alice).secrets_in_use()
    assert len(after) == 1
    assert after != [before]
    assert after[0] in client.get("/webhooks/").content.decode()


def test_disabled_enabled_deleted(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    row, _ = create_endpoint(cast.alice, url=URL, events=["*"])
    delivery = send_test(cast.alice, endpoint_id=row.pk)
    client.post(f"/webhooks/{row.pk}/disable/")
    page = client.get(f"/webhooks/{row.pk}/").content.decode()
    assert "Disabled by Alice." in page
    assert "Send test" not in page
    assert client.post(f"/webhooks/{row.pk}/test/").status_code == 409
    client.post(f"/webhooks/{row.pk}/enable/")
    assert "Send test" in client.get(f"/webhooks/{row.pk}/").content.decode()
    client.post(f"/webhooks/{row.pk}/delete/")
    assert client.get(f"/webhooks/{row.pk}/").status_code == 404
    page = client.get(f"/webhooks/deliveries/{delivery.pk}/").content.decode()
    assert "deleted endpoint" in page
    assert "disabled" in page
    client.post(f"/webhooks/deliveries/{delivery.pk}/again/")
    assert WebhookDelivery.unscoped.get().status == "given_up"


def test_deliveries_are_filtered_and_paged(cast: Cast, as_: SignIn) -> None:
    client = as_(cast.alice)
    one, _ = create_endpoint(cast.alice, url=f"{URL}/one", events=["*"])
    two, _ = create_endpoint(cast.alice, url=f"{URL}/two", events=["*"])
    for _ in range(51):
        send_test(cast.alice, endpoint_id=one.pk)
    job = job_of(cast.alice, Photo())
    delete_endpoint(cast.alice, endpoint_id=two.pk)

    def shows(**query: str) -> str:
        page = client.get("/webhooks/", query, headers={"HX-Request": "true", "HX-Target": "deliveries-list"})
        assert page.status_code == 200
        found = re.search(r"Showing ([^<]+)<", page.content.decode())
        return found[1] if found else page.content.decode()

    assert shows() == "1-50 of 53"
    assert shows(status="given_up") == "1-1 of 1"
    assert shows(type="job.succeeded") == "1-2 of 2"
    assert shows(endpoint=str(one.pk)) == "1-50 of 52"
    assert shows(q=str(job.pk)) == "1-2 of 2"
    assert shows(q=WebhookDelivery.unscoped.earliest("pk").event.message_id) == "1-1 of 1"
    assert shows(q="/two") == "1-1 of 1"
    assert "No delivery matches" in shows(endpoint="jobs")
    assert client.get("/webhooks/", {"status": "nonsense"}).status_code == 400
    assert client.get("/webhooks/", {"endpoint": "nonsense"}).status_code == 400
    older = re.search(r'href="([^"]+)"[^>]*>Next', client.get("/webhooks/").content.decode())
    assert older
    assert "Showing 51-53 of 53" in client.get(older[1]).content.decode()


def test_the_page_of_a_job_shows_its_deliveries(cast: Cast, as_: SignIn) -> None:
    before = job_of(cast.alice, Photo())
    assert "Webhook deliveries" not in as_(cast.alice).get(f"/jobs/{before.pk}/").content.decode()
    create_endpoint(cast.alice, url=f"{URL}?token=s3cret", events=["*"])
    job = job_of(cast.alice, Photo("b.jpg", 1))
    delivery = WebhookDelivery.unscoped.get()
    for actor, linked in ((cast.alice, True), (cast.victor, False)):
        page = as_(actor).get(f"/jobs/{job.pk}/").content.decode()
        assert "Webhook deliveries" in page
        assert URL in page
        assert (f"/webhooks/deliveries/{delivery.pk}/" in page) is linked
        assert "s3cret" not in page


def test_others_see_nothing_and_change_nothing(cast: Cast, as_: SignIn) -> None:
    row, _ = create_endpoint(cast.alice, url=URL, events=["job.failed"])
    delivery = send_test(cast.alice, endpoint_id=row.pk)
    disable_endpoint(cast.alice, endpoint_id=create_endpoint(cast.alice, url=URL, events=["*"])[0].pk)
    for actor, status in ((cast.charlie, 404), (cast.bob, 403)):
        client = as_(actor)
        assert client.get(f"/webhooks/{row.pk}/").status_code == status
        assert client.get(f"/webhooks/deliveries/{delivery.pk}/").status_code == status
        for action, data in (
            ("", {"events": "*"}), ("test/", {}), ("rotate/", {"overlap": "0"}), ("disable/", {}), ("enable/", {}),
            ("delete/", {}),
        ):  # fmt: skip
            assert client.post(f"/webhooks/{row.pk}/{action}", data).status_code == status, action
        assert client.post(f"/webhooks/deliveries/{delivery.pk}/again/").status_code == status
    assert as_(cast.bob).get("/webhooks/").status_code == 403
    assert "/webhooks/" not in as_(cast.bob).get("/jobs/").content.decode()
    assert str(row.pk) not in as_(cast.charlie).get("/webhooks/").content.decode()
    kept = WebhookEndpoint.unscoped.get(pk=row.pk)
    assert (kept.secret, kept.events, kept.active) == (row.secret, ["job.failed"], True)
    assert WebhookDelivery.unscoped.count() == 1
