"""The one lamp of a picture. No numpy: whoever only describes a light can import it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Light:
    """A softbox, and how much of it the shadow loses.

    `direction`: degrees, clockwise as seen from above, from which the light comes: 0 from behind the product, 90 from
    the right, 180 from the camera, 270 from the left; any number, it is taken modulo 360.
    `elevation`: degrees above the ground, above 0 up to 90; the lower, the longer the shadow.
    `softness`: 0 a bare bulb, 1 a very large softbox. `opacity`: of the shadow, 0..1.
    Raises ValueError where one is out of its range.
    """

    direction: float = 315.0
    elevation: float = 50.0
    softness: float = 0.5
    opacity: float = 0.6

    def __post_init__(self) -> None:
        if not 0 < self.elevation <= 90:
            raise ValueError(f"elevation must be above 0 and at most 90 degrees, not {self.elevation}")
        if not (0 <= self.softness <= 1 and 0 <= self.opacity <= 1):
            raise ValueError("softness and opacity must be from 0 to 1")
