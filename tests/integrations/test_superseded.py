"""Images of ours that no product shows any more: listed, and removed from the shop only where nothing needs them."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict, NotFound, NotPermitted
from accounts.models import AuditEntry, Organization
from integrations.actions.connection_settings import Wanted as Settings
from integrations.actions.connections import connect
from integrations.actions.publish import Wanted, publish, revert
from integrations.actions.superseded import choose, remove
from integrations.actions.superseded.find import find_everywhere
from integrations.actions.sync import start
from integrations.models import CatalogSync, Connection, Publication, PublicationAttempt, SupersededImage
from integrations.queries.superseded import superseded
from processing.actions.assets import save_upload
from tests.support.cast import Cast
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost
from tests.support.publications import worked
from tests.support.shops import synced_with, turns
from tests.support.verdicts import judged
from tests.support.woocommerce_images import PASSWORD, USER
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop, throttled

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(pictures: PictureHost, tls: ssl.SSLContext) -> Iterator[Shop]:
    with shop(tls=tls) as running:
        running.add(1, images=2, variants=1)
        running.add(2, images=1)
        yield running


@pytest.fixture
def row(cast: Cast, peer: Shop) -> Connection:
    keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
    wanted = Settings(name="Pottery", address=peer.address, credentials=keys, shared=True, calls_per_minute=6000)
    row = connect(cast.bob, marketplace="woocommerce", wanted=wanted)
    turns(start(cast.bob, connection_id=row.pk))
    return row


def published(cast: Cast, row: Connection, pictures: PictureHost, number: int) -> Publication:
    image = save_upload(cast.bob, data=product_photo(number), name=f"mug-{number}.jpg")
    judged(image, cast.bob, "pass")
    wanted = Wanted(image_id=image.pk, connection_id=row.pk, product="1")
    made = worked(publish(cast.bob, wanted=wanted), pictures)
    assert made.status == "confirmed", made.issues
    return made


@pytest.fixture
def replaced(cast: Cast, row: Connection, pictures: PictureHost) -> Publication:
    """Published from here, and replaced by another one."""
    first = published(cast, row, pictures, 1)
    assert not superseded(cast.bob, row).exists()
    published(cast, row, pictures, 2)
    return first


def again(cast: Cast, row: Connection) -> None:
    turns(start(cast.bob, connection_id=row.pk))
    SupersededImage.unscoped.update(not_before=timezone.now())


def states(cast: Cast, row: Connection) -> list[tuple[str, str]]:
    return list(superseded(cast.bob, row).values_list("remote_id", "status"))


def deleted(peer: Shop) -> list[str]:
    return [call.path.rpartition("/")[2] for call in peer.calls if call.method == "DELETE"]


def test_a_replaced_one_is_listed_and_goes_after_its_time(
    cast: Cast, row: Connection, peer: Shop, replaced: Publication, pictures: PictureHost
) -> None:
    assert states(cast, row) == [(replaced.remote_id, "waiting")]
    again(cast, row)
    remove.work(row.pk)
    assert deleted(peer) == []  # nobody has asked for it
    Connection.unscoped.update(remove_after_days=7)
    remove.work(row.pk)
    assert deleted(peer) == []  # its time has not come
    SupersededImage.unscoped.update(since=timezone.now() - timedelta(days=8))
    for held in ({"paused_at": timezone.now()}, {"paused_at": None, "status": "broken"}):
        Connection.unscoped.update(**held)
        remove.work(row.pk)
    Connection.unscoped.update(status="connected")
    Organization.objects.update(closes_at=timezone.now())
    remove.work(row.pk)
    Organization.objects.update(closes_at=None)
    assert deleted(peer) == []
    remove.work(row.pk)
    assert deleted(peer) == [replaced.remote_id]
    assert states(cast, row) == []
    tried = PublicationAttempt.unscoped.get(task="remove")
    assert (tried.outcome, tried.actor, tried.publication_id) == ("removed", None, replaced.pk)
    assert "DELETE" in tried.exchanges[-1]["request"]
    assert AuditEntry.unscoped.filter(action="connection.image_removed").count() == 1
    remove.work(row.pk)
    find_everywhere()
    assert len(deleted(peer)) == 1
    # What has replaced it can still be taken back: our copy goes up again.
    last = Publication.unscoped.latest("pk")
    assert worked(revert(cast.bob, publication_id=last.pk), pictures).status == "reverted"
    assert peer.images.files[peer.products[1]["images"][0]["id"]].data() == product_photo(1)


def test_nothing_goes_before_the_catalog_was_read_again(
    cast: Cast, row: Connection, peer: Shop, replaced: Publication
) -> None:
    assert replaced.remote_id
    chosen = [str(SupersededImage.unscoped.get().pk)]
    assert choose.remove_now(cast.bob, connection_id=row.pk, chosen=chosen) == 1
    remove.work(row.pk)
    assert deleted(peer) == []
    turns(CatalogSync.unscoped.latest("pk"))  # asked for by the choice itself
    SupersededImage.unscoped.update(not_before=timezone.now())
    remove.work(row.pk)
    assert deleted(peer) == [replaced.remote_id]
    tried = PublicationAttempt.unscoped.get(task="remove")
    assert (tried.outcome, tried.actor) == ("removed", cast.bob.user)


def test_what_something_needs_is_left(cast: Cast, row: Connection, peer: Shop, replaced: Publication) -> None:
    again(cast, row)
    # Somebody has put it into another product, and no sync has told us.
    peer.images.files[int(replaced.remote_id)].post = 2
    peer.products[2]["images"].append(peer.images.shown(int(replaced.remote_id)))
    chosen = [str(SupersededImage.unscoped.get().pk)]
    choose.remove_now(cast.bob, connection_id=row.pk, chosen=chosen)
    remove.work(row.pk)
    assert deleted(peer) == []
    left = SupersededImage.unscoped.get()
    assert (left.status, left.note) == ("left", "Product 2 shows it.")
    assert PublicationAttempt.unscoped.get(task="remove").outcome == "left"
    assert not AuditEntry.unscoped.filter(action="connection.image_removed").exists()


def test_what_a_put_back_needs_is_left_and_what_is_shown_again_is_not_listed(
    cast: Cast, row: Connection, peer: Shop, replaced: Publication, pictures: PictureHost
) -> None:
    last = Publication.unscoped.latest("pk")
    again(cast, row)
    chosen = [str(SupersededImage.unscoped.get().pk)]
    revert(cast.bob, publication_id=last.pk)
    choose.remove_now(cast.bob, connection_id=row.pk, chosen=chosen)
    remove.work(row.pk)  # the old image is about to go back
    assert deleted(peer) == []
    assert worked(last, pictures).status == "reverted"
    assert states(cast, row) == [(last.remote_id, "waiting")]
    published(cast, row, pictures, 3)
    Publication.unscoped.update(old_image=None)
    again(cast, row)
    found = SupersededImage.unscoped.get(remote_id=replaced.remote_id)
    choose.remove_now(cast.bob, connection_id=row.pk, chosen=[str(found.pk)])
    remove.work(row.pk)
    assert deleted(peer) == []
    found.refresh_from_db()
    assert (found.status, "no copy" in found.note) == ("left", True)


def test_a_publication_waits_while_one_of_its_product_is_removed(
    cast: Cast, row: Connection, replaced: Publication, pictures: PictureHost
) -> None:
    last = Publication.unscoped.latest("pk")
    revert(cast.bob, publication_id=last.pk)
    SupersededImage.unscoped.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert worked(last, pictures).status == "queued"
    SupersededImage.unscoped.update(lease_until=None)
    assert worked(last, pictures).status == "reverted"
    assert replaced.remote_id


def test_trouble_is_waited_for_and_one_that_is_gone_is_gone(
    cast: Cast, row: Connection, peer: Shop, replaced: Publication
) -> None:
    again(cast, row)
    choose.remove_now(cast.bob, connection_id=row.pk, chosen=[str(SupersededImage.unscoped.get().pk)])
    peer.faults.append(throttled())
    remove.work(row.pk)
    found = SupersededImage.unscoped.get()
    assert (found.status, found.failures, found.lease_until) == ("waiting", 1, None)
    peer.delete_image(int(replaced.remote_id))
    SupersededImage.unscoped.update(not_before=timezone.now())
    remove.work(row.pk)
    assert SupersededImage.unscoped.get().status == "removed"
    assert deleted(peer) == []


def test_from_the_page(
    cast: Cast, row: Connection, peer: Shop, replaced: Publication, as_: Callable[[Actor], Client]
) -> None:
    own = f"/integrations/{row.pk}/"
    found = SupersededImage.unscoped.get()
    page = as_(cast.bob).get(own).content.decode()
    assert replaced.filename in page
    assert "Nothing is removed by itself" in page
    answer = as_(cast.bob).post(f"{own}replaced-images/", {"do": "keep", "chosen": str(found.pk)}, follow=True)
    assert "1 image stays" in answer.content.decode()
    assert states(cast, row) == [(replaced.remote_id, "kept")]
    for chosen in ([], ["nonsense"]):
        answer = as_(cast.bob).post(f"{own}replaced-images/", {"do": "remove", "chosen": chosen}, follow=True)
        assert "Choose" in answer.content.decode()
    assert as_(cast.victor).post(f"{own}replaced-images/", {"do": "remove", "chosen": found.pk}).status_code == 403
    assert as_(cast.charlie).post(f"{own}replaced-images/", {"do": "remove", "chosen": found.pk}).status_code == 404
    assert states(cast, row) == [(replaced.remote_id, "kept")]
    typed = {
        "name": "Pottery",
        "sharing": "me",
        "calls_per_minute": 6000,
        "nightly": "on",
        "nightly_at": "03:00",
    }
    assert as_(cast.bob).post(own, typed | {"remove_after_days": "0"}).status_code == 400
    assert as_(cast.bob).post(own, typed | {"remove_after_days": "30"}).status_code == 302
    row.refresh_from_db()
    assert row.remove_after_days == 30
    as_(cast.bob).post(f"{own}replaced-images/", {"do": "remove", "chosen": found.pk})
    assert states(cast, row) == [(replaced.remote_id, "waiting")]
    assert deleted(peer) == []


def test_without_an_application_password_it_says_what_is_needed(
    cast: Cast, pictures: PictureHost, as_: Callable[[Actor], Client]
) -> None:
    with shop() as plain:
        plain.add(1)
        row = synced_with(plain, cast.alice)
        first = published(cast, row, pictures, 1)
        published(cast, row, pictures, 2)
        assert states(cast, row) == [(first.remote_id, "waiting")]
        assert (
            "needs a WordPress user and an application password"
            in as_(cast.alice).get(f"/integrations/{row.pk}/").content.decode()
        )
        chosen = [str(SupersededImage.unscoped.get().pk)]
        with pytest.raises(Conflict, match="application password"):
            choose.remove_now(cast.alice, connection_id=row.pk, chosen=chosen)
        Connection.unscoped.update(remove_after_days=1)
        SupersededImage.unscoped.update(since=timezone.now() - timedelta(days=2))
        turns(start(cast.alice, connection_id=row.pk))
        remove.work(row.pk)
        with pytest.raises(NotPermitted):
            choose.keep(cast.bob, connection_id=row.pk, chosen=chosen)
        with pytest.raises(NotFound):
            choose.keep(cast.charlie, connection_id=row.pk, chosen=chosen)
        assert states(cast, row) == [(first.remote_id, "waiting")]
