"""Several operations one after the other: each works on what the one before has made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from accounts.kit.errors import InvalidInput, NotFound, PackshotError
from processing.imaging.placement import Size
from processing.operations.base import Context, Operation, Result
from processing.operations.validate import problem, validate

MAX_STEPS = 10


def _read(value: object) -> object:
    """Forms send the list as JSON text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise problem('steps must be a JSON list, such as [{"operation": "process"}].') from None


class Step(BaseModel):
    """One operation with its parameters. A built-in preset's parameters stand under the own ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    operation: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    preset: str = ""


class RecipeParameters(BaseModel):
    """The steps, each with all of its parameters. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: Annotated[tuple[Step, ...], BeforeValidator(_read)] = Field(
        title="Steps",
        description="What is done, in this order: a list of {operation, parameters, preset}, at most "
        f"{MAX_STEPS} of them. A step works on what the step before has made; only the last one's format counts. "
        "preset names a built-in preset of that operation. Forms send the list as JSON text.",
        examples=[[{"operation": "process", "preset": "amazon-main"}]],
    )

    @field_validator("steps", mode="before")
    @classmethod
    def _are_known(cls, value: object) -> object:
        given = _read(value)
        if not isinstance(given, Sequence) or isinstance(given, str) or not 1 <= len(given) <= MAX_STEPS:
            raise problem(f"steps must be a list of 1 to {MAX_STEPS} operations.")
        return [_step(index, each) for index, each in enumerate(given, 1)]


class Recipe:
    """`operation=recipe` of `POST /api/v1/jobs`."""

    name: ClassVar[str] = "recipe"
    title: ClassVar[str] = "Recipe"
    verb: ClassVar[str] = "Run a recipe"
    path: ClassVar[str] = ""
    summary: ClassVar[str] = "Run a recipe"
    description: ClassVar[str] = "Runs several operations one after the other."
    examples: ClassVar[Mapping[str, Mapping[str, object]]] = {
        "Place, then mark": {
            "steps": [{"operation": "process", "preset": "shopify-square"}, {"operation": "remove_background"}]
        }
    }
    photo: ClassVar[Literal["required", "optional"]] = "required"
    takes_background: ClassVar[bool] = True
    takes_preset: ClassVar[bool] = True
    cost: ClassVar[int] = 1
    scope: ClassVar[str] = "images:write"
    Parameters = RecipeParameters

    def merge(
        self,
        preset: Mapping[str, object],
        given: Mapping[str, object],
        *,
        background_image: bool = False,
        max_pixels: int | None = None,
    ) -> RecipeParameters:
        parameters = validate(RecipeParameters, {**preset, **given}, max_pixels=max_pixels)
        steps = [_operation(step) for step in parameters.steps]
        if background_image and not any(operation.takes_background for operation in steps):
            raise InvalidInput("None of the steps takes a background image.", field="backgroundImage")
        for index, (operation, step) in enumerate(zip(steps, parameters.steps, strict=True), 1):
            background = background_image and operation is _first_with_background(steps)
            try:
                operation.merge({}, step.parameters, background_image=background, max_pixels=max_pixels)
            except PackshotError as error:
                raise InvalidInput(_told(index, operation.name, error.detail), field="steps") from None
        return parameters

    def price(self, parameters: Mapping[str, Any]) -> int:
        """What the steps cost together, in credits."""
        return sum(_operation(step).cost for step in RecipeParameters.model_validate(parameters).steps)

    def size(self, parameters: RecipeParameters, source_size: Size) -> Size | None:
        size: Size | None = source_size
        for step in parameters.steps:
            if size is None:
                return None
            operation = _operation(step)
            size = operation.size(operation.Parameters.model_validate(step.parameters), size)
        return size

    def check(self, parameters: RecipeParameters, source_size: Size, *, max_pixels: int) -> None:
        """As far as sizes are known: each step asks again when it runs."""
        for index, step in enumerate(parameters.steps, 1):
            operation = _operation(step)
            own = operation.Parameters.model_validate(step.parameters)
            try:
                operation.check(own, source_size, max_pixels=max_pixels)
            except PackshotError as error:
                error.detail = _told(index, operation.name, error.detail)
                raise
            size = operation.size(own, source_size)
            if size is None:
                return
            source_size = size

    def run(self, source: bytes, parameters: RecipeParameters, context: Context) -> Result:
        from processing.operations.work.recipe import run  # numpy and OpenCV: workers only

        steps = [(_operation(step), step.parameters) for step in parameters.steps]
        return run(source, steps, context)

    def measure(self, source: bytes, parameters: RecipeParameters, context: Context) -> float:
        return 1.0  # each step fits its own canvas; there is no scale to share


def steps_of(parameters: Mapping[str, Any]) -> list[Step]:
    """The steps of a saved recipe, each with what it says beyond the defaults; a preset's values are among it.

    A step that is not valid any more, such as with a model that was removed, comes as it was saved.
    """
    steps = cast("list[Any]", _read(parameters.get("steps", [])))
    return [_as_said(index, each) for index, each in enumerate(steps, 1)]


def _as_said(index: int, given: Mapping[str, Any]) -> Step:
    try:
        step = Step.model_validate(_step(index, given))
    except PydanticCustomError:
        return Step.model_validate(given)
    fields = _operation(step).Parameters.model_fields
    usual = {info.alias or name: info.default for name, info in fields.items()}
    own = {name: value for name, value in step.parameters.items() if usual.get(name) != value}
    return step.model_copy(update={"parameters": own})


def _told(index: int, operation: str, detail: str) -> str:
    return f"Step {index}, {operation}: {detail}"


def _step(index: int, given: object) -> dict[str, object]:
    """The step with every parameter in its place. Raises one sentence that says what is wrong with it."""
    if isinstance(given, Step):
        return given.model_dump()
    if not isinstance(given, Mapping) or not isinstance(given.get("operation"), str):
        raise problem(f'Step {index} must be an object with an operation, such as {{"operation": "process"}}.')
    if unknown := sorted(set(map(str, given)) - {"operation", "parameters", "preset"}):
        raise problem(f"Step {index} has no {unknown[0][:80]}: its fields are operation, parameters and preset.")
    own, slug = given.get("parameters", {}), given.get("preset", "")
    if not isinstance(own, Mapping) or not isinstance(slug, str):
        raise problem(f"Step {index}: parameters must be an object, and preset text.")
    try:
        operation = _operation(Step(operation=given["operation"]))
        base = _built_in(slug) if slug else {}
        merged = operation.merge(base, {str(name): value for name, value in own.items()})
    except PackshotError as error:
        raise problem(_told(index, str(given["operation"])[:80], error.detail)) from None
    return {"operation": operation.name, "parameters": merged.model_dump(mode="json", by_alias=True, exclude_none=True)}


def _built_in(slug: str) -> Mapping[str, object]:
    from processing.operations.presets import PRESETS

    if slug not in PRESETS:
        raise NotFound(f"There is no built-in preset {slug[:80]}. There are: {', '.join(PRESETS)}.")
    return PRESETS[slug].parameters


def _operation(step: Step) -> Operation[Any]:
    from processing.operations.registry import find  # it finds this file too

    if step.operation == Recipe.name:
        raise InvalidInput("a recipe cannot be a step of a recipe.")
    return find(step.operation)


def _first_with_background(steps: Sequence[Operation[Any]]) -> Operation[Any] | None:
    return next((operation for operation in steps if operation.takes_background), None)


OPERATION = Recipe()
