"""The surroundings that an image operation runs in, without a database: an engine that knows its photos' backdrop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from accounts.kit.errors import PackshotError
from processing.engines.base import Engine
from processing.imaging.arrays import RGB, Mask
from processing.imaging.limits import Limits
from processing.imaging.upscaling.back_projection import BackProjection
from processing.imaging.upscaling.tiles import Upscaler

BACKDROP = (200, 210, 220)


class KnownBackdrop:
    """Everything that has not the colour of BACKDROP is the subject."""

    runtime = "numpy"

    def __init__(self, name: str = "known-backdrop") -> None:
        self.name = name
        self.calls = 0

    def mask(self, rgb: RGB) -> Mask:
        self.calls += 1
        away = np.abs(rgb.astype(np.float32) - BACKDROP).max(axis=2)
        sure: Mask = np.clip(away / 40, 0, 1).astype(np.float32)
        return sure


@dataclass
class Run:
    """The surroundings of one photo."""

    loaded: KnownBackdrop = field(default_factory=KnownBackdrop)
    network: Upscaler = field(default_factory=lambda: BackProjection(2))
    limits: Limits = field(default_factory=Limits)
    sandbox: bool = False
    files: dict[str, bytes] = field(default_factory=dict)
    scale: float | None = None
    stop_before: str = ""
    kept: dict[str, Mask] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    asked_for: list[str | None] = field(default_factory=list)

    def engine(self, name: str | None) -> Engine:
        self.asked_for.append(name)
        return self.loaded

    def upscaler(self, name: str) -> Upscaler:
        self.asked_for.append(name)
        return self.network

    @contextmanager
    def step(self, name: str, *, brief: bool = False) -> Iterator[None]:
        if name == self.stop_before:
            raise Stopped("Stopped.")
        yield
        self.steps.append(name)

    def cached_mask(self, engine: Engine) -> Mask | None:
        return self.kept.get(engine.name)

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        self.kept[engine.name] = mask
        return mask

    def file(self, role: str) -> bytes | None:
        return self.files.get(role)

    def group_scale(self) -> float | None:
        return self.scale


class Stopped(PackshotError):
    """The job was canceled."""
