"""Whatever is wrong with a file: a picture within the limits, or one of our own refusals."""

from __future__ import annotations

import time
from functools import cache

from hypothesis import strategies as st

from accounts.kit.errors import InvalidImage
from processing.imaging.decode import decode
from processing.imaging.limits import Limits
from tests.support.fuzzing import edited, edits, efforts, search
from tests.support.image_files import FILES, animation, grey_tiff, png_of, saved, scene

LIMITS = Limits(max_bytes=200_000, max_pixels=20_000)
_SECONDS = 5.0


@cache
def _seeds() -> dict[str, bytes]:
    """A good file of every kind, and kinds of files within a kind."""
    more = {
        "progressive": saved(scene(), "JPEG", progressive=True),
        "grey": saved(scene().convert("L"), "JPEG"),
        "cmyk": saved(scene().convert("CMYK"), "JPEG"),
        "palette": saved(scene().convert("P"), "PNG"),
        "alpha": saved(scene().convert("RGBA"), "PNG"),
        "sixteen": saved(scene().convert("I;16"), "PNG"),
        "bare png": png_of(2, 2, b"\0" * 14),
        "lossy": saved(scene(), "WEBP", quality=60),
        "animated": animation("WEBP"),
        "packed tiff": saved(scene(), "TIFF", compression="tiff_lzw"),
        "grey tiff": grey_tiff(8, 8, bytes(64)),
    }
    return {name: make() for name, make in FILES.items()} | more


def _holds(example: tuple[str, list[tuple[float, str, bytes]]]) -> None:
    name, changes = example
    data = edited(_seeds()[name], changes)
    began = time.monotonic()
    try:
        photo = decode(data, LIMITS)
    except InvalidImage as refused:
        assert refused.code
        assert refused.detail
        assert 400 <= refused.status < 500
    else:
        height, width = photo.rgb.shape[:2]
        assert width * height <= LIMITS.max_pixels
        assert len(data) <= LIMITS.max_bytes
    assert time.monotonic() - began < _SECONDS


@efforts
def test_files_with_changed_bytes(effort: str) -> None:
    names = st.sampled_from(sorted(_seeds()))
    assert search(st.tuples(names, edits), _holds, effort=effort, few=150) >= 10


@efforts
def test_bytes_of_any_kind(effort: str) -> None:
    """Behind a beginning that tells a kind."""
    beginnings = st.sampled_from([data[:length] for data in _seeds().values() for length in (4, 12, 40)])

    def holds(example: tuple[bytes, bytes]) -> None:
        try:
            decode(b"".join(example), LIMITS)
        except InvalidImage as refused:
            assert refused.detail

    assert search(st.tuples(beginnings, st.binary(max_size=400)), holds, effort=effort, few=80) >= 10
