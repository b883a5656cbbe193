"""Shadows in a given light: on its far side, as long as it is low, softer away from the product."""

from __future__ import annotations

import numpy as np
import pytest

from processing.imaging.arrays import Alpha
from processing.imaging.cutout import Cutout
from processing.imaging.light.layers import Kind, shadow_layers
from processing.imaging.light.light import Light

CANVAS = (400, 400)
LEFT, TOP, WIDTH, HEIGHT = 170, 150, 60, 120
FLOOR = TOP + HEIGHT


def _product() -> Cutout:
    return Cutout(
        LEFT, TOP, np.full((HEIGHT, WIDTH, 3), (150, 40, 30), np.uint8), np.full((HEIGHT, WIDTH), 255, np.uint8)
    )


def _shadow(light: Light, kind: Kind = "cast") -> np.ndarray:
    """Alpha of all layers on the canvas, 0 where the product covers them."""
    found: Alpha = np.zeros(CANVAS[::-1], np.uint8)
    for layer in shadow_layers(kind, _product(), CANVAS, light):
        height, width = layer.alpha.shape
        assert 0 <= layer.x <= layer.x + width <= CANVAS[0]
        assert 0 <= layer.y <= layer.y + height <= CANVAS[1]
        place = found[layer.y : layer.y + height, layer.x : layer.x + width]
        np.maximum(place, layer.alpha, out=place)
    found[TOP:FLOOR, LEFT : LEFT + WIDTH] = 0
    return found.astype(float)


def _beyond(shadow: np.ndarray) -> dict[str, float]:
    return {
        "left": shadow[:, : LEFT - 8].sum(),
        "right": shadow[:, LEFT + WIDTH + 8 :].sum(),
        "front": shadow[FLOOR + 10 :].sum(),
        "back": shadow[: FLOOR - 14].sum(),
    }


@pytest.mark.parametrize("kind", ["cast", "drop"])
@pytest.mark.parametrize(("direction", "far", "near"), [(90, "left", "right"), (270, "right", "left")])
def test_it_falls_on_the_far_side_of_the_light(kind: Kind, direction: float, far: str, near: str) -> None:
    found = _beyond(_shadow(Light(direction, 40), kind))
    assert found[far] > 10 * max(found[near], 1)


def test_light_from_behind_throws_it_to_the_front_and_light_from_the_camera_to_the_back() -> None:
    behind, camera = _beyond(_shadow(Light(0, 40))), _beyond(_shadow(Light(155, 40)))
    assert behind["front"] > 10 * max(behind["back"], 1)
    assert camera["back"] > 10 * max(camera["front"], 1)


def test_the_lower_the_light_the_longer_the_shadow() -> None:
    reach = []
    for elevation in (75, 60, 45):
        columns = np.flatnonzero(_shadow(Light(270, elevation, softness=0.1)).max(axis=0) > 12)
        reach.append(int(columns[-1]) - (LEFT + WIDTH))
    assert reach[0] < reach[1] < reach[2]
    assert reach[2] == pytest.approx(HEIGHT, rel=0.2)  # at 45 degrees as long as the product is tall


def test_it_is_softer_away_from_the_product() -> None:
    shadow = _shadow(Light(0, 40, softness=0.6))

    def edge(row: int) -> float:
        """Columns that the right edge takes from three quarters of the row's darkness to a quarter."""
        line = shadow[row, CANVAS[0] // 2 :]
        return float(np.argmax(line < 0.25 * line.max()) - np.argmax(line < 0.75 * line.max()))

    assert edge(FLOOR + 30) > 1.3 * edge(FLOOR + 8)


def test_a_larger_softbox_makes_a_softer_shadow() -> None:
    def sharpest(softness: float) -> float:
        return float(np.abs(np.diff(_shadow(Light(300, 40, softness))[FLOOR + 12 :], axis=1)).max())

    assert sharpest(0.0) > 2 * sharpest(1.0)


@pytest.mark.parametrize("kind", ["contact", "drop", "cast", "reflection"])
def test_opacity_scales_it(kind: Kind) -> None:
    full = _shadow(Light(opacity=0.6), kind).sum()
    assert _shadow(Light(opacity=0.3), kind).sum() == pytest.approx(full / 2, rel=0.15)
    assert _shadow(Light(opacity=0.0), kind).sum() == 0


def test_none_and_nothing_have_no_shadow() -> None:
    nothing = Cutout(0, 0, np.zeros((9, 9, 3), np.uint8), np.zeros((9, 9), np.uint8))
    assert shadow_layers("none", _product(), CANVAS, Light()) == []
    assert shadow_layers("cast", nothing, CANVAS, Light()) == []


@pytest.mark.parametrize("wrong", [{"elevation": 0}, {"elevation": 91}, {"softness": 1.1}, {"opacity": -0.1}])
def test_a_light_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Light(**wrong)
