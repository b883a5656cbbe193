"""Rules on the pixels, just inside and just outside of each figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from accounts.kit.errors import InvalidImage
from processing.compliance.judge import judge, look
from processing.compliance.profiles import PROFILES, find
from processing.engines.grabcut import GrabCutEngine
from processing.imaging.limits import Limits
from tests.support.listing_photos import TODAY, WHITE, finding, jpeg, judged, listing, png, saved, spotted


def test_a_good_image_passes_everywhere_it_is_large_enough() -> None:
    picture = look(jpeg(listing((2200, 2200), fill=0.88)), Limits())
    verdicts = {slot: judge(picture, profile, TODAY) for slot, profile in PROFILES.items()}
    assert {slot: report.open for slot, report in verdicts.items()} == dict.fromkeys(PROFILES, ())
    assert {report.score for report in verdicts.values()} == {100}


@pytest.mark.parametrize(
    ("level", "share", "status"),
    [
        (252, 0.0009, "pass"),
        (252, 0.0012, "fail"),
        (250, 0.0009, "pass"),
        (0, 0.0012, "fail"),
        (253, 0.0012, "warn"),
        (254, 0.3, "warn"),
        (253, 1.0, "warn"),
        (252, 1.0, "fail"),
        (254, 0.0009, "pass"),
    ],
)
def test_white_is_counted_over_the_whole_background(level: int, share: float, status: str) -> None:
    found = finding(png(spotted(listing((600, 600)), share, level)), "background")
    assert found.status == status
    assert (found.region is None) == (status == "pass")


def test_a_spot_in_the_middle_of_an_edge_is_found_and_shown() -> None:
    image = listing((600, 600), fill=0.86)
    ImageDraw.Draw(image).rectangle((4, 280, 33, 299), fill=(240, 240, 240))
    found = finding(png(image), "background")
    assert (found.status, found.region) == ("fail", (4, 280, 30, 20))


@pytest.mark.parametrize(("distance", "status"), [(7, "pass"), (16, "fail")])
def test_in_a_jpeg_8_pixels_along_the_product_are_not_counted(distance: int, status: str) -> None:
    """A faint line beside the product: inside the band it may be compression's, outside it is seen."""
    image = listing((800, 800), fill=0.87)
    top = (800 - round(0.87 * 800)) // 2 - distance
    ImageDraw.Draw(image).rectangle((200, top, 599, top + 2), fill=(249, 249, 249))
    assert finding(jpeg(image, 100), "background").status == status
    assert finding(png(image), "background").status == "fail"


@pytest.mark.parametrize("quality", [75, 85, 95])
def test_compression_alone_does_not_fail_a_white_background(quality: int) -> None:
    assert finding(jpeg(listing(), quality), "background").status == "pass"


@pytest.mark.parametrize("quality", [75, 90, 95])
@pytest.mark.parametrize("fill", [0.86, 0.9])
def test_colour_that_coarse_storing_smears_beyond_the_band_is_not_counted(quality: int, fill: float) -> None:
    """Most JPEGs store colour at half the resolution, so the product's bleeds out up to a block of 16 pixels."""
    data = saved(listing((600, 600), fill=fill), "JPEG", quality=quality)
    assert finding(data, "background").status == "pass"


def test_what_is_dark_and_not_coloured_counts_there_too() -> None:
    image = listing((800, 800), fill=0.87)
    top = (800 - round(0.87 * 800)) // 2 - 14
    ImageDraw.Draw(image).rectangle((200, top, 599, top + 3), fill=(246, 246, 246))
    assert finding(saved(image, "JPEG", quality=95), "background").status == "fail"


def test_a_products_own_white_print_is_no_background() -> None:
    image = listing((600, 600))
    ImageDraw.Draw(image).rectangle((200, 220, 400, 380), fill=(250, 250, 250))
    assert finding(png(image), "background").status == "pass"


def test_a_shadow_is_not_white() -> None:
    image = listing((800, 800), fill=0.86)
    shadow = Image.new("L", image.size, 0)
    ImageDraw.Draw(shadow).ellipse((150, 730, 650, 780), fill=70)
    shadow = shadow.filter(ImageFilter.GaussianBlur(8))
    shaded = Image.composite(Image.new("RGB", image.size), Image.new("RGB", image.size, WHITE), shadow)
    shaded.paste(image, (0, 0), Image.fromarray((np.array(image.convert("L")) < 250).astype(np.uint8) * 255))
    found = finding(jpeg(shaded), "background")
    assert found.status == "fail"
    assert found.region is not None
    assert found.region[1] > 600


