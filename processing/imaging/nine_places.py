"""Where on a picture a text stands. No numpy: forms use it too."""

from __future__ import annotations

from typing import Literal

Position = Literal[
    "top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right", "tile"
]
