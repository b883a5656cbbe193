"""What is not sent, not yet or not again: its turn, hours, test keys, verdicts, what is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.access.credentials import actor_for_key
from accounts.actions.api_keys import create_api_key
from accounts.actions.webhook_endpoints import create_endpoint
from accounts.models import WebhookEvent
from integrations.actions.connections import disconnect
from integrations.actions.publish import Wanted, again, publish, revert
from integrations.actions.publishing import queue
from integrations.actions.publishing.picture import new_picture
from integrations.models import Connection, Publication
from processing.actions.assets import save_upload
from processing.models import Asset
from tests.support import woocommerce_peer as peers
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import attempts, worked, writes
from tests.support.verdicts import judged
from tests.support.woocommerce_peer import Call, Shop

pytestmark = pytest.mark.django_db


def test_two_places_of_a_product_are_never_changed_at_once(
    cast: Cast, pictures: PictureHost, row: Connection, made: Publication, image: Asset
) -> None:
    second = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", slot="2"))
    other = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    Publication.unscoped.filter(pk=made.pk).update(
        status="sending", attempt=1, lease_until=timezone.now() + timedelta(minutes=1)
    )
    assert worked(second, pictures).attempt == 0
    assert worked(other, pictures).status == "confirmed"
    Publication.unscoped.filter(pk=made.pk).update(lease_until=timezone.now())
    assert worked(made, pictures).status == "confirmed"
    assert worked(second, pictures).status == "confirmed"


def test_a_paused_shop_takes_nothing_new_and_gives_back(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication, image: Asset
) -> None:
    worked(made, pictures)
    other = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    Connection.unscoped.update(paused_at=timezone.now())
    assert worked(other, pictures).status == "queued"
    revert(cast.bob, publication_id=made.pk)
    assert worked(made, pictures).status == "reverted"
    Connection.unscoped.update(paused_at=None)
    assert worked(other, pictures).status == "confirmed"


def test_quiet_hours_are_waited_for(peer: Shop, pictures: PictureHost, made: Publication) -> None:
    now = timezone.now()
    Connection.unscoped.update(
        quiet_from=(now - timedelta(hours=1)).strftime("%H:%M"),
        quiet_until=(now + timedelta(hours=2)).strftime("%H:%M"),
    )
    made = worked(made, pictures)
    assert (made.status, made.failures, attempts(made)) == ("queued", 0, [])
    assert made.not_before > now + timedelta(hours=1)
    assert peer.calls == []


def test_a_test_key_sends_nothing(cast: Cast, peer: Shop, pictures: PictureHost, wanted: Wanted) -> None:
    key = create_api_key(cast.alice, name="Test", scopes=["*"], sandbox=True)[1]
    made = worked(publish(actor_for_key(key), wanted=wanted), pictures)
    assert (made.status, made.sandbox) == ("confirmed", True)
    assert "nothing was sent" in made.note
    assert peer.calls == []
    assert attempts(made)[0].api_key == made.api_key


def test_a_dry_run_changes_nothing(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, image: Asset
) -> None:
    create_endpoint(cast.alice, url="https://example.com/hook", events=["*"])
    made = worked(publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", dry_run=True)), pictures)
    assert made.status == "confirmed"
    assert "nothing was changed" in made.note
    assert writes(peer) == []
    assert (made.before, made.old_image) == (None, None)
    assert not WebhookEvent.unscoped.exists()
    assert attempts(made)[0].task == "preview"


def test_the_worker_judges_what_nobody_has_judged(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection
) -> None:
    """WooCommerce's rules make nothing but warnings of it; Amazon's would not."""
    image = save_upload(cast.bob, data=product_photo(3), name="other.jpg")
    made = publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1"))
    assert made.verdict == ""
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("confirmed", "warn")


def test_a_verdict_of_the_worker_stops_it_before_the_shop_is_asked(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication, image: Asset
) -> None:
    judged(image, cast.bob, "fail")
    Publication.unscoped.update(verdict="")
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("rejected", "fail")
    assert made.issues[0]["detail"] == "Size: It is too small."
    assert peer.calls == []
    again(cast.bob, publication_id=made.pk, override_reason="The buyer wants it.")
    made = worked(made, pictures)
    assert (made.status, made.verdict) == ("confirmed", "fail")


def test_the_same_image_again_sends_nothing(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication, wanted: Wanted
) -> None:
    worked(made, pictures)
    second = worked(publish(cast.bob, wanted=wanted), pictures)
    assert second.status == "confirmed"
    assert "already" in second.note
    assert writes(peer) == ["PUT"]


def test_an_image_that_cannot_be_copied_is_not_replaced_without_a_reason(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    peer.images.files[100].data = lambda: b"no image"
    made = worked(made, pictures, turns=3)
    assert (made.status, made.issues[0]["code"]) == ("failed", "old_image_unreadable")
    assert writes(peer) == []
    again(cast.bob, publication_id=made.pk, override_reason="It is broken anyway.")
    made = worked(made, pictures, turns=3)
    assert made.status == "confirmed"
    assert "could not be copied" in made.note
    assert made.old_image is None


def test_a_product_that_is_gone(peer: Shop, pictures: PictureHost, made: Publication) -> None:
    del peer.products[1]
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "gone")
    assert not Connection.unscoped.get().broken


def test_disconnecting_ends_what_waits(
    cast: Cast, peer: Shop, pictures: PictureHost, row: Connection, made: Publication
) -> None:
    disconnect(cast.bob, connection_id=row.pk)
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "disconnected")
    assert peer.calls == []


def test_the_address_of_its_image_answers(
    client: Client, pictures: PictureHost, settings: Settings, made: Publication, image: Asset
) -> None:
    picture = new_picture(made)
    assert picture is not None
    path = picture.url.removeprefix(settings.BASE_URL)
    assert path.endswith(".jpg")
    assert "?" not in path
    image.delete()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/jpeg", product_photo())
    same = new_picture(Publication.unscoped.get(pk=made.pk))
    assert same is not None
    assert same.url == picture.url
    settings.BASE_URL = "http://10.0.0.1"
    inside = new_picture(made)
    assert inside is not None
    assert inside.url == ""


def test_what_waits_is_sent_again_a_few_of_each_shop(
    cast: Cast, row: Connection, made: Publication, image: Asset
) -> None:
    publish(cast.bob, wanted=Wanted(image.pk, row.pk, "1", slot="2"))
    publish(cast.bob, wanted=Wanted(image.pk, row.pk, "2"))
    long_ago = timezone.now() - timedelta(minutes=1)
    Publication.unscoped.update(sent_at=long_ago)
    queue.sweep()
    assert Publication.unscoped.filter(sent_at=long_ago).count() == 1
    queue.sweep()
    assert not Publication.unscoped.filter(sent_at=long_ago).exists()


def test_what_waits_for_another_try_is_taken_back(
    cast: Cast, peer: Shop, pictures: PictureHost, made: Publication
) -> None:
    def at_the_gallery(call: Call) -> None:
        if call.method == "PUT":
            peer.before = None
            peer.faults = [peers.throttled()]

    peer.before = at_the_gallery
    assert worked(made, pictures).status == "queued"
    assert revert(cast.bob, publication_id=made.pk).was == "failed"
    del peer.products[1]
    made = worked(made, pictures)
    assert (made.status, made.issues[0]["code"]) == ("failed", "gone"), "it is not tried for ever"
