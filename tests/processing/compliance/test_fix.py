"""The plan is carried out and its image judged again."""

from __future__ import annotations

import pytest
from _pytest.mark.structures import ParameterSet
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from processing.compliance.facts import PictureFacts
from processing.compliance.finding import Report
from processing.compliance.fix import FixPlan, plan
from processing.compliance.judge import judge, look
from processing.compliance.profiles import find
from processing.engines.base import Engine
from processing.engines.grabcut import GrabCutEngine
from processing.imaging.arrays import RGB, Mask
from processing.imaging.limits import Limits
from processing.operations import registry
from tests.support.listing_photos import TODAY, jpeg, listing, png, saved
from tests.support.operation_run import Run

GREY = (226, 228, 230)


class Surroundings(Run):
    """Runs the operation with any engine."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.given = engine

    def engine(self, name: str | None) -> Engine:
        return self.given


class MeasuredSubject:
    """Cuts out what the compliance engine took for the product, as a network would."""

    name, runtime = "measured", "numpy"

    def mask(self, rgb: RGB) -> Mask:
        subject = look(png(Image.fromarray(rgb)), Limits()).subject
        assert subject is not None
        mask: Mask = (subject.alpha / 255).astype("float32")
        return mask


def planned(data: bytes, marketplace: str, **looking: object) -> tuple[Report, FixPlan]:
    picture = look(data, Limits(), **looking)  # type: ignore[arg-type]
    profile = find(marketplace)
    report = judge(picture, profile, TODAY)
    facts = PictureFacts.from_json(picture.facts.to_json())
    return report, plan(report, facts, profile)


def carried_out(data: bytes, steps: FixPlan, engine: Engine) -> bytes:
    for name, parameters in steps.steps:
        operation = registry.find(name)
        data = operation.run(data, operation.merge({}, parameters), Surroundings(engine)).data
    return data


def slow(*marketplaces: str) -> list[ParameterSet]:
    return [pytest.param(name, marks=pytest.mark.slow) for name in marketplaces]


@pytest.mark.parametrize(
    "marketplace", ["amazon", "google", *slow("shopify", "woocommerce", "ebay", "etsy", "walmart")]
)
def test_a_small_product_on_grey_in_a_weak_jpeg_passes_afterwards(marketplace: str) -> None:
    data = jpeg(listing((2400, 2000), fill=0.8, backdrop=GREY), 80)
    before, steps = planned(data, marketplace)
    if before.verdict != "pass":
        assert len(steps.steps) == 1
    after, rest = planned(carried_out(data, steps, GrabCutEngine()), marketplace)
    assert (after.verdict, after.open) == ("pass", ())
    assert rest == FixPlan()


def cut_out(size: tuple[int, int]) -> bytes:
    image = listing(size, fill=0.5)
    difference = image.convert("L").point(lambda level: 255 if level < 250 else 0)
    image.putalpha(difference)
    return png(image)


@pytest.mark.parametrize("marketplace", ["amazon", *slow("walmart")])
def test_a_transparent_cut_out_is_flattened(marketplace: str) -> None:
    data = cut_out((2600, 2600))
    before, steps = planned(data, marketplace)
    assert before.verdict == "fail"
    after, _ = planned(carried_out(data, steps, GrabCutEngine()), marketplace)
    assert after.verdict == "pass"


def test_wrong_format_and_colours_are_written_anew() -> None:
    data = saved(listing((2000, 2000), fill=0.88).convert("CMYK"), "TIFF")
    before, steps = planned(data, "walmart")
    assert {finding.key for finding in before.open} >= {"format", "colour_mode", "colour_profile"}
    after, _ = planned(carried_out(data, steps, GrabCutEngine()), "walmart")
    assert after.verdict != "fail"


def test_text_and_frame_go_with_the_background() -> None:
    image = listing((1800, 1800), fill=0.75)
    draw = ImageDraw.Draw(image)
    draw.text((60, 50), "SUMMER SALE", (190, 20, 30), ImageFont.load_default(100))
    draw.rectangle((0, 0, 1799, 1799), outline=(10, 10, 10), width=14)
    data = jpeg(image)
    before, steps = planned(data, "amazon")
    assert {finding.key for finding in before.open} >= {"text", "frame", "background"}
    after, _ = planned(carried_out(data, steps, MeasuredSubject()), "amazon")
    assert (after.verdict, after.open) == ("pass", ())


def test_nothing_is_scaled_up_where_that_is_forbidden() -> None:
    data = jpeg(listing((1000, 1000), fill=0.6))
    _, steps = planned(data, "google")
    assert "size_best" in dict(steps.cannot)
    assert "scaling up" in dict(steps.cannot)["size_best"]
    ((name, parameters),) = steps.steps
    operation = registry.find(name)
    result = operation.run(data, operation.merge({}, parameters), Surroundings(GrabCutEngine()))
    assert result.scale <= 1.0


def test_too_small_is_filled_up_with_canvas_for_google_and_refused_for_amazon() -> None:
    data = jpeg(listing((480, 480), fill=0.88))
    _, google = planned(data, "google")
    ((_, parameters),) = google.steps
    assert parameters["width"] == parameters["height"]
    assert 500 <= int(str(parameters["width"])) <= 510
    tiny = jpeg(listing((200, 200), fill=0.88))
    _, amazon = planned(tiny, "amazon")
    assert "use a larger photo" in dict(amazon.cannot)["size"]
    assert not amazon.steps


@pytest.mark.parametrize(
    ("key", "words"), [("cut_off", "cuts the product off"), ("sharpness", "sharper"), ("placeholder", "no product")]
)
def test_what_cannot_be_mended_is_said(key: str, words: str) -> None:
    image = listing((1600, 1600), fill=0.9)
    if key == "cut_off":
        image = image.crop((0, 300, 1600, 1600))
    elif key == "sharpness":
        image = image.filter(ImageFilter.GaussianBlur(6))
    else:
        image = Image.new("RGB", (1600, 1600), GREY)
    _, steps = planned(jpeg(image), "google")
    assert words in dict(steps.cannot)[key]


def test_nothing_to_do_is_an_empty_plan() -> None:
    report, steps = planned(jpeg(listing((2200, 2200), fill=0.88)), "walmart")
    assert report.open == ()
    assert steps == FixPlan()


def test_a_lost_background_is_said_where_it_is_not_asked_for() -> None:
    _, steps = planned(jpeg(listing((2048, 1500))), "shopify")
    assert "background goes" in steps.notes[0]
    _, steps = planned(jpeg(listing((2200, 2000))), "walmart")
    assert steps.notes == ()
