"""Checks the files of a model that are on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from processing.engines import places, records
from processing.engines.digests import digest_of
from processing.engines.spec import ModelSpec


@dataclass(frozen=True, slots=True)
class Finding:
    """`good` is None where the model is not installed."""

    good: bool | None
    detail: str


def verify(spec: ModelSpec, models_dir: Path) -> Finding:
    """Compares every file with its published digests, or with what was recorded when the user added it."""
    if not spec.files:
        return Finding(True, "built in, no file")
    paths = places.installed(spec, models_dir)
    if paths is None:
        return Finding(None, "not installed")
    own = False
    for file, path in zip(spec.files, paths, strict=True):
        digest = digest_of(path)
        if digest.is_one_of(file):
            continue
        record = records.read(path.parent).get(path.name)
        if record is None:
            return Finding(False, f"{path} is no published version of this file (SHA-256 {digest.sha256})")
        if record.sha256 != digest.sha256:
            return Finding(False, f"{path} was changed since {record.added} (SHA-256 {digest.sha256})")
        own = True
    origin = "your own file, unchanged" if own else "a published version"
    return Finding(True, f"{origin}: {', '.join(str(path) for path in paths)}")
