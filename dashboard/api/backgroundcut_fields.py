"""The fields of `POST /v3/tools/ai/remove-bg/process/`, and how they become parameters of a job."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from accounts.kit.errors import FieldError, InvalidInput
from dashboard.api.problems import Problems
from processing.imaging.colors import TRANSPARENT, parse_color
from processing.operations.cut_variants import MAX_VARIANTS, Variant
from processing.operations.output_size import MAX_PIXELS
from processing.operations.picture_fields import no_boolean
from processing.operations.process import Edges
from processing.operations.validate import problem, validate
from processing.space_path import LONGEST, clean

_PATH: dict[str, Any] = {"maxLength": LONGEST}
_ENDINGS: dict[str, Literal["jpg", "png", "webp"]] = {"jpg": "jpg", "jpeg": "jpg", "png": "png", "webp": "webp"}
# Endings of images that are not made here: a path that names one is a mistake better told than guessed.
_OTHER_ENDINGS = {"avif", "gif", "bmp", "tif", "tiff", "heic", "heif", "svg"}
_EDGES: dict[str | None, Edges] = {"low": "fast", "medium": "fine", "high": "fine", None: "fine"}


class VariantFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    output_file_path: str | None = Field(
        None,
        description="Where the image goes in the file space; a file that is there gives way.",
        examples=["my-project/result.png"],
        json_schema_extra=_PATH,
    )
    output_key: str | None = Field(None, description="The newer spelling of output_file_path.", json_schema_extra=_PATH)
    format: Literal["png", "jpg", "jpeg", "webp"] | None = Field(
        None,
        description="File format. Without it, what the path ends in, else png. One that contradicts the path's ending "
        "is refused.",
        examples=["png"],
    )
    max_resolution: Annotated[int, BeforeValidator(no_boolean), Field(ge=1, le=MAX_PIXELS)] | None = Field(
        None, description="The most pixels (width times height) that the image has. Default 12000000."
    )
    quality: Literal["low", "medium", "high"] | None = Field(
        None,
        description="How closely the outline is looked at: low saves time; medium and high are equally careful. "
        "Default high.",
    )
    background_color: str | None = Field(
        None,
        description="A colour in hex such as #ffffff, or transparent (not in a jpg). Without it: white in a jpg, else "
        "transparent.",
        examples=["#ffffff"],
    )
    output_compression: Annotated[int, BeforeValidator(no_boolean), Field(ge=1, le=100)] | None = Field(
        None, description="Quality of jpg and webp, 1 (smallest file) to 100. No effect on png. Default 85."
    )
    autocrop: bool | None = Field(
        None, description="Cuts the image down to the product, before max_resolution. Default false."
    )

    @field_validator("background_color")
    @classmethod
    def _is_a_color(cls, color: str | None) -> str | None:
        text = (color or "").strip().lower()
        if text in ("", TRANSPARENT):
            return text or None
        try:
            parse_color(text := text if text.startswith("#") else f"#{text}")
        except ValueError:
            raise problem("background_color must be a colour in hex, such as #ffffff, or transparent.") from None
        return text

    @property
    def path(self) -> str:
        """In whichever spelling. Raises InvalidInput."""
        if (self.output_file_path is None) == (self.output_key is None):
            raise InvalidInput("output_file_path must be there, once.", field="output_file_path")
        name = "output_key" if self.output_file_path is None else "output_file_path"
        return clean(getattr(self, name), name)

    def as_variant(self, path: str) -> Variant:
        """What it asks for, as the operation knows it. Raises InvalidInput."""
        ending = path.rpartition("/")[2].rpartition(".")[2].lower() if "." in path.rpartition("/")[2] else ""
        by_path = _ENDINGS.get(ending)
        chosen = _ENDINGS[self.format] if self.format else by_path or "png"
        if ending in _OTHER_ENDINGS or (by_path and by_path != chosen):
            raise InvalidInput(
                f"format is {chosen}, and the path ends in .{ending}." if by_path else
                f"The path ends in .{ending}; images are made as png, jpg or webp.",
                field="format",
            )  # fmt: skip
        if chosen == "jpg" and self.background_color == TRANSPARENT:
            raise InvalidInput("background_color cannot be transparent in a jpg.", field="background_color")
        return Variant(
            format=chosen,
            edges=_EDGES[self.quality],
            background=self.background_color or "",
            autocrop=bool(self.autocrop),
            **({"max_pixels": self.max_resolution} if self.max_resolution else {}),
            **({"quality": self.output_compression} if self.output_compression else {}),
        )


class ProcessFields(BaseModel):
    model_config = ConfigDict(extra="forbid")

    input_file_path: str | None = Field(
        None,
        title="Input file",
        description="The photo's path in the file space.",
        examples=["my-project/photo.jpg"],
        json_schema_extra=_PATH,
    )
    input_key: str | None = Field(
        None,
        title="Input key",
        description="The newer spelling of input_file_path; then output_key goes with it.",
        json_schema_extra=_PATH,
    )
    # Checked one by one, so that what is wrong is told with its place in the list.
    output_variants: Annotated[
        list[Any],
        WithJsonSchema(
            {
                "type": "array",
                "items": VariantFields.model_json_schema(),
                "minItems": 1,
                "maxItems": MAX_VARIANTS,
            }
        ),
    ] = Field(title="Output variants", description=f"What is made of the cut, at most {MAX_VARIANTS} images.")

    @field_validator("output_variants")
    @classmethod
    def _are_some(cls, variants: list[Any]) -> list[Any]:
        if not 1 <= len(variants) <= MAX_VARIANTS:
            raise problem(f"output_variants must be a list of 1 to {MAX_VARIANTS} images.")
        return variants


class Wanted:
    """A call as it was meant: where the photo is, what is made of it, where it goes."""

    def __init__(self, fields: ProcessFields) -> None:
        """Raises InvalidInput that names everything that is wrong."""
        problems = Problems()
        self.by_key = fields.input_key is not None
        self.source = ""
        self.variants: dict[str, Variant] = {}
        with problems.gather():
            self.source = input_path(fields.input_file_path, fields.input_key)
        for number, given in enumerate(fields.output_variants, 1):
            with problems.gather():
                self._add(number, given)
        problems.refuse()

    def _add(self, number: int, given: object) -> None:
        try:
            if not isinstance(given, dict):
                raise InvalidInput('it must be an object such as {"output_file_path": "my-project/result.png"}.')
            fields = validate(VariantFields, given)
            path = fields.path
            if self.by_key != (fields.output_key is not None):
                raise InvalidInput("output_file_path goes with input_file_path, and output_key with input_key.")
            if path in self.variants:
                raise InvalidInput(f"{path[:200]} is the path of two images.")
            self.variants[path] = fields.as_variant(path)
        except InvalidInput as error:
            sentence = f"Output variant {number}: {error.detail}"
            raise InvalidInput(sentence, errors=(FieldError("output_variants", sentence),)) from None


def input_path(file_path: str | None, key: str | None) -> str:
    """The path of the photo in either spelling. Raises InvalidInput."""
    if (file_path is None) == (key is None):
        raise InvalidInput("input_file_path must be there, once.", field="input_file_path")
    return clean(file_path, "input_file_path") if file_path is not None else clean(key or "", "input_key")
