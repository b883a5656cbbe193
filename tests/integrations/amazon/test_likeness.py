"""Whether what Amazon shows is ours: it encodes every image anew, at an address of its own."""

from __future__ import annotations

import io
import json

from PIL import Image

from integrations.amazon import likeness
from integrations.publishing import Outcome, Place
from tests.integrations.publishing_contract import Remembered
from tests.support import amazon_peer as peers
from tests.support.amazon_peer import DE, Amazon
from tests.support.amazon_publishing import MAIN, PUBLISHER, follow, hours_later, publish
from tests.support.amazon_settings import keys
from tests.support.photos import product_photo
from tests.support.picture_host import PictureHost


def test_another_image_in_its_place_is_not_taken_for_ours(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    peer.listings["ONE"]["live"][f"{DE} {MAIN}"] = peer.picture(pictures.picture(2).read())
    for _ in range(3):
        other = follow(peer, place, picture, memory)
        assert (other.outcome, "another one is shown" in other.note) == (Outcome.SUBMITTED, True)
    peer.process()
    assert follow(peer, place, picture, memory).outcome == Outcome.CONFIRMED


def test_the_same_picture_at_the_old_address_proves_nothing(peer: Amazon, pictures: PictureHost) -> None:
    picture = pictures.picture(1)
    peer.add("ONE")["live"][f"{DE} {MAIN}"] = peer.picture(picture.read())
    place, memory = Place("ONE"), Remembered()
    publish(peer, place, picture, memory)
    assert follow(peer, place, picture, memory).outcome == Outcome.SUBMITTED
    hours_later(memory, 30)
    late = follow(peer, place, picture, memory)
    assert (late.outcome, "another one is shown" in late.note, late.check_after) == (Outcome.SUBMITTED, True, 21600)


def test_our_image_at_an_address_of_amazons_is_still_ours(peer: Amazon, pictures: PictureHost) -> None:
    """Amazon puts addresses of its own into the listing, too."""
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    before = PUBLISHER.shown(keys(peer), place)
    publish(peer, place, picture, memory)
    peer.process()
    assert follow(peer, place, picture, memory).outcome == Outcome.CONFIRMED
    theirs = "https://m.media-amazon.com/images/I/61abc.jpg"
    peer.listings["ONE"]["attributes"][MAIN][0]["media_location"] = theirs
    refused = PUBLISHER.restore(keys(peer), place, before, None, memory)
    assert [issue.code for issue in refused.issues] == ["changed_since"]
    memory.values["publish looked"] = json.dumps({theirs: True})
    taken = PUBLISHER.restore(keys(peer), place, before, None, memory)
    assert taken.outcome == Outcome.SUBMITTED
    assert before.image is not None
    assert peer.locator("ONE") == before.image.url


def test_likeness_survives_compression_and_sees_a_changed_background() -> None:
    photo = product_photo(3, size=(400, 300))
    mark = likeness.fingerprint(photo)
    assert likeness.same(mark, peers.encoded_anew(photo))
    assert not likeness.same(mark, product_photo(4, size=(400, 300)))
    assert not likeness.same(mark, product_photo(3, size=(300, 300)))
    assert not likeness.same(mark, b"no picture")
    assert not likeness.same(mark, darker(photo))


def darker(data: bytes) -> bytes:
    """The same product on a backdrop eight steps darker, as a studio's grey beside white."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").point(lambda value: max(0, value - 8)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()
