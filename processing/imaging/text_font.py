"""The font of text on pictures: the one that ships with Pillow. It loads no numpy, so that the web process can ask it.

Latin letters without accents, digits and the usual signs: what it lacks must be refused, or boxes would be drawn.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageFont

_TRIED_SIZE = 24
_NO_CHARACTER = "\uffff"  # by its definition


@lru_cache(maxsize=8)
def font(size: int) -> ImageFont.FreeTypeFont:
    """`size`: pixels of its em."""
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise RuntimeError("This Pillow was built without FreeType, and can draw no text of a given size.")
    return found


def undrawable(text: str) -> str:
    """The characters of `text` that the font has no picture of, each once, in the order of the text."""
    box = _drawn(_NO_CHARACTER)
    return "".join(each for each in dict.fromkeys(text) if not each.isprintable() or _drawn(each) == box)


@lru_cache(maxsize=512)
def _drawn(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font(_TRIED_SIZE).getmask(character)
    return mask.size, bytes(mask)
