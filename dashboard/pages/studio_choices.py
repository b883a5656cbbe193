"""What is chosen in the Studio: preset, parameters, background, label. It lives in the session, over reloads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput, NotFound
from dashboard.pages.studio_values import VALUES, describe, given_values, shown_values, to_parameters
from processing.actions.studio import Recipe
from processing.models import Asset
from processing.operations.presets import PRESETS
from processing.operations.process import SIDE_MARGINS, ProcessParameters, merge
from processing.queries.assets import asset as find_asset
from processing.queries.download_names import DEFAULT_TEMPLATE
from processing.queries.presets import preset_parameters

_FIRST_PRESET = next(iter(PRESETS))
_LONGEST_LABEL = 200


@dataclass(slots=True)
class Choices:
    """`values`: the form as it was filled in, wrong answers included. `recipe`: what they mean, None while wrong."""

    preset: str
    values: dict[str, str]
    label: str = ""
    names: str = DEFAULT_TEMPLATE
    background: Asset | None = None
    errors: dict[str, str] = field(default_factory=dict)
    recipe: Recipe | None = None

    @property
    def changed(self) -> bool:
        """Something differs from the preset."""
        return self.recipe is None or bool(self.recipe.explicit) or self.recipe.background is not None

    def save(self, request: HttpRequest, actor: Actor) -> None:
        kept = {
            "preset": self.preset,
            "values": self.values,
            "label": self.label,
            "names": self.names,
            "background": str(self.background.pk) if self.background else "",
        }
        if request.session.get(_key(actor)) != kept:
            request.session[_key(actor)] = kept


def load(request: HttpRequest, actor: Actor) -> Choices:
    """The choices as they were left."""
    kept = request.session.get(_key(actor), {})
    return _choices(
        actor,
        preset=str(kept.get("preset", "")),
        values=kept.get("values"),
        label=str(kept.get("label", "")),
        names=str(kept.get("names", "")),
        background=str(kept.get("background", "")),
    )


def read(request: HttpRequest, actor: Actor) -> Choices:
    """The choices of the form that was sent. Another preset than the one shown brings its own parameters."""
    form: QueryDict = request.POST
    fresh = form.get("preset") != form.get("shown_preset") or "reset" in form
    return _choices(
        actor,
        preset=form.get("preset", ""),
        values=None if fresh else given_values(form),
        label=form.get("label", ""),
        names=form.get("names", ""),
        background="" if fresh else form.get("background", ""),
    )


def _choices(
    actor: Actor, *, preset: str, values: Mapping[str, str] | None, label: str, names: str, background: str
) -> Choices:
    try:
        own = preset_parameters(actor, preset, operation="process")
    except InvalidInput:  # deleted since, or never chosen
        preset, values = _FIRST_PRESET, None
        own = dict(PRESETS[preset].parameters)
    base = merge(own, {})
    filled = {name: str((values or {}).get(name, "")) for name in VALUES} if values else shown_values(base)
    choices = Choices(preset, filled, label, names or DEFAULT_TEMPLATE, _background(actor, background))
    if len(" ".join(label.split())) > _LONGEST_LABEL:
        choices.errors["label"] = gettext("Use at most {longest_label} characters.").format(
            longest_label=_LONGEST_LABEL
        )
    try:
        choices.recipe = _recipe(choices, own, base)
    except InvalidInput as error:
        choices.errors |= describe(error)
    if choices.errors:
        choices.recipe = None
    return choices


def _recipe(choices: Choices, own: Mapping[str, Any], base: ProcessParameters) -> Recipe:
    background = choices.background if choices.values["bg"] == "image" else None
    if choices.values["bg"] == "image" and background is None:
        raise InvalidInput(gettext("Choose the image that goes behind the product."), field="background")
    answers = to_parameters(choices.values)
    merged = merge(own, answers, background_image=background is not None, max_pixels=settings.MAX_IMAGE_PIXELS)
    return Recipe(
        parameters=merged.model_dump(mode="json", by_alias=True, exclude_none=True),
        preset=choices.preset,
        explicit=_differences(answers, base, merged),
        background=background,
        label=choices.label,
    )


def _differences(answers: Mapping[str, Any], base: ProcessParameters, merged: ProcessParameters) -> dict[str, Any]:
    names = {info.alias or name: name for name, info in ProcessParameters.model_fields.items()}
    different = {alias for alias in answers if getattr(base, names[alias]) != getattr(merged, names[alias])}
    margins = {"margin", *SIDE_MARGINS}
    if different & margins:  # a margin of one's own takes the preset's sides away, so they go together
        different |= margins
    return {alias: value for alias, value in answers.items() if alias in different}


def _background(actor: Actor, text: str) -> Asset | None:
    try:
        return find_asset(actor, uuid.UUID(text)) if text else None
    except (ValueError, NotFound):  # deleted since
        return None


def _key(actor: Actor) -> str:
    return f"studio-{actor.organization.pk}"