@pytest.mark.parametrize(
    ("marketplace", "backdrop", "status"),
    [("amazon", (225, 226, 228), "fail"), ("walmart", (225, 226, 228), "fail"), ("google", (225, 226, 228), "warn"),
     ("google", WHITE, "pass")],
)  # fmt: skip
def test_a_grey_backdrop(marketplace: str, backdrop: tuple[int, int, int], status: str) -> None:
    assert finding(jpeg(listing(backdrop=backdrop)), "background", marketplace).status == status


def test_a_transparent_background_is_fine_for_google_alone() -> None:
    image = listing((600, 600)).convert("RGBA")
    image.putalpha(Image.fromarray((np.array(image.convert("L")) < 254).astype(np.uint8) * 255))
    assert finding(png(image), "background").status == "fail"
    assert finding(png(image), "background", "google").status == "pass"
    assert finding(png(image), "fill").measured == "90 % of the frame"


@pytest.mark.parametrize(
    ("marketplace", "fill", "status"),
    [
        ("amazon", 0.845, "fail"),
        ("amazon", 0.855, "pass"),
        ("amazon", 0.99, "pass"),
        ("google", 0.745, "warn"),
        ("google", 0.755, "pass"),
        ("google", 0.895, "pass"),
        ("google", 0.905, "warn"),
    ],
)
@pytest.mark.parametrize("writer", [jpeg, png])
def test_fill(marketplace: str, fill: float, status: str, writer: Callable[[Image.Image], bytes]) -> None:
    assert finding(writer(listing(fill=fill)), "fill", marketplace).status == status


@pytest.mark.parametrize(("wide", "words"), [(1699, "84.9 %"), (1700, "85 %"), (1701, "85 %")])
def test_what_is_measured_is_never_rounded_onto_what_it_misses(wide: int, words: str) -> None:
    image = Image.new("RGB", (2000, 300), WHITE)
    ImageDraw.Draw(image).rectangle((150, 100, 149 + wide, 200), fill=(20, 60, 120))
    found = finding(png(image), "fill")
    assert (found.status, found.measured) == ("fail" if wide < 1700 else "pass", f"{words} of the frame")


def test_fill_goes_by_the_longer_direction_of_the_product() -> None:
    image = Image.new("RGB", (900, 600), WHITE)
    ImageDraw.Draw(image).rectangle((45, 250, 854, 349), fill=(20, 60, 120))
    found = finding(png(image), "fill")
    assert (found.status, found.measured) == ("pass", "90 % of the frame")


@pytest.mark.parametrize(("top", "status"), [(0, "warn"), (3, "pass")])
def test_cut_off(top: int, status: str) -> None:
    image = Image.new("RGB", (600, 600), WHITE)
    ImageDraw.Draw(image).rectangle((100, top, 499, 540), fill=(20, 60, 120))
    found = finding(png(image), "cut_off")
    assert found.status == status
    assert ("at the top" in found.detail) == (status == "warn")


@pytest.mark.parametrize(("blur", "status"), [(0.0, "pass"), (1.0, "pass"), (3.5, "warn"), (7.0, "warn")])
def test_sharpness_is_advice(blur: float, status: str) -> None:
    image = listing().filter(ImageFilter.GaussianBlur(blur))
    found = finding(jpeg(image), "sharpness")
    assert (found.status, found.severity) == (status, "recommended")


def test_an_own_profile_can_make_sharpness_binding() -> None:
    own = find("amazon").with_changes({"rules": {"sharpness": {"severity": "required"}}})
    picture = look(jpeg(listing().filter(ImageFilter.GaussianBlur(5))), Limits())
    found = judge(picture, own, TODAY).of("sharpness")
    assert found
    assert found.status == "fail"


def test_google_doubts_a_scaled_up_picture() -> None:
    small = listing((300, 300))
    grown = small.resize((1500, 1500), Image.Resampling.BICUBIC)
    assert finding(jpeg(grown), "enlarged", "google").status == "warn"
    assert finding(jpeg(listing((1500, 1500))), "enlarged", "google").status == "pass"


def framed(size: int, thick: int, inset: int = 0) -> Image.Image:
    image = listing((size, size), fill=0.7)
    ImageDraw.Draw(image).rectangle((inset, inset, size - 1 - inset, size - 1 - inset), outline=(20, 20, 20),
                                    width=thick)  # fmt: skip
    return image


@pytest.mark.parametrize(("thick", "inset"), [(1, 0), (3, 0), (12, 0), (40, 0), (2, 20), (6, 30)])
def test_frame(thick: int, inset: int) -> None:
    data = jpeg(framed(900, thick, inset))
    assert finding(data, "frame").status == "fail"
    assert finding(data, "frame", "ebay").status == "fail"
    assert finding(data, "frame", "google").status == "warn"
    assert judged(data, "walmart").of("frame") is None


