"""A subject in another light: neutral is neutral, whites keep their form, the outline is not touched."""

from __future__ import annotations

import numpy as np
import pytest

from processing.imaging.arrays import RGB, Alpha
from processing.imaging.light.light import Light
from processing.imaging.light.relight import Look, relight

LOOKS = [Look(exposure=1.5), Look(exposure=-1), Look(warmth=1), Look(warmth=-1), Look(lighting=1), Look(2, 1, 1)]


def _grey(level: int = 128) -> tuple[RGB, Alpha]:
    return np.full((80, 60, 3), level, np.uint8), np.full((80, 60), 255, np.uint8)


def _ball() -> tuple[RGB, Alpha]:
    y, x = np.mgrid[-60:60, -60:60]
    alpha = np.clip((50 - np.hypot(x, y)) * 128 + 128, 0, 255).astype(np.uint8)
    return np.full((120, 120, 3), (120, 110, 100), np.uint8), alpha


def test_a_neutral_look_changes_nothing() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (50, 40, 3), dtype=np.uint8)
    assert relight(rgb, np.full((50, 40), 255, np.uint8), Light(), Look()) is rgb


def test_a_look_next_to_neutral_changes_no_pixel_by_more_than_one() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (50, 40, 3), dtype=np.uint8)
    found = relight(rgb, np.full((50, 40), 255, np.uint8), Light(), Look(1e-6, 1e-6, 1e-6))
    assert found is not rgb
    assert np.abs(found.astype(int) - rgb).max() <= 1


@pytest.mark.parametrize("look", LOOKS)
def test_photo_and_alpha_stay_what_they_are(look: Look) -> None:
    rgb, alpha = _ball()
    before = rgb.copy(), alpha.copy()
    relight(rgb, alpha, Light(), look)
    assert np.array_equal(rgb, before[0])
    assert np.array_equal(alpha, before[1])


def test_a_stop_is_twice_the_light() -> None:
    rgb, alpha = _grey(80)
    up = relight(rgb, alpha, Light(), Look(exposure=1)).mean()
    down = relight(rgb, alpha, Light(), Look(exposure=-1)).mean()
    assert up == pytest.approx(110.9, abs=0.6)  # sRGB of twice the linear light of 80
    assert down == pytest.approx(57.0, abs=0.6)


def test_whites_keep_their_form_at_any_exposure() -> None:
    rgb = np.repeat(np.arange(200, 256, dtype=np.uint8)[None, :, None], 200, axis=0).repeat(3, axis=2)
    found = (
        relight(rgb, np.full(rgb.shape[:2], 255, np.uint8), Light(), Look(exposure=2)).astype(float).mean(axis=(0, 2))
    )
    assert (np.diff(found) > 0).all()
    assert found[-1] - found[0] > 8


def test_warmth_goes_from_blue_to_yellow_and_keeps_the_brightness() -> None:
    rgb, alpha = _grey()
    red, green, blue = relight(rgb, alpha, Light(), Look(warmth=0.6)).mean(axis=(0, 1))
    assert red > green > blue
    assert red - blue > 25
    assert green == pytest.approx(128, abs=4)
    cool = relight(rgb, alpha, Light(), Look(warmth=-0.6)).mean(axis=(0, 1))
    assert cool[2] > cool[1] > cool[0]


@pytest.mark.parametrize(
    ("direction", "lit", "dark"), [(90, np.s_[:, 70:], np.s_[:, :50]), (270, np.s_[:, :50], np.s_[:, 70:])]
)
def test_the_side_of_the_light_is_the_brighter_one(direction: float, lit: tuple[slice], dark: tuple[slice]) -> None:
    rgb, alpha = _ball()
    solid = alpha > 0
    strengths = []
    for strength in (0.3, 1.0):
        found = relight(rgb, alpha, Light(direction, 30), Look(lighting=strength)).mean(axis=2)
        strengths.append(found[lit][solid[lit]].mean() - found[dark][solid[dark]].mean())
    assert 3 < strengths[0] < strengths[1] < 90


def test_shading_has_neither_rim_nor_steps() -> None:
    rgb, alpha = _ball()
    found = relight(rgb, alpha, Light(90, 30), Look(lighting=1)).astype(float).mean(axis=2)
    line = found[60, 12:108]  # across the ball, from outline to outline
    smooth = np.convolve(line, np.ones(5) / 5, "valid")
    assert np.abs(np.diff(smooth)).max() < 3
