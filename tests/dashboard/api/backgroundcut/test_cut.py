"""The BackgroundCut family: variants of one cut, what is pointed at, and refusals in this family's shape."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.actions.api_keys import create_api_key
from accounts.models import Organization
from processing.models import Asset, Blob, Job, JobImage, SpaceFile
from tests.support.api import SpaceApi, photo, refusal
from tests.support.cast import Cast
from tests.support.downloads import text
from tests.support.photos import opened
from tests.support.space import PROCESS, SEGMENT, UPLOAD, USAGE, balance


def near(pixel: Any, color: tuple[int, int, int]) -> bool:
    """As near as a JPEG keeps it."""
    return all(abs(a - b) < 8 for a, b in zip(pixel, color, strict=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_several_variants_of_one_cut(cast: Cast, api: SpaceApi) -> None:
    (path,) = api.upload()
    variants: list[dict[str, Any]] = [
        {"output_file_path": "out/full.png"},
        {"output_file_path": "out/thumb.webp", "max_resolution": 2500, "autocrop": True, "quality": "low"},
        {"output_file_path": "out/red.jpeg", "background_color": "FF0000", "output_compression": 40},
        {"output_file_path": "out/plain", "format": "jpg", "quality": "medium", "background_color": None},
    ]
    answer = api.json(PROCESS, {"input_file_path": path, "output_variants": variants})
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"output_file_paths": [each["output_file_path"] for each in variants]}
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"], balance(cast)) == ("1", "99", 99)
    full, thumb, red, plain = (opened(api.get(f"/files/{each['output_file_path']}").content) for each in variants)
    assert (full.format, full.mode, full.size) == ("PNG", "RGBA", (120, 100))
    assert (full.getchannel("A").getpixel((0, 0)), full.getchannel("A").getpixel((60, 55))) == (0, 255)
    assert (thumb.format, thumb.mode) == ("WEBP", "RGBA")
    assert thumb.width * thumb.height <= 2500
    assert thumb.getchannel("A").resize((1, 1)).getpixel((0, 0)) == 255  # nothing but the product
    assert (red.format, plain.format) == ("JPEG", "JPEG")
    assert near(red.getpixel((1, 1)), (255, 0, 0))
    assert near(plain.getpixel((1, 1)), (255, 255, 255))
    image = JobImage.objects.of(cast.alice).get()
    assert (image.in_library, Job.objects.of(cast.alice).get().credits_charged) == (False, 1)
    # The photo and the images live as long as each other, in the file space alone.
    assert not Asset.unscoped.filter(expires_at__isnull=True).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_an_output_replaces_what_is_at_its_path(cast: Cast, api: SpaceApi) -> None:
    api.form(UPLOAD, {"file": photo(), "key": "a.jpg"})
    body = {"input_key": "a.jpg", "output_variants": [{"output_key": "a.jpg", "background_color": "#00ff00"}]}
    for remaining in (99, 98):
        answer = api.json(PROCESS, body)
        assert (answer.status_code, answer.json()) == (200, {"output_keys": ["a.jpg"]})
        assert balance(cast) == remaining
    assert near(opened(api.get("/files/a.jpg").content).getpixel((1, 1)), (0, 255, 0))
    assert SpaceFile.objects.of(cast.alice).count() == Asset.unscoped.count() == Blob.unscoped.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_same_call_again_costs_once(cast: Cast, api: SpaceApi) -> None:
    (path,) = api.upload()
    body = {"input_file_path": path, "output_variants": [{"output_file_path": "out.png"}]}
    first, again = (api.json(PROCESS, body, idempotency_key="once") for _ in range(2))
    assert (again["Idempotent-Replayed"], again.content, balance(cast)) == ("true", first.content, 99)
    body["input_file_path"] = "another.jpg"
    refusal(api.json(PROCESS, body, idempotency_key="once"), 422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ({}, "output_file_path"),
        ({"output_file_path": "a.png", "output_key": "a.png"}, "output_file_path"),
        ({"output_file_path": "a.jpg", "format": "png"}, "format is png, and the path ends in .jpg"),
        ({"output_file_path": "a.avif"}, ".avif"),
        ({"output_file_path": "a.png", "format": "gif"}, "format must be png, jpg, jpeg or webp"),
        ({"output_file_path": "a.png", "max_resolution": 0}, "max_resolution"),
        ({"output_file_path": "a.png", "quality": "best"}, "quality"),
        ({"output_file_path": "a.png", "background_color": "reddish"}, "background_color"),
        ({"output_file_path": "a.jpg", "background_color": "transparent"}, "background_color"),
        ({"output_file_path": "a.png", "output_compression": 101}, "output_compression"),
        ({"output_file_path": "a.png", "autocrop": "perhaps"}, "autocrop"),
        ({"output_file_path": "a.png", "colour": "red"}, "colour"),
        ({"output_key": "a.png"}, "input_key"),
        ("a.png", "object"),
    ],
    ids=str,
)
def test_variants_that_are_wrong(cast: Cast, api: SpaceApi, variant: object, words: str) -> None:
    (path,) = api.upload()
    good = {"output_file_path": "good.png"}
    answer = api.json(PROCESS, {"input_file_path": path, "output_variants": [good, variant]})
    sentence = refusal(answer, 400, "invalid_input")
    assert sentence.startswith("Output variant 2: ")
    assert words in sentence
    assert (Job.unscoped.count(), balance(cast)) == (0, 100)


def test_process_calls_that_are_wrong(cast: Cast, api: SpaceApi, settings: Any) -> None:
    (path,) = api.upload()
    good = [{"output_file_path": "a.png"}]
    wrong: list[Any] = [{}, {"input_file_path": path}, {"output_variants": good},
                 {"input_file_path": path, "output_variants": []},
                 {"input_file_path": path, "output_variants": good * 2},
                 {"input_file_path": path, "output_variants": good * 21},
                 {"input_file_path": path, "input_key": path, "output_variants": good},
                 {"input_file_path": 7, "output_variants": good},
                 {"input_file_path": path, "output_variants": good, "more": 1}, []]  # fmt: skip
    for body in wrong:
        refusal(api.json(PROCESS, body), 400, "invalid_input")
    refusal(api.json(PROCESS, {"input_file_path": "no.jpg", "output_variants": good}), 404, "not_found")
    fine = {"input_file_path": path, "output_variants": good}
    settings.FAMILY_WAIT_SECONDS = 0
    refusal(api.json(PROCESS, fine), 504, "not_in_time")
    assert (Job.objects.of(cast.alice).get().status, balance(cast)) == ("canceled", 100)
    Organization.objects.filter(pk=cast.alice.organization.pk).update(credit_balance=0)
    answer = api.json(PROCESS, fine)
    refusal(answer, 402, "insufficient_credits")
    assert (answer["X-Credits-Charged"], answer["X-Credits-Remaining"]) == ("0", "0")
    assert SpaceFile.objects.of(cast.alice).get().path == path


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_images_that_do_not_fit_any_more(cast: Cast, api: SpaceApi, settings: Any) -> None:
    (path,) = api.upload()
    settings.SPACE_QUOTA_BYTES = len(photo().read()) + 10
    answer = api.json(PROCESS, {"input_file_path": path, "output_variants": [{"output_file_path": "a.png"}]})
    refusal(answer, 413, "quota_exceeded")
    assert (balance(cast), SpaceFile.unscoped.count(), Asset.unscoped.count()) == (100, 1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_what_is_pointed_at_is_cut_out_for_nothing(cast: Cast, api: SpaceApi) -> None:
    (path,) = api.upload()
    point = [{"x": 60, "y": 55}]
    body = {"input_file_path": path, "output_file_path": "cut.png", "foreground_points": point}
    answer = api.json(SEGMENT, body | {"background_points": [{"x": 2, "y": 2}]})
    assert (answer.status_code, answer.json()) == (200, {"output_file_path": "cut.png"}), answer.content
    alpha = opened(api.get("/files/cut.png").content).getchannel("A")
    assert (alpha.getpixel((60, 55)), alpha.getpixel((2, 2))) == (255, 0)
    answer = api.json(SEGMENT, {"input_key": path, "output_key": "cut.jpg", "foreground_points": point})
    assert (answer.status_code, answer.json()) == (200, {"output_key": "cut.jpg"}), answer.content
    assert near(opened(api.get("/files/cut.jpg").content).getpixel((2, 2)), (255, 255, 255))
    assert (answer["X-Credits-Charged"], balance(cast)) == ("0", 100)


def test_points_that_are_wrong(api: SpaceApi) -> None:
    (path,) = api.upload()
    body = {"input_file_path": path, "output_file_path": "cut.png"}
    inside = {"x": 1, "y": 1}
    wrong: list[dict[str, Any]] = [{}, {"foreground_points": []}, {"background_points": [inside]},
                   {"foreground_points": [[1, 2]]},
                   {"foreground_points": [{"x": 1}]}, {"foreground_points": [{"x": 1, "y": "top"}]},
                   {"foreground_points": [{"x": 120, "y": 1}]}, {"foreground_points": [{"x": -1, "y": 1}]},
                   {"foreground_points": [inside], "background_points": [{"x": 1, "y": 100}]},
                   {"foreground_points": [inside] * 201}, {"foreground_points": inside},
                   {"foreground_points": [inside], "output_key": "cut.png"}]  # fmt: skip
    for points in wrong:
        refusal(api.json(SEGMENT, body | points), 400, "invalid_input")
    refusal(api.json(SEGMENT, body | {"input_file_path": "no.jpg", "foreground_points": [inside]}), 404, "not_found")
    assert not Job.unscoped.exists()


def test_refusals_have_this_familys_shape(cast: Cast, api: SpaceApi, client: Client, settings: Any) -> None:
    refusal(client.get(f"/v3{USAGE}"), 401, "unauthorized")
    refusal(SpaceApi("Token wrong").get(USAGE), 401, "unauthorized")
    refusal(SpaceApi(f"Bearer {cast.key()}").get(USAGE), 401, "unauthorized")
    refusal(client.get(f"/v3{USAGE}", headers={"x-api-key": cast.key()}), 401, "unauthorized")
    reader = SpaceApi(f"Token {cast.key(cast.alice, 'images:read')}")
    assert "images:write" in refusal(reader.json(PROCESS, {}), 403, "missing_scope")
    refusal(api.get("/nothing/"), 404, "not_found")
    refusal(api.get(PROCESS), 405, "method_not_allowed")
    refusal(api.client.post(f"/v3{PROCESS}", "hi", content_type="text/plain", headers=api.headers), 415,
            "unsupported_content_type")  # fmt: skip
    refusal(api.client.post(f"/v3{PROCESS}", "{", content_type="application/json", headers=api.headers), 400,
            "invalid_input")  # fmt: skip
    refusal(api.json(PROCESS, {"input_file_path": "a" * 1_100_000}), 413, "body_too_large")
    refusal(api.get(f"{USAGE}?more=1"), 400, "invalid_input")
    settings.MAX_UPLOAD_BYTES = 100
    refusal(api.form(UPLOAD, {"files": photo(), "upload_path": "a"}), 413, "file_too_large")
    settings.RATE_LIMIT_KEY_PER_MINUTE = 1
    limited = api.get(USAGE)
    refusal(limited, 429, "rate_limited")
    assert int(limited["Retry-After"]) > 0
    assert client.get(f"/v3{USAGE}")["WWW-Authenticate"] == 'Token realm="Packshot"'


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_the_sandbox_marks_every_variant_for_nothing(cast: Cast, api: SpaceApi) -> None:
    key = create_api_key(cast.alice, name="Sandbox", scopes=["*"], sandbox=True)[1]
    (path,) = api.upload(photo(size=(400, 300)))
    made = []
    for caller in (api, SpaceApi(f"Token {key}")):
        variants = [{"output_file_path": "a.png"}, {"output_file_path": "b.png", "background_color": "#ffffff"}]
        assert caller.json(PROCESS, {"input_file_path": path, "output_variants": variants}).status_code == 200
        made.append([api.get(f"/files/{name}").content for name in ("a.png", "b.png")])
    assert [live == test for live, test in zip(*made, strict=True)] == [False, False]
    assert balance(cast) == 99


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
def test_its_job_has_a_page_like_every_other(cast: Cast, api: SpaceApi, as_: Any) -> None:
    (path,) = api.upload()
    variants = [{"output_file_path": "a.png"}, {"output_file_path": "b.jpg", "autocrop": True, "quality": "low"}]
    assert api.json(PROCESS, {"input_file_path": path, "output_variants": variants}).status_code == 200
    job = Job.objects.of(cast.alice).get()
    browser = as_(cast.alice)
    assert "Background removed" in text(browser, "/jobs/")
    page = text(browser, f"/jobs/{job.pk}/")
    assert "PNG, Transparent, at most 12 MP" in page
    assert "JPEG, White, cropped to the product, at most 12 MP, fast edges, quality 85" in page
    assert f"/review/?job={job.pk}" not in page
    browser.post(f"/jobs/{job.pk}/again/")
    again = Job.objects.of(cast.alice).exclude(pk=job.pk).get()
    assert (again.operation, again.output_paths) == ("cut_variants", ["a.png", "b.jpg"])
