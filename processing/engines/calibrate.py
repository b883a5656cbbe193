"""Measures the ways to compute a network on this machine and names the fastest that agrees with the reference.

Run as a program of its own (`python -m processing.engines.calibrate NAME FILE THREADS`), so that neither the memory of
the ways that lose nor an instruction that a processor lacks reaches the worker.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from processing.engines import capabilities
from processing.engines.base import Engine
from processing.engines.candidate import CUDA, REFERENCE, Candidate
from processing.engines.load_candidate import load_candidate
from processing.engines.onnx import OnnxEngine
from processing.engines.registry import find
from processing.engines.spec import ModelSpec
from processing.engines.tried import Tried, best
from processing.imaging.arrays import RGB, Mask

_SIDE = 640
_SUBJECT = 0.005
_WORTH_COMPARING = 0.5
_ROUNDS = 2


def calibrate(spec: ModelSpec, path: Path, threads: int, candidates: Sequence[Candidate]) -> list[Tried]:
    """The reference first, then each candidate up to the first that is exact enough and faster: what comes after it
    is less promising. Of that one then the threads and streams, where it is quick enough for them to matter."""
    photos = generated_photos()
    reference = OnnxEngine(spec, path, threads)
    wanted, seconds = _masks(reference, photos, time.process_time)
    tried = [Tried(REFERENCE, seconds, 1.0)]
    del reference
    for candidate in candidates:
        tried.append(_try(spec, path, threads, candidate, photos, wanted))
        if best(tried).candidate == candidate:
            break
    winner = best(tried)
    if winner.candidate.runtime == "openvino":
        tried += _laid_out(spec, path, threads, winner, photos)
    return tried


def _try(
    spec: ModelSpec, path: Path, threads: int, candidate: Candidate, photos: list[RGB], wanted: list[Mask]
) -> Tried:
    try:
        engine = load_candidate(spec, path, threads, candidate)
        masks, seconds = _masks(engine, photos, time.perf_counter if candidate == CUDA else time.process_time)
        return Tried(candidate, seconds, _agreement(masks, wanted))
    except Exception as error:  # noqa: BLE001   whatever a runtime cannot do here, another one can
        return Tried(candidate, 0.0, None, f"{type(error).__name__}: {str(error).strip().splitlines()[0][:160]}")


def _laid_out(spec: ModelSpec, path: Path, threads: int, winner: Tried, photos: list[RGB]) -> list[Tried]:
    """The winner with other threads and streams. By the clock, for they compute the same; nothing where a photo takes
    so long that every processor is busy anyway, and that measuring would take more than a few seconds."""
    found: list[Tried] = []
    ways = capabilities.layouts(threads)
    for count, streams in ways if len(ways) > 1 else []:
        candidate = replace(winner.candidate, threads=count, streams=streams)
        try:
            engine = load_candidate(spec, path, threads, candidate)
            if _clocked(engine, photos, 1) > _WORTH_COMPARING and not found:
                return []
            seconds = min(_clocked(engine, photos, streams) for _ in range(_ROUNDS))
        except Exception:  # noqa: BLE001, S112   no memory for two at once, say: it is not taken
            continue
        found.append(replace(winner, candidate=candidate, rate=1 / seconds))
    return found


def _clocked(engine: Engine, photos: list[RGB], at_once: int) -> float:
    """Seconds a photo, by the clock; with one at a time, of the last one."""
    if at_once == 1:
        engine.mask(photos[0])
        began = time.perf_counter()
        engine.mask(photos[1])
        return time.perf_counter() - began
    with ThreadPoolExecutor(at_once) as pool:
        began = time.perf_counter()
        list(pool.map(engine.mask, photos))
        return (time.perf_counter() - began) / len(photos)


def _masks(engine: Engine, photos: list[RGB], clock: Callable[[], float]) -> tuple[list[Mask], float]:
    """The masks, and the seconds of the last one: the first run of a network also allocates.

    Processor time, all threads together: what else the machine does at this moment must not decide for months.
    """
    masks = []
    for photo in photos:
        began = clock()
        masks.append(engine.mask(photo))
    return masks, clock() - began


def _agreement(masks: list[Mask], wanted: list[Mask]) -> float | None:
    """Worst IoU at half, over the photos on which the reference sees something."""
    found: list[float] = []
    for mask, want in zip(masks, wanted, strict=True):
        one, two = mask > 0.5, want > 0.5
        if two.mean() >= _SUBJECT:
            found.append(float((one & two).sum() / (one | two).sum()))
    return min(found, default=None)


def generated_photos() -> list[RGB]:
    """Two products on backdrops, uint8 (640, 640, 3), the same ones every time: a bottle on a gradient, a ball with
    its shadow on a patterned floor."""
    rows, columns = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) / _SIDE
    noise = np.random.default_rng(7).normal(0, 3, (_SIDE, _SIDE, 1)).astype(np.float32)

    bottle = np.repeat((215 - 50 * rows)[..., None], 3, axis=2)
    glass = np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.rectangle(glass, (235, 210), (405, 560), 255, -1, cv2.LINE_AA)
    cv2.rectangle(glass, (285, 90), (355, 230), 255, -1, cv2.LINE_AA)
    shine = (0.55 + 0.45 * np.cos((columns - 0.44) * 9))[..., None]
    bottle = _over(bottle, np.array([30, 96, 70], np.float32) * shine, glass)
    cv2.rectangle(bottle, (250, 330), (390, 470), (238, 230, 205), -1)

    tiles = (((rows * 9).astype(int) + (columns * 9).astype(int)) % 2 * 24 + 140).astype(np.float32)
    floor = np.stack([tiles, tiles * 0.93, tiles * 0.85], axis=2)
    shadow, disc = np.zeros((_SIDE, _SIDE), np.uint8), np.zeros((_SIDE, _SIDE), np.uint8)
    cv2.ellipse(shadow, (350, 470), (170, 40), 0, 0, 360, 150, -1)
    floor = _over(floor, floor * 0.3, cv2.GaussianBlur(shadow, (0, 0), 12))
    cv2.circle(disc, (320, 320), 160, 255, -1, cv2.LINE_AA)
    light = np.clip(1.15 - 2.2 * np.hypot(rows - 0.4, columns - 0.42), 0.25, 1)[..., None]
    ball = _over(floor, np.array([205, 44, 38], np.float32) * light, disc)
    return [np.clip(each + noise, 0, 255).astype(np.uint8) for each in (bottle, ball)]


def _over(below: NDArray[Any], colour: NDArray[Any], cover: NDArray[Any]) -> NDArray[np.float32]:
    share = (cover.astype(np.float32) / 255)[..., None]
    return np.asarray(below * (1 - share) + colour * share, np.float32)


def main() -> None:
    name, path, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    ways = capabilities.candidates(capabilities.openvino_can(), cuda=capabilities.cuda_can())
    tried = calibrate(find(name), path, threads, ways)
    sys.stdout.write(json.dumps([asdict(each) for each in tried]))


if __name__ == "__main__":
    main()
