from __future__ import annotations

import pytest

from processing.operations.process import ProcessParameters, for_preview, merge


def parameters(**given: object) -> ProcessParameters:
    return merge({}, given)


@pytest.mark.parametrize(
    ("given", "source", "size"),
    [
        ({"width": 2000, "height": 2000}, (4000, 3000), (1024, 1024)),
        ({"width": 4000, "height": 3000}, (4000, 3000), (1024, 768)),
        ({"width": 2000}, (3000, 1500), (1024, 512)),
        ({}, (3000, 6000), (512, 1024)),
        ({}, (300, 200), (300, 200)),
        ({"width": 600, "height": 400}, (4000, 3000), (600, 400)),
        ({"width": 10000, "height": 3}, (4000, 3000), (1024, 1)),
    ],
)
def test_the_longer_side_has_at_most_1024_pixels(
    given: dict[str, object], source: tuple[int, int], size: tuple[int, int]
) -> None:
    preview = for_preview(parameters(**given), source)
    assert (preview.width, preview.height) == size


def test_everything_that_is_seen_stays() -> None:
    full = parameters(
        width=2000, height=1000, margin=0.1, marginTop=0.2, align="bottom", background="#ff0000:#00ff00",
        gradientDirection="horizontal", shadow="drop", edges="fast", jpegQuality=40,
    )  # fmt: skip
    preview = for_preview(full, (3000, 2000))
    assert preview.model_copy(update={"width": 2000, "height": 1000}) == full


@pytest.mark.parametrize(
    ("given", "format", "quality"),
    [
        ({"format": "avif", "jpegQuality": 55}, "jpg", 55),
        ({"format": "png", "jpegQuality": 5}, "jpg", 90),
        ({"format": "png", "background": "transparent"}, "webp", 90),
    ],
)
def test_the_format_is_one_that_is_made_quickly(given: dict[str, object], format: str, quality: int) -> None:
    preview = for_preview(parameters(**given), (800, 800))
    assert (preview.format, preview.jpeg_quality) == (format, quality)
