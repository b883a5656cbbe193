"""An attachment of ours leaves the media library only where it is that very file and nothing shows it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

import pytest

from integrations.base import Account, MarketplaceError
from integrations.publishing import Removal
from integrations.registry import find
from tests.support.picture_host import PictureHost
from tests.support.serving import Said
from tests.support.woocommerce_images import PASSWORD, USER
from tests.support.woocommerce_peer import KEY, SECRET, Shop, shop

WOO = find("woocommerce")
FILE = "mug-0123456789"


@pytest.fixture
def peer(pictures: PictureHost, tls: ssl.SSLContext) -> Iterator[Shop]:
    with shop(tls=tls) as running:
        running.add(1, images=2, variants=1)
        running.add(2, images=1)
        yield running


@pytest.fixture
def account(peer: Shop) -> Account:
    keys = {"consumer_key": KEY, "consumer_secret": SECRET, "wp_user": USER, "wp_password": PASSWORD}
    return WOO.account(peer.address, keys)


@pytest.fixture
def ours(peer: Shop) -> int:
    """An attachment that a publication to product 1 has brought."""
    return peer.images.uploaded(f"{FILE}.jpg", b"picture")


def removed(account: Account, number: int, file: str = FILE) -> Removal:
    return WOO.publisher.remove(account, str(number), "1", {"new.file": file})


def deletions(peer: Shop) -> int:
    return sum(call.method == "DELETE" for call in peer.calls)


def test_it_goes_once_and_what_is_gone_is_gone(peer: Shop, account: Account, ours: int) -> None:
    assert WOO.publisher.capabilities(account).removes
    peer.loses_answer = True
    with pytest.raises(MarketplaceError) as lost:
        removed(account, ours)
    assert not lost.value.permanent
    assert ours not in peer.images.files
    assert removed(account, ours) == Removal()
    assert deletions(peer) == 1


def test_also_where_its_product_is_gone(peer: Shop, account: Account, ours: int) -> None:
    del peer.products[1]
    assert removed(account, ours) == Removal()


@pytest.mark.parametrize(
    "use", ["product", "in the bin", "variation", "page", "parent", "parent product", "another file", "unknown file"]
)
def test_what_is_needed_or_not_ours_is_left(peer: Shop, account: Account, ours: int, use: str) -> None:
    file = FILE
    match use:
        case "product":
            peer.products[1]["images"].append(peer.images.shown(ours))
        case "in the bin":
            peer.products[1] |= {"images": [peer.images.shown(ours)], "status": "trash"}
        case "variation":
            peer.variations[1][0]["image"] = peer.images.shown(ours)
        case "page":
            peer.images.pages.append(f'<img src="/wp-content/uploads/{FILE}-300x300.jpg">')
        case "parent":
            peer.images.files[ours].post = 77
        case "parent product":
            peer.images.files[ours].post = 2
            peer.products[2]["images"].append(peer.images.shown(ours))
        case "another file":
            peer.images.files[ours].file = "somebody-elses.jpg"
        case _:
            file = ""
    assert removed(account, ours, file).why_left
    assert ours in peer.images.files
    assert deletions(peer) == 0


def test_a_user_who_may_not_delete_is_told_so(peer: Shop, account: Account, ours: int) -> None:
    refused = Said(403, b'{"code": "rest_cannot_delete", "message": "Sorry."}')

    def before(call: object) -> None:
        if getattr(call, "method", "") == "DELETE":
            peer.faults.append(refused)

    peer.before = before
    with pytest.raises(MarketplaceError) as error:
        removed(account, ours)
    assert (error.value.code, error.value.permanent, error.value.blame.value) == ("no_removal", True, "shop")
    assert ours in peer.images.files
