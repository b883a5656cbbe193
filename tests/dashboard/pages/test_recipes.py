"""The recipe builder: steps come, move and go by plain posts, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.presets import save_preset
from processing.models import Job, Preset
from processing.queries.presets import preset_parameters
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of

As = Callable[[Actor], Client]
NEW = "/presets/recipes/new/"
STEPS: list[dict[str, Any]] = [
    {"operation": "process", "preset": "ebay", "parameters": {"width": 700}},
    {"operation": "watermark", "parameters": {"text": "Northwind"}},
    {"operation": "upscale", "parameters": {"scale": 2}},
]


@pytest.fixture
def client(cast: Cast, as_: As) -> Client:
    return as_(cast.bob)


@pytest.fixture
def recipe(cast: Cast) -> Preset:
    return save_preset(cast.alice, title="For the shop", operation="recipe", parameters={"steps": STEPS})


def step(token: str, operation: str, **fields: str) -> dict[str, str]:
    return {f"{token}-operation": operation, **{f"{token}-{name}": value for name, value in fields.items()}}


def shown(answer: Any) -> list[str]:
    return [each.operation.name for each in answer.context["steps"]]


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_three_steps_are_added_moved_and_saved(cast: Cast, client: Client) -> None:
    assert "No step yet" in client.get(NEW).content.decode()
    answer = client.post(NEW, {"title": "Shop", "do": "add", "add": "resize"})
    assert shown(answer) == ["resize"]
    sent = {"title": "Shop", "step": ["s0"], **step("s0", "resize", width="60")}
    answer = client.post(NEW, sent | {"do": "add", "add": "watermark"})
    assert shown(answer) == ["resize", "watermark"]
    sent |= {"step": ["s0", "s1"], **step("s1", "watermark", text="Northwind")}
    answer = client.post(NEW, sent | {"do": "up:s1"})
    assert shown(answer) == ["watermark", "resize"]
    assert [each.form["width"].value() for each in answer.context["steps"][1:]] == ["60"]
    assert "<strong>2 credits</strong> per image" in words(answer)
    assert not Preset.unscoped.exists(), "nothing is saved before it is asked for"
    assert client.post(NEW, sent | {"step": ["s1", "s0"]})["Location"] == "/presets/"
    kept = preset_parameters(cast.alice, "shop", operation="recipe")
    assert kept == {
        "steps": [
            {"operation": "watermark", "parameters": {"text": "Northwind"}},
            {"operation": "resize", "parameters": {"width": "60"}},
        ]
    }
    assert AuditEntry.objects.of(cast.alice).filter(action="preset.created", user=cast.bob.user).count() == 1


def test_moves_at_the_ends_and_removal(client: Client) -> None:
    sent = {"title": "", "step": ["s4", "s2"], **step("s4", "resize"), **step("s2", "upscale")}
    for do, wanted in {
        "up:s4": ["resize", "upscale"],
        "down:s2": ["resize", "upscale"],
        "down:s4": ["upscale", "resize"],
        "remove:s4": ["upscale"],
        "fill:s4": ["resize", "upscale"],
        "nonsense:s4": ["resize", "upscale"],
    }.items():
        assert shown(client.post(NEW, sent | {"do": do})) == wanted, do


def test_a_part_is_enough_with_scripts(client: Client) -> None:
    answer = client.post(NEW, {"do": "add", "add": "resize"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith("<ol")


def test_a_built_in_preset_fills_the_fields_it_names(client: Client) -> None:
    sent = {"step": ["s0"], **step("s0", "process", width="10", align="top", preset="amazon-main")}
    (filled,) = client.post(NEW, sent | {"do": "fill:s0"}).context["steps"]
    assert (filled.form["width"].value(), filled.form["jpegQuality"].value()) == ("2000", "95")
    assert filled.form["margin"].value() == "5", "per cent, as it is typed"
    assert filled.form["align"].value() == "top"


def test_what_is_wrong_is_said_at_its_step_and_field_and_nothing_is_lost(client: Client) -> None:
    sent = {"title": " ", "step": ["s0", "s1"], **step("s0", "resize", width="huge"), **step("s1", "watermark")}
    answer = client.post(NEW, sent)
    assert answer.status_code == 400
    first, second = answer.context["steps"]
    assert set(first.form.errors) == {"width"}
    assert first.form["width"].value() == "huge"
    assert set(second.form.errors) == {"text"}
    assert "Give it a name" in words(answer)
    assert words(answer).count("Mend this step") == 2
    assert "Add at least one step." in words(client.post(NEW, {"title": "Empty"}))
    assert not Preset.unscoped.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"step": ["s0"]},
        {"step": ["s0", "s0"], "s0-operation": "resize"},
        {"step": ["<b>"], "<b>-operation": "resize"},
        {"step": ["s0"], "s0-operation": "recipe"},
        {"step": ["s0"], "s0-operation": "resize", "do": "up:s7"},
        {"step": [f"s{n}" for n in range(11)], **{f"s{n}-operation": "resize" for n in range(11)}},
    ],
    ids=["no operation", "twice", "token", "recipe", "unknown", "too many"],
)
def test_what_no_form_sends_is_refused(client: Client, sent: dict[str, Any]) -> None:
    assert client.post(NEW, {"title": "Mine", **sent}).status_code == 400
    assert not Preset.unscoped.exists()


def test_ten_steps_are_the_most(client: Client) -> None:
    tokens = [f"s{n}" for n in range(10)]
    sent: dict[str, Any] = {"step": tokens}
    for token in tokens:
        sent |= step(token, "resize")
    answer = client.post(NEW, sent | {"do": "add", "add": "resize"})
    assert len(shown(answer)) == 10
    assert "at most 10 steps" in words(answer)


def test_a_recipe_made_by_api_is_shown_renamed_and_kept(cast: Cast, client: Client, recipe: Preset) -> None:
    address = f"/presets/recipes/{recipe.pk}/"
    answer = client.get(address)
    assert shown(answer) == ["process", "watermark", "upscale"]
    first = answer.context["steps"][0]
    assert (first.form["width"].value(), first.form["height"].value()) == ("700", "1600")
    assert "700 × 1600 px" in words(answer)
    sent = {
        "title": "For every shop",
        "step": ["s0", "s1", "s2"],
        **step("s0", "process", width="700"),
        **step("s1", "watermark", text="Northwind"),
        **step("s2", "upscale", scale="3"),
    }
    assert client.post(address, sent)["Location"] == "/presets/"
    recipe.refresh_from_db()
    assert (recipe.title, recipe.slug, recipe.operation) == ("For every shop", "for-every-shop", "recipe")
    assert recipe.parameters["steps"][2] == {"operation": "upscale", "parameters": {"scale": "3"}}


def test_a_copy_and_a_taken_name(client: Client, recipe: Preset) -> None:
    answer = client.get(f"{NEW}?from=for-the-shop")
    assert answer.context["title"] == "For the shop copy"
    assert shown(answer) == ["process", "watermark", "upscale"]
    taken = client.post(NEW, {"title": "For the Shop", "step": ["s0"], **step("s0", "process")})
    assert taken.status_code == 400
    assert "of this name already" in words(taken)
    assert client.get(f"{NEW}?from=amazon-main").status_code == 404
    assert Preset.unscoped.count() == 1


def test_the_list_says_steps_price_and_last_use(
    cast: Cast, client: Client, recipe: Preset, as_: As, run_all: Callable[[], int]
) -> None:
    page = words(client.get("/presets/"))
    assert 'Make a product image <span class="muted">700 × 1600 px' in page
    assert "4 credits per image · not used lately" in page
    Job.unscoped.filter(pk=job_of(cast.alice, Photo()).pk).update(operation="recipe", preset="for-the-shop")
    assert "4 credits per image · last used" in words(client.get("/presets/"))
    watched = words(as_(cast.victor).get("/presets/"))
    assert "For the shop" in watched
    assert "New recipe" not in watched


def test_a_step_whose_model_is_gone_is_still_shown(client: Client, recipe: Preset) -> None:
    recipe.parameters = {"steps": [{"operation": "process", "parameters": {"model": "gone", "width": 5}}]}
    recipe.save(update_fields=["parameters"])
    assert client.get("/presets/").status_code == 200
    (only,) = client.get(f"/presets/recipes/{recipe.pk}/").context["steps"]
    assert only.form["model"].value() == "gone"


def test_strangers_and_viewers_change_nothing(cast: Cast, as_: As, recipe: Preset) -> None:
    sent = {"title": "Theirs", "step": ["s0"], **step("s0", "process")}
    for actor, status in ((cast.charlie, 404), (cast.victor, 403)):
        client = as_(actor)
        for address in (f"/presets/recipes/{recipe.pk}/", f"{NEW}?from={recipe.slug}"):
            assert client.get(address).status_code == status
        assert client.post(f"/presets/recipes/{recipe.pk}/", sent).status_code == status
        assert client.post(f"/presets/{recipe.pk}/delete/").status_code == status
    assert "For the shop" not in words(as_(cast.charlie).get("/presets/"))
    recipe.refresh_from_db()
    assert recipe.title == "For the shop"


def test_presets_and_recipes_have_each_their_own_form(cast: Cast, client: Client, recipe: Preset) -> None:
    preset = save_preset(cast.alice, title="Mine", parameters={"width": 10})
    assert client.get(f"/presets/{recipe.pk}/").status_code == 404
    assert client.get(f"/presets/recipes/{preset.pk}/").status_code == 404
    assert client.post(f"/presets/{recipe.pk}/delete/")["Location"] == "/presets/"
    assert list(Preset.unscoped.values_list("title", flat=True)) == ["Mine"]


def test_what_has_no_field_is_kept(cast: Cast, client: Client) -> None:
    """By API a step may hold a list, which no form asks for."""
    marks = [{"keep": True, "points": [[5, 5]]}]
    steps = [{"operation": "segment", "parameters": {"marks": marks}}]
    recipe = save_preset(cast.alice, title="Pointed", operation="recipe", parameters={"steps": steps})
    address = f"/presets/recipes/{recipe.pk}/"
    page = client.get(address)
    (only,) = page.context["steps"]
    assert "marks" not in only.form.fields
    assert not any(offered.name in {"segment", "recipe"} for offered in page.context["offered"])
    sent = {"title": "Pointed", "step": ["s0"], **step("s0", "segment", rest=only.rest, format="webp")}
    assert client.post(address, sent).status_code == 302
    recipe.refresh_from_db()
    (kept,) = recipe.parameters["steps"]
    assert kept["parameters"]["format"] == "webp"
    assert [mark["points"] for mark in kept["parameters"]["marks"]] == [[[5, 5]]]
    for rest in ("{", "7"):
        assert client.post(address, sent | {"s0-rest": rest}).status_code == 400


def test_a_new_step_begins_with_what_its_operation_suggests(client: Client) -> None:
    (added,) = client.post(NEW, {"do": "add", "add": "upscale"}).context["steps"]
    assert added.form["scale"].value() == "2"
