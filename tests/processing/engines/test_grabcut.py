"""The engine without a model: good on plain backdrops, honest about all others."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from skimage import data

from processing.engines.backdrop import measure
from processing.engines.errors import BackdropNotPlain
from processing.engines.grabcut import GrabCutEngine
from processing.imaging.arrays import RGB
from tests.support.on_backdrop import agreement, subject_on

ENGINE = GrabCutEngine()
SEEDS = range(4)


@pytest.mark.parametrize("kind", ["plain", "gradient", "radial", "sweep"])
def test_products_on_plain_and_smoothly_changing_backdrops_are_cut_out(kind: str) -> None:
    for seed in SEEDS:
        rgb, alpha = subject_on(kind, seed)
        mask = ENGINE.mask(rgb)
        assert mask.dtype == np.float32
        assert 0 <= mask.min() <= mask.max() <= 1
        assert agreement(mask, alpha) >= 0.95, f"{kind} {seed}"


def test_the_edge_is_soft_and_thin_parts_are_kept() -> None:
    y, x = np.mgrid[0:900, 0:900].astype(np.float32)
    disc = np.clip(200.5 - np.hypot(x - 300, y - 300), 0, 1)  # an antialiased edge
    stick = ((np.abs(x - 700) < 1.5) & (y > 100) & (y < 800)).astype(np.float32)
    alpha = np.maximum(disc, stick)[..., None]
    rgb = np.round(alpha * (40, 60, 120) + (1 - alpha) * (225, 222, 218)).astype(np.uint8)
    mask = ENGINE.mask(rgb)
    assert mask.shape == (900, 900)
    assert float(np.abs(mask - alpha[..., 0])[100:500, 100:500].mean()) < 0.004
    assert float(mask[150:750, 700].mean()) > 0.9


def test_a_large_photo_is_answered_with_a_megapixel() -> None:
    rgb, alpha = subject_on("plain", 2, size=(560, 440))
    large = np.repeat(np.repeat(rgb, 4, axis=0), 4, axis=1)
    mask = ENGINE.mask(large)
    assert mask.size <= 1_000_000
    assert agreement(mask, alpha) >= 0.95


def test_a_subject_that_the_frame_cuts_off_is_cut_out_too() -> None:
    rgb = np.full((400, 500, 3), (240, 238, 235), np.uint8)
    rgb[150:, 120:380] = 60, 20, 30
    rgb[0, 0] = 241, 238, 235
    mask = ENGINE.mask(rgb)
    assert mask[200:, 125:375].min() == 1
    assert mask[:140].max() == 0


def test_an_empty_backdrop_gives_an_empty_mask() -> None:
    rgb, _ = subject_on("gradient", 3)
    backdrop = measure(rgb).colour
    empty = np.clip(backdrop + np.random.default_rng(0).normal(0, 1.5, backdrop.shape), 0, 255).astype(np.uint8)
    assert ENGINE.mask(empty).max() == 0
    assert ENGINE.mask(np.full((40, 60, 3), 255, np.uint8)).max() == 0


@pytest.mark.parametrize("photo", ["astronaut", "chelsea", "coffee", "gravel", "camera", "coins"])
def test_real_scenes_and_strong_textures_are_refused(photo: str) -> None:
    rgb = getattr(data, photo)()
    rgb = np.ascontiguousarray(np.stack([rgb] * 3, axis=-1) if rgb.ndim == 2 else rgb[..., :3])
    with pytest.raises(
        BackdropNotPlain, match="Without a segmentation model only plain backdrops can be cut out;"
    ) as caught:
        ENGINE.mask(rgb)
    assert caught.value.code == "backdrop_not_plain"
    assert caught.value.status == 400


def test_clutter_along_the_frame_is_refused() -> None:
    rgb = np.full((400, 400, 3), 235, np.uint8)
    rgb[250:, :320] = 40, 90, 60
    with pytest.raises(BackdropNotPlain, match="along the edge of the frame"):
        ENGINE.mask(rgb)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [("plain", {"plain"}), ("gradient", {"gradient"}), ("radial", {"gradient"}), ("wood", {"textured", "scene"})],
)
def test_the_backdrop_is_called_what_it_is(kind: str, wanted: set[str]) -> None:
    found = [measure(subject_on(kind, seed)[0]).kind for seed in SEEDS]
    assert sum(each in wanted for each in found) >= len(found) - 1, found


def test_a_soft_shadow_is_noticed_and_mostly_left_out() -> None:
    agreements = []
    for seed in SEEDS:
        rgb, alpha = subject_on("plain", seed, shaded=True)
        agreements.append(agreement(ENGINE.mask(rgb), alpha))
    assert np.median(agreements) > 0.93
    noticed = [{notice.code for notice in ENGINE.notices(subject_on("plain", s, shaded=True)[0])} for s in SEEDS]
    assert sum("soft_shadow" in codes for codes in noticed) >= len(noticed) - 1
    for seed in SEEDS:
        assert not ENGINE.notices(subject_on("plain", seed)[0])


def test_the_same_photo_gives_the_same_mask_in_every_thread() -> None:
    photos = [subject_on("gradient", seed)[0] for seed in range(3)]
    expected = [ENGINE.mask(photo) for photo in photos]
    different: list[int] = []

    def again(photo: RGB, index: int) -> None:
        for _ in range(3):
            if not np.array_equal(ENGINE.mask(photo), expected[index]):
                different.append(index)

    threads = [threading.Thread(target=again, args=(photo, index)) for index, photo in enumerate(photos)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not different


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3, 3), (12, 9), (40, 2000)])
def test_tiny_and_narrow_photos_do_no_harm(size: tuple[int, int]) -> None:
    rgb = np.random.default_rng(1).integers(225, 230, (*size, 3), np.uint8)
    assert ENGINE.mask(rgb).shape == size
