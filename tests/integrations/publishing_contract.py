"""What must be true of every marketplace's publisher. A test file inherits it as `TestXPublishing` and says
how to reach its peer and how to look into it.

`peer` and `pictures` are fixtures: the peer of the heir's file, and the host of the images (conftest).
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from integrations import registry
from integrations.base import Account, Exchange, MarketplaceError
from integrations.publishing import Memory, Outcome, Picture, Place, Publisher, Sent, Shown
from tests.support.picture_host import PictureHost


class Remembered(Memory):
    """As the row of a publication keeps it."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def keep(self, values: Mapping[str, str]) -> None:
        self.values |= json.loads(json.dumps(dict(values)))


class PublishingContract:
    """The peer holds three products as `fill(peer, 3)` makes them: two images each, the first with variants.

    `keeps_texts`: whether an image has an alt text or a name there, which a replaced one keeps.
    """

    key: str
    # Faults of the peer that pass by themselves, by the names that `fail` takes.
    transient: tuple[str, ...]
    keeps_texts = True

    @property
    def publisher(self) -> Publisher:
        return registry.find(self.key).publisher

    @abstractmethod
    def account(self, peer: Any) -> Account:
        """Good keys to the peer."""

    @abstractmethod
    def fill(self, peer: Any, count: int) -> None: ...

    @abstractmethod
    def product(self, peer: Any) -> str:
        """The remote id of the first product."""

    @abstractmethod
    def variant(self, peer: Any) -> str:
        """That of its first variant, which shows an image of its own; empty where variants have none."""

    @abstractmethod
    def customers_see(self, peer: Any, place: Place) -> bytes | None:
        """The bytes of the image in the place, as the peer would serve them; None when it is empty."""

    @abstractmethod
    def texts(self, peer: Any, place: Place) -> tuple[str, str]:
        """Alt text and name of the image in the place."""

    @abstractmethod
    def everything_else(self, peer: Any, place: Place) -> Any:
        """All that publishing into the place must not change, as plain values: its product's title and its other
        images in order, its variants, the other products. Without times of change."""

    @abstractmethod
    def somebody_puts(self, peer: Any, place: Place, data: bytes) -> None:
        """A person changes the image in the place, past us."""

    @abstractmethod
    def remove(self, peer: Any, remote_id: str) -> None: ...

    @abstractmethod
    def fail(self, peer: Any, how: str) -> None:
        """The peer's next call fails in this way, and nothing is done."""

    @abstractmethod
    def lose_answer(self, peer: Any) -> None:
        """The peer's next call that changes something is done, and its answer is lost on the way."""

    def time_passes(self, peer: Any) -> None:
        """The peer ends what it does in the background; a peer that does nothing so need not say anything."""

    # What the tests are made of.

    @pytest.fixture
    def place(self, peer: Any, pictures: PictureHost) -> Place:
        self.fill(peer, 3)
        return Place(self.product(peer))

    def shown(self, peer: Any, place: Place) -> Shown:
        return self.publisher.shown(self.account(peer), place)

    def publish(self, peer: Any, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        """Until it has ended."""
        sent = self.publisher.publish(self.account(peer), place, picture, before, memory)
        for _ in range(20):
            if sent.outcome != Outcome.SUBMITTED:
                break
            self.time_passes(peer)
            sent = self.publisher.follow(self.account(peer), place, picture, memory)
        return sent

    def restore(self, peer: Any, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        sent = self.publisher.restore(self.account(peer), place, before, kept, memory)
        for _ in range(20):
            if sent.outcome != Outcome.SUBMITTED:
                break
            self.time_passes(peer)
            sent = self.publisher.restore(self.account(peer), place, before, kept, memory)
        return sent

    def kept(self, peer: Any, place: Place, pictures: PictureHost) -> Picture | None:
        """Our copy of what is there now."""
        data = self.customers_see(peer, place)
        if data is None:
            return None
        pictures.files["/i/KeptToken.jpg"] = data
        copy = pictures.picture(99)
        return replace(copy, key="kept-old", url=f"{pictures.address}/i/KeptToken.jpg", read=lambda: data)

    def check_published(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        before, others = self.shown(peer, place), self.everything_else(peer, place)
        texts = self.texts(peer, place)
        picture = pictures.picture(1)
        sent = self.publish(peer, place, picture, before, Remembered())
        assert sent.outcome == Outcome.CONFIRMED, sent
        assert self.customers_see(peer, place) == picture.read()
        assert self.everything_else(peer, place) == others
        if self.keeps_texts:
            assert self.texts(peer, place) == texts
        now = self.shown(peer, place)
        assert now.image is not None
        if sent.image is not None:
            assert sent.image.remote_id == now.image.remote_id
        if sent.gallery is not None:
            assert [each.remote_id for each in sent.gallery] == [each.remote_id for each in now.gallery]

    def test_the_main_image(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        self.check_published(peer, pictures, place)

    def test_a_later_image(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        self.check_published(peer, pictures, replace(place, slot="2"))

    def test_the_image_of_a_variant(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        if not self.publisher.capabilities(self.account(peer)).variant_images:
            pytest.skip("variants have no images there")
        self.check_published(peer, pictures, replace(place, variant=self.variant(peer)))

    def test_an_empty_place_is_filled_and_emptied_again(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        place = replace(place, slot="3")
        before, others, memory = self.shown(peer, place), self.everything_else(peer, place), Remembered()
        assert before.image is None
        picture = pictures.picture(2)
        assert self.publish(peer, place, picture, before, memory).outcome == Outcome.CONFIRMED
        assert self.customers_see(peer, place) == picture.read()
        if self.keeps_texts:
            assert self.texts(peer, place)[0] == picture.alt
        assert self.everything_else(peer, place) == others
        assert self.restore(peer, place, before, None, memory).outcome == Outcome.CONFIRMED
        assert self.customers_see(peer, place) is None
        assert self.everything_else(peer, place) == others

    def test_what_is_shown_is_told_in_order(self, peer: Any, place: Place) -> None:
        found = self.shown(peer, place)
        assert found.image == found.gallery[0]
        assert [image.position for image in found.gallery] == [0, 1]
        assert self.shown(peer, replace(place, slot="2")).image == found.gallery[1]

    def test_the_same_call_twice_adds_nothing(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        before, memory, picture = self.shown(peer, place), Remembered(), pictures.picture(3)
        others = self.everything_else(peer, place)
        self.publish(peer, place, picture, before, memory)
        again = self.publish(peer, place, picture, before, memory)
        assert again.outcome == Outcome.CONFIRMED
        assert self.customers_see(peer, place) == picture.read()
        assert self.everything_else(peer, place) == others

    def test_a_lost_answer_adds_nothing(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        for slot in ("main", "3"):
            place = replace(place, slot=slot)
            before, memory, picture = self.shown(peer, place), Remembered(), pictures.picture(4, key=slot)
            others = self.everything_else(peer, place)
            self.lose_answer(peer)
            with pytest.raises(MarketplaceError) as lost:
                self.publish(peer, place, picture, before, memory)
            assert not lost.value.permanent
            self.time_passes(peer)
            assert self.publish(peer, place, picture, before, memory).outcome == Outcome.CONFIRMED
            assert self.customers_see(peer, place) == picture.read()
            assert self.everything_else(peer, place) == others

    def test_the_old_image_comes_back_into_its_place(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        places = [place, replace(place, slot="2")]
        if self.publisher.capabilities(self.account(peer)).variant_images:
            places.append(replace(place, variant=self.variant(peer)))
        for number, each in enumerate(places):
            before, memory, kept = self.shown(peer, each), Remembered(), self.kept(peer, each, pictures)
            old, texts = self.customers_see(peer, each), self.texts(peer, each)
            others = self.everything_else(peer, each)
            self.publish(peer, each, pictures.picture(10 + number), before, memory)
            assert self.customers_see(peer, each) != old
            assert self.restore(peer, each, before, kept, memory).outcome == Outcome.CONFIRMED
            assert self.customers_see(peer, each) == old
            assert self.everything_else(peer, each) == others
            if self.keeps_texts:
                assert self.texts(peer, each) == texts
            assert self.restore(peer, each, before, kept, memory).outcome == Outcome.CONFIRMED, "asked for twice"
            assert self.customers_see(peer, each) == old

    def test_a_lost_answer_while_putting_back(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        before, memory, kept = self.shown(peer, place), Remembered(), self.kept(peer, place, pictures)
        old, others = self.customers_see(peer, place), self.everything_else(peer, place)
        self.publish(peer, place, pictures.picture(5), before, memory)
        self.lose_answer(peer)
        with pytest.raises(MarketplaceError) as lost:
            self.restore(peer, place, before, kept, memory)
        assert not lost.value.permanent
        self.time_passes(peer)
        assert self.restore(peer, place, before, kept, memory).outcome == Outcome.CONFIRMED
        assert self.customers_see(peer, place) == old
        assert self.everything_else(peer, place) == others

    def test_what_somebody_else_has_put_there_stays(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        before, memory, kept = self.shown(peer, place), Remembered(), self.kept(peer, place, pictures)
        self.publish(peer, place, pictures.picture(6), before, memory)
        theirs = pictures.picture(7).read()
        self.somebody_puts(peer, place, theirs)
        others = self.everything_else(peer, place)
        refused = self.restore(peer, place, before, kept, memory)
        assert refused.outcome == Outcome.REJECTED
        assert [issue.code for issue in refused.issues] == ["changed_since"]
        assert self.customers_see(peer, place) == theirs
        assert self.everything_else(peer, place) == others

    def test_a_product_that_is_gone(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        before = self.shown(peer, place)
        self.remove(peer, place.product)
        with pytest.raises(MarketplaceError) as gone:
            self.shown(peer, place)
        assert (gone.value.code, gone.value.permanent) == ("gone", True)
        with pytest.raises(MarketplaceError) as gone:
            self.publish(peer, place, pictures.picture(1), before, Remembered())
        assert (gone.value.code, gone.value.permanent) == ("gone", True)

    def test_what_passes_by_itself_is_not_permanent_and_changes_nothing(
        self, peer: Any, pictures: PictureHost, place: Place
    ) -> None:
        before, picture = self.shown(peer, place), pictures.picture(8)
        old, others = self.customers_see(peer, place), self.everything_else(peer, place)
        for how in self.transient:
            self.fail(peer, how)
            with pytest.raises(MarketplaceError) as failed:
                self.publisher.shown(self.account(peer), place)
            assert not failed.value.permanent, how
            self.fail(peer, how)
            with pytest.raises(MarketplaceError) as failed:
                self.publish(peer, place, picture, before, Remembered())
            assert not failed.value.permanent, how
            assert self.customers_see(peer, place) == old, how
            assert self.everything_else(peer, place) == others, how

    def test_every_call_is_told_without_a_secret(self, peer: Any, pictures: PictureHost, place: Place) -> None:
        told: list[Exchange] = []
        calls: list[None] = []
        account = replace(self.account(peer), after_call=told.append, before_call=lambda: calls.append(None))
        before, memory, picture = self.publisher.shown(account, place), Remembered(), pictures.picture(9)
        sent = self.publisher.publish(account, place, picture, before, memory)
        while sent.outcome == Outcome.SUBMITTED:
            self.time_passes(peer)
            sent = self.publisher.follow(account, place, picture, memory)
        self.fail(peer, self.transient[0])
        with pytest.raises(MarketplaceError):
            self.publisher.shown(account, place)
        assert len(told) == len(calls) >= 3
        assert any(each.status == 200 for each in told)
        text = json.dumps([[each.request, each.answer] for each in told])
        secrets = [each.name for each in registry.find(self.key).credentials if each.secret]
        for name in secrets:
            if account.credentials.get(name):
                assert account.credentials[name] not in text

    def test_a_shop_that_cannot_be_served_says_what_is_needed(self, peer: Any, settings: Any) -> None:
        settings.BASE_URL = ""
        can = self.publisher.capabilities(self.account(peer))
        assert not can.pulls
        assert can.pushes or len(can.why_not) > 20

    def test_files_are_removed_only_where_they_stay(self, peer: Any, pictures: PictureHost) -> None:
        """Where nothing stays there is nothing to remove, and no shop is asked."""
        can = self.publisher.capabilities(self.account(peer))
        if self.publisher.files_stay:
            assert can.removes == (can.removal_needs == "")
            return
        assert (can.removes, can.removal_needs) == (False, "")
        with pytest.raises(NotImplementedError):
            self.publisher.remove(self.account(peer), "1", "1", {})
