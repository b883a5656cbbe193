from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from accounts.access.actor import Actor
from accounts.models import AuditEntry
from processing.actions.presets import save_preset
from processing.models import Preset
from processing.operations.presets import PRESETS
from processing.queries.presets import preset_parameters
from tests.support.cast import Cast

As = Callable[[Actor], Client]


def test_all_built_in_presets_are_shown(cast: Cast, as_: As) -> None:
    page = as_(cast.victor).get("/presets/").content.decode()
    for spec in PRESETS.values():
        assert spec.title in page
        assert spec.slug in page
    assert "New preset" not in page


def test_a_copy_is_saved_and_can_be_used(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    form = client.get("/presets/new/?from=amazon-main").context["form"]
    assert form["width"].value() == "2000"
    answer = client.post("/presets/new/", {"title": "My shop", "width": "800", "height": "800", "margin": "10"})
    assert answer.status_code == 302
    saved = preset_parameters(cast.alice, "my-shop", operation="process")
    assert (saved["width"], saved["height"], saved["margin"]) == ("800", "800", 0.1)
    assert AuditEntry.objects.of(cast.alice).filter(action="preset.created").count() == 1


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(cast: Cast, as_: As) -> None:
    client = as_(cast.bob)
    answer = client.post("/presets/new/", {"title": "", "width": "huge", "background": "red"})
    assert answer.status_code == 400
    form = answer.context["form"]
    assert form["width"].value() == "huge"
    assert set(form.errors) == {"title"}
    answer = client.post("/presets/new/", {"title": "Mine", "width": "huge", "background": "red"})
    assert set(answer.context["form"].errors) == {"width", "background"}
    assert not Preset.unscoped.exists()


def test_names_are_taken_once(cast: Cast, as_: As) -> None:
    client = as_(cast.alice)
    save_preset(cast.alice, title="Mine", parameters={"width": 10})
    for title in ("Mine", "Amazon main"):
        answer = client.post("/presets/new/", {"title": title, "width": "20"})
        assert set(answer.context["form"].errors) == {"title"}
    save_preset(cast.charlie, title="Mine", parameters={"width": 30})
    assert preset_parameters(cast.alice, "mine", operation="process") == {"width": 10}


def test_strangers_and_viewers_change_nothing(cast: Cast, as_: As) -> None:
    preset = save_preset(cast.alice, title="Mine", parameters={"width": 10})
    for actor, status in ((cast.charlie, 404), (cast.victor, 403)):
        client = as_(actor)
        assert client.get(f"/presets/{preset.pk}/").status_code == status
        assert client.post(f"/presets/{preset.pk}/", {"title": "Theirs"}).status_code == status
        assert client.post(f"/presets/{preset.pk}/delete/").status_code == status
    preset.refresh_from_db()
    assert preset.title == "Mine"
    assert as_(cast.bob).post(f"/presets/{preset.pk}/delete/").status_code == 302
    assert not Preset.unscoped.exists()
