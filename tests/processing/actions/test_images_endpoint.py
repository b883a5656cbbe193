"""The text-to-image engine behind an images endpoint, against a server of this machine."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from processing.actions.images_endpoint import ImagesEndpoint, text_to_image
from processing.engines.errors import ImageEngineFailed, PromptRefused
from tests.support.photos import product_photo
from tests.support.receiver import Receiver, receiver
from tests.support.remote import remote, says, whole

PICTURE = product_photo(3)
KEY = "sk-secret-of-the-operator"


@pytest.fixture
def peer(settings: Any) -> Iterator[Receiver]:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    with receiver() as running:
        yield running


def engine(peer: Receiver, *, model: str = "", takes_seed: bool = False, seconds: float = 5) -> ImagesEndpoint:
    return ImagesEndpoint(peer.url("/v1/images/generations"), KEY, model, takes_seed, seconds)


def answers(peer: Receiver, first: dict[str, Any]) -> None:
    peer.answer(200, json.dumps({"created": 1, "data": [first]}).encode(), Content_Type="application/json")


def picture(made: ImagesEndpoint) -> bytes:
    return made.picture("a forest", width=1600, height=900, seed=9)


def failure(made: ImagesEndpoint) -> str:
    with pytest.raises(ImageEngineFailed) as caught:
        picture(made)
    assert KEY not in caught.value.detail
    return caught.value.detail


def test_base64_in_the_answer(peer: Receiver) -> None:
    answers(peer, {"b64_json": base64.b64encode(PICTURE).decode()})
    assert picture(engine(peer, model="painter-1")) == PICTURE
    (seen,) = peer.seen
    assert seen.path == "/v1/images/generations"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(seen.body) == {"prompt": "a forest", "n": 1, "size": "1536x1024", "model": "painter-1"}


def test_an_address_in_the_answer(peer: Receiver) -> None:
    with remote(says(whole(PICTURE))) as store:
        answers(peer, {"url": store.url("/made.png")})
        assert picture(engine(peer, takes_seed=True)) == PICTURE
    assert json.loads(peer.seen[0].body)["seed"] == 9
    assert KEY not in store.seen[0]  # the key belongs to the endpoint alone


def test_an_address_inside_the_network_is_not_followed(peer: Receiver, settings: Any) -> None:
    answers(peer, {"url": "http://10.0.0.1/made.png"})
    assert "10.0.0.1" in failure(engine(peer))
    settings.OUTBOUND_ALLOWED_HOSTS = []
    assert "127.0.0.1" in failure(engine(peer))
    assert len(peer.seen) == 1


@pytest.mark.parametrize(
    ("status", "said"), [(401, "IMAGES_ENDPOINT_KEY"), (403, "key"), (429, "busy"), (500, "500"), (302, "302")]
)
def test_what_an_error_answer_means(peer: Receiver, status: int, said: str) -> None:
    peer.answer(status, json.dumps({"error": {"message": f"Incorrect key {KEY}"}}).encode())
    assert said in failure(engine(peer))


@pytest.mark.parametrize(
    "error",
    [
        {"code": "moderation_blocked", "message": "Your request was rejected by the safety system."},
        {"code": "content_policy_violation", "message": "No."},
    ],
)
def test_a_prompt_that_is_refused(peer: Receiver, error: dict[str, str]) -> None:
    peer.answer(400, json.dumps({"error": error}).encode())
    with pytest.raises(PromptRefused) as caught:
        picture(engine(peer))
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"data": []}',
        b'{"data": [{}]}',
        b'{"data": [{"b64_json": "%%%"}]}',
        json.dumps({"data": [{"b64_json": base64.b64encode(b"no picture at all").decode()}]}).encode(),
    ],
)
def test_an_answer_without_a_picture(peer: Receiver, body: bytes) -> None:
    peer.answer(200, body)
    assert failure(engine(peer)).startswith("The text-to-image engine answered with")


def test_one_that_hangs_and_one_that_is_not_there(peer: Receiver) -> None:
    peer.gate.clear()
    assert "0.3 seconds" in failure(engine(peer, seconds=0.3))
    peer.gate.set()
    gone = ImagesEndpoint("http://127.0.0.1:9/v1/images/generations", KEY, "", False, 5)
    assert "could not be reached" in failure(gone)


def test_there_is_one_only_where_the_operator_says_so(settings: Any) -> None:
    assert text_to_image() is None
    settings.IMAGES_ENDPOINT_URL = "https://api.example.com/v1/images/generations"
    settings.IMAGES_ENDPOINT_MODEL = "painter-1"
    made = text_to_image()
    assert made is not None
    assert made.name == "painter-1"
    assert not made.takes_seed
