"""Images that Amazon refuses at once, or objects to when they are shown already."""

from __future__ import annotations

import json
from dataclasses import replace

from integrations.publishing import Outcome, Place
from tests.integrations.publishing_contract import Remembered
from tests.support.amazon_peer import Amazon
from tests.support.amazon_publishing import MAIN, PUBLISHER, follow, hours_later, publish
from tests.support.amazon_settings import keys
from tests.support.picture_host import PictureHost


def test_an_image_that_amazon_refuses_at_once(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    before = json.dumps(peer.listings)
    peer.refuses = {
        "code": "4000001", "message": "Unable to retrieve media content.", "severity": "ERROR",
        "attributeNames": [MAIN], "categories": ["INVALID_IMAGE"],
    }  # fmt: skip
    sent = publish(peer, Place("ONE"), pictures.picture(1), Remembered())
    assert sent.outcome == Outcome.REJECTED
    assert [(issue.code, issue.severity) for issue in sent.issues] == [("4000001", "error")]
    assert json.dumps(peer.listings) == before


def test_an_image_that_amazon_objects_to_later(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    peer.object_to("ONE", "other_product_image_locator_1")
    assert follow(peer, place, picture, memory).outcome == Outcome.SUBMITTED
    peer.object_to("ONE", MAIN, severity="WARNING", code="100")
    warned = follow(peer, place, picture, memory)
    assert (warned.outcome, [issue.code for issue in warned.issues]) == (Outcome.SUBMITTED, ["100"])
    peer.object_to("ONE", MAIN)
    refused = follow(peer, place, picture, memory)
    assert refused.outcome == Outcome.REJECTED
    assert [issue.code for issue in refused.issues] == ["100", "18027"]


def test_a_remark_on_the_old_image_is_not_held_against_the_new_one(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    peer.object_to("ONE", MAIN)
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    assert follow(peer, place, picture, memory).outcome == Outcome.SUBMITTED
    hours_later(memory, 2)
    assert follow(peer, place, picture, memory).outcome == Outcome.REJECTED


def test_shown_and_objected_to_can_still_be_taken_back(peer: Amazon, pictures: PictureHost) -> None:
    peer.add("ONE")
    place, memory, picture = Place("ONE"), Remembered(), pictures.picture(1)
    publish(peer, place, picture, memory)
    peer.process()
    peer.object_to("ONE", MAIN)
    done = follow(peer, place, picture, memory)
    assert (done.outcome, "objects" in done.note, len(done.issues)) == (Outcome.CONFIRMED, True, 1)


def test_what_is_put_back_because_of_a_remark_waits_for_amazon_to_look_again(
    peer: Amazon, pictures: PictureHost
) -> None:
    peer.add("ONE")
    account, place, memory, picture = keys(peer), Place("ONE"), Remembered(), pictures.picture(1)
    before = PUBLISHER.shown(account, place)
    assert before.image is not None
    data = peer.pictures[before.image.url]
    kept = replace(picture, key="old", url=before.image.url, read=lambda: data)
    publish(peer, place, picture, memory)
    peer.process()
    peer.object_to("ONE", MAIN)
    follow(peer, place, picture, memory)
    PUBLISHER.restore(account, place, before, kept, memory)
    hours_later(memory, 5, "restore")
    assert PUBLISHER.restore(account, place, before, kept, memory).outcome == Outcome.SUBMITTED
    peer.listings["ONE"]["issues"].clear()
    peer.process()
    assert PUBLISHER.restore(account, place, before, kept, memory).outcome == Outcome.CONFIRMED
