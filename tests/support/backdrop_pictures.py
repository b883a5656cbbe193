"""The pictures of the backdrop styles in forms, drawn by the styles themselves.

Run `python -m tests.support.backdrop_pictures` when a style is added or changed; test_backdrop_pictures.py says when
that was forgotten.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from processing.imaging.backdrops.paint import paint
from processing.imaging.backdrops.styles import STYLES

FOLDER = Path(__file__).resolve().parents[2] / "static" / "img" / "backdrops"
SIDE = 208
_PAINTED = 2 * SIDE


def drawn(style: str) -> Image.Image:
    """Painted twice as large, so that its grain is that of a picture and not of a stamp."""
    return Image.fromarray(paint(style, _PAINTED, _PAINTED, 0)).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in STYLES:
        drawn(name).save(FOLDER / f"{name}.webp", quality=82, method=6)
