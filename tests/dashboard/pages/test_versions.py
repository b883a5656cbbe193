"""The history of a photo: its versions as a tree, comparing two of them, and which one the library shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.submit import Request, submit
from processing.models import Asset, JobImage, Status, VersionChoice
from tests.support.api import Api
from tests.support.cast import Cast
from tests.support.finished import Photo, end, job_of

As = Callable[[Actor], Client]


def first(actor: Actor, photo: Photo, preset: str = "") -> JobImage:
    return job_of(actor, photo, preset=preset).images.select_related("output", "source").get()


def of(actor: Actor, image: JobImage, *, operation: str = "upscale", size: tuple[int, int] = (120, 120)) -> JobImage:
    """An image that was made of another one."""
    assert image.output
    parameters = {"scale": 2} if operation == "upscale" else {}
    job = submit(actor, Request(sources=[image.output], operation=operation, parameters=parameters))
    made = job.images.get()
    end(made, Photo(seed=7, size=size))
    return JobImage.unscoped.select_related("output", "source").get(pk=made.pk)


def squeezed(text: str) -> str:
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", text))


def tree(page: str) -> list[tuple[int, str]]:
    """Depth and words of every row, read from the nested lists as a screen reader would."""
    inside = re.search(r'<ul class="versions">(.*?)</section>', page, re.S)
    assert inside
    depth, rows = 1, []
    for tag, words in re.findall(r'<(/?ul)|class="version__title[^"]*">(.*?)</(?:span|strong)>', inside[1], re.S):
        if tag:
            depth += -1 if tag.startswith("/") else 1
            if depth == 0:
                break
        else:
            rows.append((depth, re.sub("<[^>]*>", "", words).strip()))
    assert depth == 0, "every list is closed"
    return rows


def names(client: Client, query: str = "") -> list[str]:
    return [str(shot.image.pk) for shot in client.get(f"/library/{query}").context["shots"]]


@pytest.fixture
def cup(cast: Cast) -> JobImage:
    return first(cast.alice, Photo("cup.jpg"), "ebay")


def test_the_tree_of_a_photo(cast: Cast, as_: As, cup: JobImage) -> None:
    etsy = first(cast.bob, Photo("the same cup.jpg"), "etsy")
    large = of(cast.bob, cup)
    larger = of(cast.bob, large, size=(240, 240))
    first(cast.alice, Photo("other.jpg", 9))
    assert (large.parent_id, larger.parent_id, etsy.parent_id) == (cup.pk, large.pk, None)
    assert {large.origin, larger.origin, etsy.origin} == {cup.origin}
    answer = as_(cast.victor).get(f"/library/{large.pk}/")
    page = squeezed(answer.content.decode())
    rows = tree(page)
    assert rows[0] == (1, "Original photo")
    assert [(depth, words.split(",")[0]) for depth, words in rows[1:]] == [
        (2, "Etsy listing"), (2, "eBay listing"), (3, "Upscaled"), (4, "Upscaled"),
    ]  # fmt: skip
    assert page.count('version__row" aria-current="true"') == 1
    assert "Make this the current version" not in page, "a viewer is offered nothing that would be refused"


def test_a_single_version_says_how_another_one_comes(cast: Cast, as_: As, cup: JobImage) -> None:
    page = as_(cast.alice).get(f"/library/{cup.pk}/").content.decode()
    assert "No other version yet" in page
    assert "Make this the current version" not in page


def test_deleted_versions_keep_their_place_while_something_hangs_on_them(cast: Cast, as_: As, cup: JobImage) -> None:
    large = of(cast.bob, cup)
    gone = first(cast.bob, Photo("cup.jpg"), "etsy")
    client = as_(cast.bob)
    client.post("/library/delete/", {"image": [str(cup.pk), str(gone.pk)], "confirmed": "1"})
    page = squeezed(client.get(f"/library/{large.pk}/").content.decode())
    assert [words for _, words in tree(page)] == ["Original photo", "eBay listing, deleted", "Upscaled"]
    assert [depth for depth, _ in tree(page)] == [1, 2, 3]
    assert "1 deleted version not shown" in page
    assert client.get(f"/library/{large.pk}/compare/?a={cup.pk}").status_code == 404
    Asset.unscoped.filter(kind=Asset.Kind.UPLOAD).delete()
    page = squeezed(client.get(f"/library/{large.pk}/").content.decode())
    assert "Original photo, deleted" in page
    assert client.get(f"/library/{large.pk}/compare/?a=photo").status_code == 404


def test_the_current_version_stands_for_the_others_and_that_can_be_reverted(cast: Cast, as_: As, cup: JobImage) -> None:
    large = of(cast.bob, cup)
    other = first(cast.alice, Photo("other.jpg", 9))
    client = as_(cast.bob)
    everything = [str(other.pk), str(large.pk), str(cup.pk)]
    assert names(client) == everything
    answer = client.post(f"/library/{cup.pk}/current/", follow=True)
    assert "Current version" in answer.content.decode()
    assert names(client) == [str(other.pk), str(cup.pk)]
    assert names(client, "?versions=all") == everything
    assert "Earlier version" in client.get(f"/library/{large.pk}/").content.decode()
    client.post(f"/library/{large.pk}/current/")
    assert names(client) == [str(other.pk), str(large.pk)]
    client.post(f"/library/{large.pk}/current/")
    later = first(cast.bob, Photo("cup.jpg"), "etsy")
    assert names(client) == [str(later.pk), str(other.pk), str(large.pk)], "what is made later is shown"
    client.post(f"/library/{cup.pk}/every-version/")
    assert names(client) == [str(later.pk), *everything]
    client.post(f"/library/{cup.pk}/every-version/")
    kept = VersionChoice.objects.of(cast.alice).order_by("pk")
    assert [(each.image_id, each.every_version) for each in kept] == [
        (cup.pk, False), (large.pk, False), (None, True),
    ], "each change once"  # fmt: skip
    page = squeezed(client.get(f"/library/{cup.pk}/").content.decode())
    shown = page[page.index("Which version the library has shown") :]
    assert shown.index("every version") < shown.index("Upscaled") < shown.index("eBay listing")
    assert AuditEntry.unscoped.filter(action="image.made_current").count() == 2
    assert Asset.unscoped.filter(kind=Asset.Kind.OUTPUT).count() == 4, "nothing is deleted"


@pytest.mark.parametrize("by", ["page", "api"])
def test_a_deleted_current_version_gives_its_place_to_the_newest(cast: Cast, as_: As, cup: JobImage, by: str) -> None:
    large, larger = of(cast.bob, cup), of(cast.bob, cup, size=(240, 240))
    client = as_(cast.bob)
    client.post(f"/library/{cup.pk}/current/")
    if by == "page":
        client.post("/library/delete/", {"image": [str(cup.pk)], "confirmed": "1"})
    else:
        assert Api(cast.key()).delete(f"/files/{cup.output_id}").status_code == 204
    assert names(client) == [str(larger.pk)]
    assert names(client, "?versions=all") == [str(larger.pk), str(large.pk)]


def test_who_may_not_choose_changes_nothing(cast: Cast, as_: As, cup: JobImage) -> None:
    large = of(cast.bob, cup)
    for actor, status in ((cast.victor, 403), (cast.charlie, 404)):
        client = as_(actor)
        assert client.post(f"/library/{cup.pk}/current/").status_code == status
        assert client.post(f"/library/{cup.pk}/every-version/").status_code == status
    assert as_(cast.charlie).get(f"/library/{cup.pk}/compare/").status_code == 404
    assert as_(cast.charlie).get(f"/library/{cup.pk}/verdict/").status_code == 404
    assert not JobImage.unscoped.filter(superseded=True).exists()
    assert not VersionChoice.unscoped.exists()
    assert names(as_(cast.alice)) == [str(large.pk), str(cup.pk)]


def test_comparing_two_versions(cast: Cast, as_: As, cup: JobImage) -> None:
    large = of(cast.bob, cup)
    client = as_(cast.victor)
    usual = client.get(f"/library/{large.pk}/compare/")
    assert (usual.context["a"].value, usual.context["b"].value) == (str(cup.pk), str(large.pk)), "its parent first"
    facts = {fact["title"]: (fact["a"], fact["b"]) for fact in usual.context["facts"]}
    assert facts["Size"] == ("60 × 60 px", "120 × 120 px")
    assert facts["Made with"] == ("eBay listing", "Upscaled")
    assert facts["Background"][0] == "White"
    assert usual.content.decode().count("data-compare") == 1
    swapped = client.get(f"/library/{large.pk}/compare/?a={large.pk}&b=photo")
    assert (swapped.context["a"].value, swapped.context["b"].value) == (str(large.pk), "photo")
    assert "Both sides are the same" in client.get(f"/library/{cup.pk}/compare/?a=photo&b=photo").content.decode()


@pytest.mark.parametrize("query", ["a=nonsense", "a=0198b2c0-0000-7000-8000-000000000000", "b=%00"])
def test_comparing_with_what_is_not_there(cast: Cast, as_: As, cup: JobImage, query: str) -> None:
    stranger = first(cast.charlie, Photo("cup.jpg"))
    other = first(cast.alice, Photo("other.jpg", 9))
    client = as_(cast.alice)
    assert client.get(f"/library/{cup.pk}/compare/?{query}").status_code == 404
    for image in (stranger, other):
        assert client.get(f"/library/{cup.pk}/compare/?a={image.pk}").status_code == 404


def test_as_many_queries_for_two_hundred_versions_as_for_two(cast: Cast, as_: As, cup: JobImage) -> None:
    client = as_(cast.alice)
    of(cast.alice, cup)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = [f"/library/{cup.pk}/", f"/library/{cup.pk}/compare/"]
    few = [queries(address) for address in addresses]
    above = cup
    for index in range(330):
        above = JobImage(
            organization=cup.organization, job_id=cup.job_id, index=10 + index, name="x.jpg", status=Status.SUCCEEDED,
            source=cup.source, output=cup.output, in_library=True, origin=cup.origin, finished_at=cup.finished_at,
            parent=above if index % 2 else cup,
        )  # fmt: skip
        above.save(force_insert=True)
    many = [queries(address) for address in addresses]
    assert all(after <= before + 2 for before, after in zip(few, many, strict=True)), (few, many)
    page = client.get(f"/library/{cup.pk}/").content.decode()
    assert "older versions are left out" in page
    assert len(tree(squeezed(page))) == 301


def test_a_chain_of_many_versions_is_drawn(cast: Cast, as_: As, cup: JobImage) -> None:
    above = cup
    for index in range(150):
        above = JobImage.unscoped.create(
            organization=cup.organization, job_id=cup.job_id, index=10 + index, name="x.jpg", status=Status.SUCCEEDED,
            output=cup.output, in_library=True, origin=cup.origin, finished_at=cup.finished_at, parent=above,
        )  # fmt: skip
    rows = tree(squeezed(as_(cast.alice).get(f"/library/{cup.pk}/").content.decode()))
    assert max(depth for depth, _ in rows) == 152


def test_what_is_made_of_no_photo_begins_with_itself(cast: Cast) -> None:
    api = Api(cast.key())
    for style in ("oak", "marble"):
        assert api.json("/backgrounds/generate", {"style": style}, prefer="respond-async").status_code == 202
    made = JobImage.unscoped.filter(without_photo=True)
    assert {image.origin for image in made} == {image.pk.hex for image in made}
    assert len(made) == 2
