"""White balance along the daylight locus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEUTRAL = 6504.0  # kelvin of sRGB's white, D65
_MIREDS = 70.0  # from neutral to either end: about 4500 K and 11900 K
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_TO_CONES = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def balance(warmth: float) -> NDArray[np.float64]:
    """(3, 3) for linear sRGB columns: what was neutral takes the colour of a daylight of that warmth, -1..1.

    0 is the identity. Luminance of a neutral stays. Bradford adaptation; daylight as in CIE 15.
    """
    if not warmth:
        return np.eye(3)
    from_cones = _TO_CONES @ _daylight(_NEUTRAL)
    to_cones = _TO_CONES @ _daylight(1e6 / (1e6 / _NEUTRAL + _MIREDS * warmth))
    adapted = np.linalg.inv(_TO_CONES) @ np.diag(to_cones / from_cones) @ _TO_CONES
    return np.asarray(np.linalg.inv(_TO_XYZ) @ adapted @ _TO_XYZ, np.float64)


def _daylight(kelvin: float) -> NDArray[np.float64]:
    """XYZ with Y = 1 of CIE daylight, 4000..25000 K."""
    if kelvin <= 7000:
        x = -4.6070e9 / kelvin**3 + 2.9678e6 / kelvin**2 + 99.11 / kelvin + 0.244063
    else:
        x = -2.0064e9 / kelvin**3 + 1.9018e6 / kelvin**2 + 247.48 / kelvin + 0.237040
    y = -3.0 * x**2 + 2.870 * x - 0.275
    return np.array([x / y, 1.0, (1 - x - y) / y])
