"""What was filled in on the edit page: parameters, and the image behind the product where one may come."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput, NotFound, PackshotError
from dashboard.pages.studio_photos import checked_bytes
from dashboard.parameter_form import ParameterField, add_errors, given, parameter_form, start
from dashboard.parameter_groups import Group, grouped
from processing.actions.assets import save_upload
from processing.models import Asset
from processing.operations.base import Operation
from processing.operations.preview import Previewed
from processing.queries.assets import asset as find_asset


@dataclass(slots=True)
class EditForm:
    """`parameters`: what to submit; None while something is wrong. `refusal`: of the image behind the product.

    `ready`: untouched, and the usual values alone make an image.
    """

    operation: Operation[Any]
    form: forms.Form
    background: Asset | None = None
    parameters: Mapping[str, Any] | None = None
    refusal: str = ""
    ready: bool = False

    @property
    def groups(self) -> list[Group]:
        return grouped(self.form, without=_names(self.form, image="with", of_batch=True))

    @property
    def with_image(self) -> list[forms.BoundField]:
        """Fields that belong to the image behind the product."""
        return [self.form[name] for name in _names(self.form, image="with")]

    @property
    def shown(self) -> list[forms.BoundField]:
        """The fields that stand on the page."""
        fields = [field for group in self.groups for field in group.fields]
        return fields + (self.with_image if self.background else [])

    @property
    def previewed(self) -> bool:
        return isinstance(self.operation, Previewed)

    @property
    def wrong(self) -> bool:
        return bool(self.refusal or self.form.errors)

    def check(self, size: tuple[int, int]) -> None:
        """Puts what is wrong with the parameters, for an image of that size, beside their fields."""
        behind = self.background is not None
        left_out = _names(self.form, image="with" if not behind else "instead")
        answers = {name: value for name, value in given(self.form).items() if name not in left_out}
        try:
            merged = self.operation.merge({}, answers, background_image=behind, max_pixels=settings.MAX_IMAGE_PIXELS)
            self.operation.check(merged, size, max_pixels=settings.MAX_IMAGE_PIXELS)
        except InvalidInput as error:
            add_errors(self.form, error)
            return
        if not self.refusal:
            self.parameters = answers


def fresh(operation: Operation[Any]) -> EditForm:
    """With the usual values."""
    usual = start(operation.Parameters)
    try:
        operation.merge({}, usual)
    except InvalidInput:  # something must be filled in first, such as a text
        ready = False
    else:
        ready = True
    return EditForm(operation, parameter_form(operation.Parameters, values=usual), ready=ready)


def as_made(operation: Operation[Any], parameters: Mapping[str, Any], background: Asset | None) -> EditForm:
    """As a job was submitted with."""
    return EditForm(operation, parameter_form(operation.Parameters, values=parameters), background)


def sent(request: HttpRequest, actor: Actor, operation: Operation[Any]) -> EditForm:
    """As it was filled in. A file is kept at once, so that it is not lost where something else is wrong."""
    data: QueryDict = request.POST
    found = EditForm(operation, parameter_form(operation.Parameters, data=data))
    given(found.form)
    if operation.takes_background and "no_background" not in data:
        found.background = _kept(actor, data.get("background", ""))
        file = request.FILES.get("backgroundImage")
        if file is not None:
            try:
                found.background = save_upload(actor, data=checked_bytes(file), name=file.name or "background")
            except PackshotError as error:
                found.refusal = error.detail
    return found


def _kept(actor: Actor, text: str) -> Asset | None:
    try:
        return find_asset(actor, uuid.UUID(text)) if text else None
    except (ValueError, NotFound):  # deleted since
        return None


def _names(form: forms.Form, *, image: str, of_batch: bool = False) -> list[str]:
    return [
        name
        for name, field in form.fields.items()
        if isinstance(field, ParameterField) and (field.control.image == image or (of_batch and field.control.of_batch))
    ]
