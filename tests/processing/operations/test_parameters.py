"""What the fields of `process` accept, what they refuse and in which words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from accounts.kit.errors import InvalidInput
from processing.operations.output_size import OutputTooLarge
from processing.operations.presets import PRESETS
from processing.operations.process import ProcessParameters, check_output, merge


def _refused(given: dict[str, object], **more: bool) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        merge({}, given, **more)
    return {error.field: error.detail for error in caught.value.errors}


def test_everything_can_come_from_a_form() -> None:
    parameters = merge(
        {},
        {
            "width": "800",
            "height": " 600 ",
            "margin": "0.05",
            "marginTop": "0",
            "align": "bottom",
            "format": "webp",
            "jpegQuality": "80",
            "background": "#FFF:#e5e5e5",
            "gradientDirection": "diagonal-bl-tr",
            "shadow": "contact",
            "output": "image",
            "model": "isnet-general-use",
            "edges": "fast",
            "sameScale": "true",
        },
    )
    assert (parameters.width, parameters.height, parameters.jpeg_quality) == (800, 600, 80)
    assert parameters.margins == (0.0, 0.05, 0.05, 0.05)
    assert parameters.background == "#fff:#e5e5e5"
    assert parameters.same_scale is True
    assert merge({}, parameters.model_dump(by_alias=True)) == parameters


def test_the_defaults() -> None:
    parameters = merge({}, {})
    assert (parameters.format, parameters.jpeg_quality, parameters.background) == ("jpg", 92, "#ffffff")
    assert (parameters.align, parameters.shadow, parameters.output) == ("center", "none", "image")
    assert parameters.gradient_direction == "vertical"
    assert parameters.margins is None


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("width", "0", "a whole number from 1 to 10000"),
        ("width", "10001", "a whole number from 1 to 10000"),
        ("width", "ten", "a whole number from 1 to 10000"),
        ("width", "", "a whole number from 1 to 10000"),
        ("height", 12.5, "a whole number from 1 to 10000"),
        ("height", True, "a whole number from 1 to 10000"),
        ("margin", "0.5", "a number from 0 to 0.49"),
        ("margin", "-0.1", "a number from 0 to 0.49"),
        ("marginLeft", "nan", "a number from 0 to 0.49"),
        ("marginLeft", [0.1], "a number from 0 to 0.49"),
        ("jpegQuality", "101", "a whole number from 1 to 100"),
        ("format", "gif", "jpg, png, webp or avif"),
        ("output", "both", "image or mask"),
        ("shadow", "hard", "none, contact, drop or reflection"),
        ("align", "centre", "center, bottom, top, left or right"),
        ("edges", "sharp", "fast or fine"),
        ("sameScale", "perhaps", "true or false"),
        ("background", 7, "text"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_wanted(field: str, value: object, wanted: str) -> None:
    assert _refused({field: value}) == {field: f"{field} must be {wanted}."}


@pytest.mark.parametrize("background", ["red", "#12345", "#fff:", "#fff:#000:#fff", "", "transparent:#fff"])
def test_a_wrong_background_is_explained(background: str) -> None:
    assert "such as #ffffff" in _refused({"background": background})["background"]


def test_an_unknown_field_is_named_and_a_close_one_offered() -> None:
    found = _refused({"widht": "800", "colour": "red"})
    assert found["widht"] == "There is no field widht. Did you mean width?"
    assert found["colour"].startswith("There is no field colour.")


def test_an_unknown_model_is_refused_with_the_names_there_are() -> None:
    assert "isnet-general-use" in _refused({"model": "photoshop"})["model"]


def test_all_wrong_fields_are_told_at_once() -> None:
    assert set(_refused({"width": "x", "margin": 2, "format": "gif", "foo": 1})) == {"width", "margin", "format", "foo"}


def test_width_and_height_share_a_limit() -> None:
    assert merge({}, {"width": 10000, "height": 5000}).width == 10000
    assert "50.01 megapixels" in _refused({"width": 10000, "height": 5001})["height"]
    with pytest.raises(InvalidInput, match="at most 1 are possible"):
        merge({}, {"width": 1001, "height": 1000}, max_pixels=1_000_000)


def test_jpg_cannot_be_transparent_but_its_mask_can() -> None:
    assert "png, webp or avif" in _refused({"background": "transparent"})["background"]
    assert "background" in _refused({"background": "Transparent", "format": "jpg"})
    assert merge({}, {"background": "transparent", "format": "png"}).background == "transparent"
    assert merge({}, {"background": "transparent", "output": "mask"}).format == "jpg"


def test_explicit_fields_win_over_a_preset() -> None:
    preset = PRESETS["amazon-main"].parameters
    parameters = merge(preset, {"height": "900", "format": "png", "background": "transparent"})
    assert (parameters.width, parameters.height, parameters.margin) == (2000, 900, 0.05)
    assert (parameters.format, parameters.background) == ("png", "transparent")


def test_a_preset_may_use_either_spelling() -> None:
    assert merge({"jpeg_quality": 40}, {"jpegQuality": "70"}).jpeg_quality == 70
    assert merge({"jpegQuality": 40}, {"jpeg_quality": "70"}).jpeg_quality == 70


def test_an_explicit_margin_replaces_the_side_margins_of_a_preset() -> None:
    preset: dict[str, object] = {"margin": 0.1, "marginBottom": 0.3}
    assert merge(preset, {"margin": "0.2"}).margins == (0.2,) * 4
    assert merge(preset, {"marginTop": "0"}).margins == (0, 0.1, 0.3, 0.1)
    assert merge(preset, {"margin": None}).margins is None


def test_a_background_image_goes_before_the_presets_background() -> None:
    cutout: dict[str, object] = {"background": "transparent", "format": "png"}
    assert merge(cutout, {"format": "jpg"}, background_image=True).background == "#ffffff"
    assert merge({}, {"background": "#000000"}, background_image=True).background == "#000000"
    assert "background image" in _refused(cutout, background_image=True)["background"]
    assert "background image" in _refused({"background": " Transparent"}, background_image=True)["background"]


def test_one_side_alone_is_checked_against_the_photo() -> None:
    check_output(merge({}, {"width": 5000}), (3000, 2000), max_pixels=50_000_000)
    with pytest.raises(OutputTooLarge) as caught:
        check_output(merge({}, {"width": 9000}), (2000, 3000), max_pixels=50_000_000)
    assert caught.value.field == "width"
    assert "9000 × 13500" in caught.value.detail
    with pytest.raises(OutputTooLarge):
        check_output(merge({}, {"format": "webp"}), (20_000, 1000), max_pixels=50_000_000)


def test_every_field_explains_itself() -> None:
    for name, info in ProcessParameters.model_fields.items():
        assert info.title, name
        assert info.description, name
        assert info.description.endswith("."), name
        assert info.examples, name
        for example in info.examples:
            more = {"format": "png"} if example == "transparent" else {}
            assert merge({}, {name: example} | more)


def test_parameters_are_read_without_numpy() -> None:
    """The web process shows forms and prices; it never loads what only a worker needs."""
    code = (
        "import sys; import processing.operations.registry, processing.operations.presets;"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'cv2', 'onnxruntime', 'rembg')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
