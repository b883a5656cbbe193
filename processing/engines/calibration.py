"""The way chosen for a network on this machine: measured once, then remembered beside the model."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from processing.engines import capabilities, records
from processing.engines.candidate import CUDA, REFERENCE, Candidate
from processing.engines.digests import digest_of
from processing.engines.spec import ModelSpec
from processing.engines.tried import Tried, best

_NAME = "calibration.json"
_PATIENCE_SECONDS = 120
_MEASURES = "2"  # another number: what was measured is measured anew


@dataclass(frozen=True, slots=True)
class Chosen:
    """`reason`: one line for the operator, with the figures."""

    candidate: Candidate
    reason: str


def choose(spec: ModelSpec, path: Path, threads: int) -> Chosen:
    """What was measured for this file, processor, number of threads and these versions, else measures it now (some
    seconds). Never fails: where it cannot measure, the reference is chosen and the reason says why."""
    key = _key(path, threads)
    kept = _read(path.parent)
    try:
        return _chosen(kept[key])
    except (KeyError, TypeError, ValueError):
        pass
    try:
        measured = _measure(spec, path, threads)
        chosen = _chosen(measured)
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, KeyError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        return Chosen(REFERENCE, f"The other runtimes could not be measured: {said[-1][:160] if said else error!r}")
    _write(path.parent, kept | {key: measured})
    return chosen


def _measure(spec: ModelSpec, path: Path, threads: int) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "processing.engines.calibrate", spec.name, str(path), str(threads)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=True,
    )
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer


def _chosen(measured: list[dict[str, Any]]) -> Chosen:
    tried = [Tried(**each | {"candidate": Candidate(**each["candidate"])}) for each in measured]
    winner = best(tried)
    compared = sorted(
        (each for each in tried if not each.rate), key=lambda each: each.candidate.label != winner.candidate.label
    )
    words = [f"{each.candidate.label} {_figures(each)}" for each in compared]
    if winner.rate:
        laid = winner.candidate
        words.insert(1, f"{laid.threads} threads, {laid.streams} at once: {winner.rate:.1f} photos/s")
    return Chosen(winner.candidate, f"Measured here, fastest that agrees: {'; '.join(words)}."[:300])


def _figures(tried: Tried) -> str:
    if tried.note or tried.agreement is None:
        return tried.note or "has nothing to compare"
    kind = "seconds" if tried.candidate == CUDA else "processor seconds"
    return f"{tried.seconds:.2f} {kind} (IoU {tried.agreement:.4f})"


def _key(path: Path, threads: int) -> str:
    record = records.read(path.parent).get(path.name)
    digest = record.sha256 if record and record.size == path.stat().st_size else digest_of(path).sha256
    packages = [_version(name) for name in ("onnxruntime", "onnxruntime-gpu", "openvino")]
    parts = [_MEASURES, digest, str(threads), capabilities.processor(), capabilities.graphics(), *packages]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _read(folder: Path) -> dict[str, list[dict[str, Any]]]:
    try:
        content = json.loads((folder / _NAME).read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write(folder: Path, content: dict[str, list[dict[str, Any]]]) -> None:
    """A folder that cannot be written to means that the next start measures again."""
    draft = folder / f".{_NAME}.draft"
    try:
        draft.write_text(json.dumps(content, indent=2) + "\n")
        draft.replace(folder / _NAME)
    except OSError:
        return
