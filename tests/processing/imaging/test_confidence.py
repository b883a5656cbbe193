"""The number goes down with what makes a mask doubtful, and ranks spoiled masks first."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from processing.imaging.confidence import confidence
from tests.support.cut_quality import iou, ranks_bad_first
from tests.support.pictures.solid import solid


def disc(reach: float = 0.3, *, side: int = 200, x: float = 0.5) -> NDArray[np.float32]:
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    drawn: NDArray[np.float32] = np.clip((reach - np.hypot(columns - x, rows - 0.5)) * side, 0, 1).astype(np.float32)
    return drawn


def judged(mask: NDArray[np.float32]) -> tuple[float, list[str]]:
    answer = confidence(mask, np.rint(mask * 255).astype(np.uint8))
    return answer.value, answer.reasons


def test_a_clear_mask_is_trusted() -> None:
    value, reasons = judged(disc())
    assert value > 0.9
    assert reasons == []


@pytest.mark.parametrize(
    ("mask", "reason"),
    [
        (np.maximum(disc() * 0.55, disc(0.12)), "soft_edges"),
        (np.maximum(disc(), 0.08), "spill"),
        (np.maximum(disc(0.2, x=0.3), disc(0.09, x=0.8)), "fragments"),
        (disc(0.01), "small"),
        (np.ones((200, 200), np.float32), "fills_frame"),
        (np.zeros((200, 200), np.float32), "small"),
    ],
)
def test_every_doubt_has_its_word(mask: NDArray[np.float32], reason: str) -> None:
    value, reasons = judged(mask)
    assert value < 0.7
    assert reason in reasons


def test_a_pair_is_no_doubt() -> None:
    assert judged(np.maximum(disc(0.15, x=0.25), disc(0.15, x=0.75))) == (judged(disc(0.15))[0], [])


def test_an_inside_of_the_backdrops_colour_is_doubted() -> None:
    """A wire basket whose gaps were taken for product."""
    mask = disc()
    alpha = np.rint(mask * 255).astype(np.uint8)
    photo = np.full((200, 200, 3), 230, np.uint8)
    photo[(mask > 0.5) & (np.indices(mask.shape).sum(axis=0) % 20 < 4)] = 40
    answer = confidence(mask, alpha, photo)
    assert answer.value < 0.5
    assert answer.reasons == ["see_through"]
    photo[mask > 0.5] = 40
    assert confidence(mask, alpha, photo).value > 0.9


def test_the_number_lies_between_0_and_1_at_every_size() -> None:
    for side in (1, 7, 50, 1200):
        value, _ = judged(cv2.resize(disc(), (side, side), interpolation=cv2.INTER_AREA).astype(np.float32))
        assert 0 <= value <= 1


def test_spoiled_masks_are_ranked_first() -> None:
    random = np.random.default_rng(11)
    sure, quality = [], []
    for seed in range(400, 430):
        picture = solid(seed, size=(480, 480))
        mask = cv2.GaussianBlur(picture.alpha, (0, 0), 0.8)
        if seed % 3 == 0:  # as networks fail: unsure over a part, and pieces of the backdrop taken along
            noise = random.standard_normal((480, 480)).astype(np.float32)
            cloud = cv2.GaussianBlur(noise, (0, 0), 30).astype(np.float32)
            cloud = cloud / cloud.std()
            mask = np.clip(mask - np.clip(cloud, 0, 1) + np.clip(-cloud - 0.7, 0, 1), 0, 1)
        alpha = np.rint(np.clip(mask, 0, 1) * 255).astype(np.uint8)
        sure.append(confidence(mask.astype(np.float32), alpha).value)
        quality.append(iou(alpha / 255, picture.alpha))
    assert ranks_bad_first(sure, quality, below=0.9) > 0.9
