"""The file space under many uploads and outputs at once: every name is one file's, and the quota holds."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.access.actor import Actor
from accounts.actions.api_keys import create_api_key
from processing.models import Asset, Blob, SpaceFile
from processing.queries.space import usage
from tests.support.api import SpaceApi, photo
from tests.support.at_once import at_once
from tests.support.cast import Cast
from tests.support.photos import product_photo

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 8


def api_of(actor: Actor) -> SpaceApi:
    return SpaceApi(f"Token {create_api_key(actor, name='Test', scopes=['*'])[1]}")


def statuses(answers: list[object]) -> list[int]:
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    return sorted(answer.status_code for answer in answers)  # type: ignore[attr-defined]


def test_one_name_for_many(cast: Cast) -> None:
    api = api_of(cast.alice)
    answers = at_once(MANY, lambda seed: api.form("/file-ops/upload/", {"files": photo(seed), "upload_path": "a"}))
    assert statuses(answers) == [200] * MANY
    wanted = {"a/mug.jpg", *(f"a/mug_{number}.jpg" for number in range(1, MANY))}
    assert set(SpaceFile.objects.of(cast.alice).values_list("path", flat=True)) == wanted
    for seed, answer in enumerate(answers):
        (path,) = answer.json()["file_paths"]  # type: ignore[attr-defined]
        assert api.get(f"/files/{path}").content == product_photo(seed, size=(120, 100))


def test_one_path_for_many(cast: Cast) -> None:
    """The last one is what is there; nothing is left of the others."""
    api = api_of(cast.alice)
    answers = at_once(MANY, lambda seed: api.form("/file-ops/upload/", {"file": photo(seed), "key": "a.jpg"}))
    assert statuses(answers) == [200] * MANY
    assert SpaceFile.unscoped.count() == Asset.unscoped.count() == Blob.unscoped.count() == 1
    assert api.get("/files/a.jpg").status_code == 200


def test_the_quota_holds(cast: Cast, settings: Any) -> None:
    heaviest = max(len(product_photo(seed, size=(120, 100))) for seed in range(MANY))
    settings.SPACE_QUOTA_BYTES = 3 * heaviest
    api = api_of(cast.alice)
    found = statuses(
        at_once(MANY, lambda seed: api.form("/file-ops/upload/", {"files": photo(seed), "upload_path": "a"}))
    )
    assert set(found) == {200, 413}
    assert found.count(200) >= 3
    assert usage(cast.alice).bytes <= settings.SPACE_QUOTA_BYTES


@pytest.mark.usefixtures("worker")
def test_outputs_and_uploads_at_one_path(cast: Cast) -> None:
    api = api_of(cast.alice)
    api.upload(photo())

    def work(number: int) -> object:
        if number % 2:
            return api.form("/file-ops/upload/", {"file": photo(), "key": "a.png"})
        variants = [{"output_file_path": "a.png"}, {"output_file_path": f"{number}.png"}]
        body = {"input_file_path": "my-project/mug.jpg", "output_variants": variants}
        return api.json("/tools/ai/remove-bg/process/", body)

    assert statuses(at_once(6, work)) == [200] * 6
    assert SpaceFile.objects.of(cast.alice).count() == Asset.unscoped.count() == 5
