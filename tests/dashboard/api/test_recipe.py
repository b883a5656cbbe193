"""operation=recipe of /api/v1/jobs: one job, one image, the price of its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Organization
from processing.actions.presets import save_preset
from processing.models import Job
from tests.support.api import Api, errors, photo
from tests.support.cast import Cast
from tests.support.photos import opened

STEPS: list[dict[str, Any]] = [
    {"operation": "remove_background", "parameters": {"edges": "fast"}},
    {"operation": "process", "parameters": {"width": 50, "height": 40, "background": "#00ff00"}},
]


@pytest.fixture
def api(cast: Cast) -> Api:
    return Api(cast.key())


def balance(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alice.organization.pk).credit_balance


def test_a_recipe_is_one_job(cast: Cast, api: Api, run_all: Callable[[], int]) -> None:
    sent = api.form("/files", {"image": photo()}).json()["fileId"]
    accepted = api.json("/jobs", {"operation": "recipe", "fileId": sent, "steps": STEPS})
    assert accepted.status_code == 202, accepted.content
    assert balance(cast) == 98
    run_all()
    done = api.get(f"/jobs/{accepted.json()['jobId']}").json()
    assert (done["status"], done["operation"], done["credits"]) == (
        "succeeded",
        "recipe",
        {"charged": 2, "remaining": 98},
    )
    (output,) = done["outputs"]
    assert opened(api.client.get(output["url"]).content).size == (50, 40)


def test_a_saved_recipe_runs_over_many_images(cast: Cast, api: Api, run_all: Callable[[], int]) -> None:
    save_preset(cast.alice, title="Two steps", operation="recipe", parameters={"steps": STEPS})
    answer = api.form("/jobs", {"image": [photo(0), photo(1)], "operation": "recipe", "preset": "two-steps"})
    assert answer.status_code == 202, answer.content
    run_all()
    done = api.get(f"/jobs/{answer.json()['jobId']}").json()
    assert [output["width"] for output in done["outputs"]] == [50, 50]
    assert done["credits"]["charged"] == 4


def test_a_preset_of_another_operation_says_so(cast: Cast, api: Api) -> None:
    save_preset(cast.alice, title="Two steps", operation="recipe", parameters={"steps": STEPS})
    for fields in ({"operation": "process", "preset": "two-steps"}, {"operation": "recipe", "preset": "amazon-main"}):
        answer = api.form("/jobs", {"image": photo(), **fields})
        assert answer.status_code == 400
        assert "is for the operation" in errors(answer)["preset"]
    assert not Job.unscoped.exists()


def test_a_wrong_step_leaves_nothing_behind(cast: Cast, api: Api) -> None:
    answer = api.json(
        "/jobs", {"operation": "recipe", "imageUrl": "https://example.com/a.jpg", "steps": [{"operation": "x"}]}
    )
    assert answer.status_code == 400
    assert errors(answer)["steps"].startswith("Step 1, x: There is no operation x.")
    assert not Job.unscoped.exists()
    assert balance(cast) == 100
