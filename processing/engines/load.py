"""Loads an engine by its name in the registry. Cheap to import: what an engine needs is imported with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from processing.engines import places
from processing.engines.base import Engine
from processing.engines.calibration import choose
from processing.engines.candidate import NAMED, REFERENCE
from processing.engines.errors import ModelNotInstalled
from processing.engines.load_candidate import load_candidate
from processing.engines.registry import GRABCUT, MODELS, find
from processing.engines.spec import Kind, ModelSpec

log = structlog.get_logger(__name__)

if TYPE_CHECKING:
    from processing.imaging.upscaling.tiles import Upscaler


def available(models_dir: Path) -> list[str]:
    """The names of the models that can be loaded on this machine, the built-in one last."""
    return [spec.name for spec in MODELS.values() if places.installed(spec, models_dir) is not None]


def load(name: str, models_dir: Path, *, threads: int = 0, runtime: str = REFERENCE.label) -> Engine:
    """The engine of that name, ready to run; `threads` processors compute one mask, 0 for all of them. `runtime`: a
    label of candidate.NAMED, or "auto" for the fastest one that was measured on this machine.

    Nothing is fetched. Raises InvalidInput for a name that is no segmentation model of the registry, ModelNotInstalled
    for one whose file is not here, BrokenModel where the file cannot be loaded.
    """
    spec, paths = _installed(name, "segmentation", models_dir)
    return _engine(spec, paths, threads or os.cpu_count() or 1, runtime)


def load_upscaler(name: str, models_dir: Path, *, threads: int = 0) -> Upscaler:
    """The super-resolution network of that name. Raises what `load` raises."""
    spec, paths = _installed(name, "super-resolution", models_dir)
    from processing.engines.super_resolution import SuperResolution

    return SuperResolution(spec, paths[0], threads)


def default(models_dir: Path, wanted: str, *, threads: int = 0, runtime: str = REFERENCE.label) -> Engine:
    """The engine named `wanted`, or the built-in one where its file is not here. Raises what `load` raises."""
    installed = places.installed(find(wanted, kind="segmentation"), models_dir) is not None
    return load(wanted if installed else GRABCUT, models_dir, threads=threads, runtime=runtime)


def _installed(name: str, kind: Kind, models_dir: Path) -> tuple[ModelSpec, tuple[Path, ...]]:
    spec = find(name, kind=kind)
    paths = places.installed(spec, models_dir)
    if paths is None:
        here = [name for name in available(models_dir) if find(name).kind == kind]
        raise ModelNotInstalled(
            f"The model {name} is not installed. Installed: {', '.join(here) or 'none of its kind'}.", field="model"
        )
    return spec, paths


def _engine(spec: ModelSpec, paths: tuple[Path, ...], threads: int, runtime: str) -> Engine:
    if spec.session == "onnx":
        return _own(spec, paths[0], threads, runtime)
    if spec.session == "rembg":
        from processing.engines.rembg import RembgEngine, SamEngine

        return (SamEngine if spec.name == "sam" else RembgEngine)(spec, paths, threads)
    from processing.engines.grabcut import GrabCutEngine

    return GrabCutEngine()


def _own(spec: ModelSpec, path: Path, threads: int, runtime: str) -> Engine:
    if runtime != "auto":
        return load_candidate(spec, path, threads, NAMED[runtime], reason="Set by INFERENCE_RUNTIME.")
    chosen = choose(spec, path, threads)
    try:
        return load_candidate(spec, path, threads, chosen.candidate, reason=chosen.reason)
    except Exception as error:
        if chosen.candidate == REFERENCE:
            raise
        # What was measured once may be gone: a graphics processor, a library.
        log.warning("runtime_failed", runtime=chosen.candidate.label, error=str(error)[:300])
        why = f"{chosen.candidate.label} was the fastest here, but does not start now: {error}"[:300]
        return load_candidate(spec, path, threads, REFERENCE, reason=why)
