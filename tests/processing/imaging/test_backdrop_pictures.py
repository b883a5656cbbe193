from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from processing.imaging.backdrops.styles import STYLES
from tests.support.backdrop_pictures import FOLDER, SIDE, drawn


def test_every_style_has_its_picture_and_there_is_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.webp")} == set(STYLES)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_the_picture_shows_what_the_style_paints_today(style: str) -> None:
    with Image.open(FOLDER / f"{style}.webp") as kept:
        assert kept.size == (SIDE, SIDE)
        off = np.abs(np.asarray(kept.convert("RGB"), np.float32) - np.asarray(drawn(style), np.float32))
    assert off.mean() < 6
