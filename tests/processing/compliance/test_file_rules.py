"""Rules on the file and its size, just inside and just outside of each figure."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from processing.imaging.profiles import adobe_rgb_profile
from tests.support.image_files import animation
from tests.support.listing_photos import finding, jpeg, judged, listing, png, saved

LATER = date(2027, 1, 31)


def plain(width: int, height: int) -> Image.Image:
    """Cheap: a bar in the middle of white."""
    image = Image.new("L", (width, height), 255)
    ImageDraw.Draw(image).rectangle((width // 10, height // 3, width * 9 // 10, height // 2), fill=60)
    return image


@pytest.mark.parametrize(
    ("marketplace", "key", "size", "status"),
    [
        ("amazon", "size", (499, 400), "fail"),
        ("amazon", "size", (500, 400), "pass"),
        ("amazon", "size_zoom", (999, 400), "warn"),
        ("amazon", "size_zoom", (400, 1000), "pass"),
        ("amazon", "size_best", (1599, 300), "warn"),
        ("amazon", "size_best", (1600, 300), "pass"),
        ("amazon", "size_max", (10_000, 60), "pass"),
        ("amazon", "size_max", (10_001, 60), "warn"),
        ("shopify", "size_zoom", (799, 300), "warn"),
        ("shopify", "size_zoom", (800, 300), "pass"),
        ("shopify", "size_best", (2047, 2048), "warn"),
        ("shopify", "size_best", (2048, 2048), "pass"),
        ("shopify", "size_max", (5000, 200), "pass"),
        ("shopify", "size_max", (5001, 200), "warn"),
        ("woocommerce", "size_best", (799, 700), "warn"),
        ("woocommerce", "size_best", (800, 700), "pass"),
        ("ebay", "size", (499, 499), "fail"),
        ("ebay", "size", (500, 300), "pass"),
        ("ebay", "size_zoom", (999, 300), "warn"),
        ("ebay", "size_best", (1600, 300), "pass"),
        ("etsy", "size_best", (1999, 300), "warn"),
        ("etsy", "size_best", (2000, 300), "pass"),
        ("walmart", "size_zoom", (1500, 1499), "warn"),
        ("walmart", "size_zoom", (1500, 1500), "pass"),
        ("google", "size", (100, 99), "fail"),
        ("google", "size", (100, 100), "pass"),
        ("google", "size_2027", (499, 600), "warn"),
        ("google", "size_2027", (500, 500), "pass"),
    ],
)
def test_size(marketplace: str, key: str, size: tuple[int, int], status: str) -> None:
    found = finding(png(plain(*size)), key, marketplace)
    assert found.status == status
    assert found.measured == f"{size[0]:,} × {size[1]:,} px"


@pytest.mark.parametrize(("as_of", "status"), [(date(2027, 1, 30), "warn"), (LATER, "fail")])
def test_googles_500_pixels_warn_until_their_day(as_of: date, status: str) -> None:
    found = finding(png(plain(499, 499)), "size_2027", "google", as_of=as_of)
    assert found.status == status
    assert ("From 31 January 2027" in found.detail) == (status == "warn")
    assert judged(png(plain(499, 499)), "google", as_of=as_of).verdict == status


@pytest.mark.parametrize(
    ("size", "status"),
    [((600, 600), "pass"), ((600, 601), "pass"), ((600, 604), "fail"), ((604, 600), "fail"), ((600, 300), "fail")],
)
def test_ratio(size: tuple[int, int], status: str) -> None:
    assert finding(png(plain(*size)), "ratio", "walmart").status == status
    assert finding(png(plain(*size)), "ratio", "shopify").status == status.replace("fail", "warn")


@pytest.mark.parametrize(
    ("writer", "amazon", "walmart", "google"),
    [
        ("JPEG", "pass", "pass", "pass"),
        ("PNG", "pass", "pass", "pass"),
        ("TIFF", "pass", "fail", "pass"),
        ("GIF", "pass", "fail", "pass"),
        ("BMP", "fail", "pass", "pass"),
        ("WEBP", "fail", "fail", "pass"),
        ("AVIF", "fail", "fail", "fail"),
        ("HEIF", "fail", "fail", "fail"),
    ],
)
def test_the_real_format(writer: str, amazon: str, walmart: str, google: str) -> None:
    from tests.support.image_files import saved as written

    data = written(plain(200, 200).convert("RGB"), writer)
    assert finding(data, "format").status == amazon
    assert finding(data, "format", "walmart").status == walmart
    assert finding(data, "format", "google").status == google


@pytest.mark.parametrize(
    ("marketplace", "limit", "over"),
    [("amazon", 10, "warn"), ("walmart", 5, "fail"), ("google", 16, "fail"), ("ebay", 12, "warn"), ("etsy", 10, "warn"),
     ("shopify", 20, "warn")],
)  # fmt: skip
def test_weight(marketplace: str, limit: int, over: str) -> None:
    base = png(plain(60, 60))
    cut = len(base) - 12  # before the end chunk
    for excess, status in ((0, "pass"), (1, over)):
        filling = limit * 1_000_000 + excess - len(base) - 12
        data = base[:cut] + filling.to_bytes(4, "big") + b"abCd" + bytes(filling + 4) + base[cut:]
        found = finding(data, "weight", marketplace)
        assert (found.status, found.values["bytes"]) == (status, limit * 1_000_000 + excess)


def test_colour_mode_and_depth() -> None:
    rgb = plain(120, 120).convert("RGB")
    assert finding(jpeg(rgb), "colour_mode", "walmart").measured == "RGB, 8 bit"
    cmyk = finding(saved(rgb.convert("CMYK"), "JPEG"), "colour_mode", "walmart")
    assert (cmyk.status, cmyk.measured) == ("fail", "CMYK, 8 bit")
    deep = Image.fromarray(np.full((90, 90), 60_000, np.uint16))
    assert finding(png(deep), "colour_mode", "walmart").measured == "Greyscale, 16 bit"


def test_colour_space() -> None:
    rgb = plain(120, 120).convert("RGB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert finding(jpeg(rgb), "colour_profile").status == "pass"
    assert finding(jpeg(rgb, icc_profile=srgb), "colour_profile").status == "pass"
    wide = finding(jpeg(rgb, icc_profile=adobe_rgb_profile()), "colour_profile")
    assert (wide.status, wide.measured) == ("warn", "Adobe RGB")
    assert finding(saved(rgb.convert("CMYK"), "JPEG"), "colour_profile").status == "warn"


@pytest.mark.parametrize(("quality", "status"), [(89, "warn"), (90, "pass"), (76, "warn"), (100, "pass")])
def test_jpeg_quality_is_read_from_the_tables(quality: int, status: str) -> None:
    found = finding(jpeg(plain(160, 160).convert("RGB"), quality), "jpeg_quality", "ebay")
    assert (found.status, found.measured) == (status, f"JPEG quality about {quality}")
    assert judged(png(plain(160, 160)), "ebay").of("jpeg_quality") is None


def test_metadata() -> None:
    image = plain(120, 120).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 1
    assert finding(jpeg(image, exif=exif.tobytes()), "metadata").status == "pass"
    exif[0x010F] = "Camera maker"
    assert finding(jpeg(image, exif=exif.tobytes()), "metadata").measured == "camera and date"
    exif.get_ifd(0x8825)[1] = "N"
    place = finding(jpeg(image, exif=exif.tobytes()), "metadata")
    assert (place.status, place.measured) == ("warn", "place and camera and date")


@pytest.mark.parametrize("writer", ["GIF", "WEBP", "PNG", "TIFF"])
def test_several_pictures_in_one_file(writer: str) -> None:
    found = finding(animation(writer), "animated")
    assert (found.status, found.measured) == ("fail", "2 pictures")
    assert finding(animation(writer), "animated", "ebay").status == "warn"


@pytest.mark.parametrize(
    ("name", "status"),
    [("a.jpg", "pass"), ("a.JPEG", "pass"), ("a.png", "fail"), ("a", "fail"), ("a.jpg.webp", "fail"), (".jpg", "fail")],
)
def test_googles_file_name_says_what_the_file_is(name: str, status: str) -> None:
    data = jpeg(plain(120, 120).convert("RGB"))
    assert finding(data, "extension", "google", filename=name).status == status
    assert judged(data, "google").of("extension") is None


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://shop.example/a/b.jpg", "pass"),
        ("https://shop.example/a/b.jpg?w=3", "warn"),
        ("https://shop.example/a/b.jpg?", "warn"),
        ("https://shop.example/a/b", "warn"),
    ],
)
def test_walmarts_address(address: str, status: str) -> None:
    data = jpeg(plain(120, 120).convert("RGB"))
    assert finding(data, "address", "walmart", address=address).status == status


def with_source_type(kind: str) -> bytes:
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:'
        f'DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{kind}"/></rdf:RDF></x:xmpmeta>'
    )
    return jpeg(listing((300, 300)), xmp=xmp.encode())


def test_ai_is_no_item_on_etsy_and_must_stay_named_on_google() -> None:
    made, taken = with_source_type("compositeWithTrainedAlgorithmicMedia"), with_source_type("digitalCapture")
    assert finding(made, "generated", "etsy").status == "warn"
    assert finding(taken, "generated", "etsy").status == "pass"
    assert finding(made, "provenance", "google").status == "pass"
    assert finding(made, "metadata", "google").status == "pass"
    silent = jpeg(listing((300, 300)))
    assert finding(silent, "generated", "etsy", generated=True).status == "warn"
    assert finding(silent, "provenance", "google", generated=True).status == "warn"
    assert finding(silent, "provenance", "google").status == "pass"