@pytest.mark.parametrize(("size", "fill", "quality"), [(600, 0.8, 50), (600, 0.9, 60), (600, 0.86, 40), (700, 0.9, 30)])
def test_the_ripples_of_a_weak_jpeg_are_no_frame(size: int, fill: float, quality: int) -> None:
    report = judged(jpeg(listing((size, size), fill=fill), quality))
    assert {key: found.status for key in ("frame", "text", "watermark") if (found := report.of(key))} == dict.fromkeys(
        ("frame", "text", "watermark"), "pass"
    )
    assert finding(jpeg(framed(900, 2, 20), quality), "frame").status == "fail"


def test_a_rectangular_product_is_no_frame() -> None:
    image = Image.new("RGB", (800, 800), WHITE)
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, 775, 775), fill=(60, 40, 30))
    draw.rectangle((90, 90, 709, 709), fill=(250, 245, 240))
    assert finding(jpeg(image), "frame").status != "fail"
    assert finding(jpeg(listing()), "frame").status == "pass"


def captioned(words: str, *, ink: tuple[int, int, int], height: int, at: tuple[int, int] = (30, 14)) -> Image.Image:
    image = listing(fill=0.8)
    ImageDraw.Draw(image).text(at, words, ink, ImageFont.load_default(height))
    return image


def test_text_beside_the_product_and_not_on_it() -> None:
    data = jpeg(captioned("FREE SHIPPING", ink=(200, 20, 20), height=34))
    found = finding(data, "text")
    assert found.status == "fail"
    assert found.region is not None
    assert found.region[1] < 80
    assert finding(data, "text", "google").status == "fail"
    assert finding(data, "text", "ebay").status == "warn"
    assert finding(jpeg(listing()), "text").status == "pass"


def test_a_faint_mark_is_a_watermark() -> None:
    data = jpeg(captioned("www.shop.example", ink=(215, 215, 215), height=34))
    assert finding(data, "watermark").status == "fail"
    assert finding(data, "watermark", "ebay").status == "fail"
    assert finding(data, "watermark", "walmart").status == "warn"
    assert finding(jpeg(listing()), "watermark").status == "pass"


def test_a_placeholder() -> None:
    blank = Image.new("RGB", (600, 600), (235, 235, 235))
    assert finding(jpeg(blank), "placeholder", "google").status == "warn"
    assert finding(jpeg(listing()), "placeholder", "google").status == "pass"


def scene() -> Image.Image:
    random = np.random.default_rng(3)
    coarse = Image.fromarray(random.integers(30, 220, (12, 12, 3), np.uint8))
    image = coarse.resize((600, 600), Image.Resampling.BICUBIC)
    image.paste(listing((300, 300)).crop((15, 15, 285, 285)), (165, 165))
    return image


def test_a_scene_has_no_white_background_and_its_product_is_not_guessed() -> None:
    for engine in (None, GrabCutEngine()):
        report = judged(jpeg(scene()), engine=engine)
        background, fill = report.of("background"), report.of("fill")
        assert background
        assert background.status == "fail"
        assert fill
        assert (fill.status, fill.measured) == ("warn", "not measured")
        assert report.of("cut_off") is None


def test_where_the_product_is_not_known_its_print_may_be_what_is_read() -> None:
    image = scene()
    ImageDraw.Draw(image).rectangle((60, 20, 539, 119), fill=(245, 245, 245))
    ImageDraw.Draw(image).text((300, 70), "FREE SHIPPING", (20, 20, 20), ImageFont.load_default(52), anchor="mm")
    mask = np.zeros((600, 600), np.float32)
    mask[165:435, 165:435] = 1
    unknown, known = finding(jpeg(image), "text"), finding(jpeg(image), "text", mask=mask)
    assert (unknown.status, unknown.confidence) == ("warn", 0.5)
    assert known.status == "fail"


def test_a_known_mask_is_taken_at_its_word() -> None:
    mask = np.zeros((60, 60), np.float32)
    mask[3:57, 20:40] = 1
    found = finding(jpeg(scene()), "fill", mask=mask)
    assert (found.status, found.confidence) == ("pass", 1.0)
    assert found.measured == "90 % of the frame"


def test_what_is_no_image_is_refused() -> None:
    with pytest.raises(InvalidImage):
        look(saved(listing((64, 64)), "PNG")[:20] + b"nonsense" * 20, Limits())
