"""Where the files of a model may already lie."""

from __future__ import annotations

import os
from pathlib import Path

from processing.engines.spec import ModelSpec


def installed(spec: ModelSpec, models_dir: Path) -> tuple[Path, ...] | None:
    """The paths of all files of a model, in the order of `spec.files`, or None where one is missing.

    All of them in one folder: MODELS_DIR first, then the folders in which rembg keeps its models.
    """
    for folder in (models_dir, *_rembg_folders(spec.name)):
        paths = tuple(folder / file.name for file in spec.files)
        if all(path.is_file() for path in paths):
            return paths
    return None


def _rembg_folders(name: str) -> list[Path]:
    """`$U2NET_HOME` decides over `$REMBG_HOME`, as in rembg; both layouts that it has used are looked at."""
    old = os.environ.get("U2NET_HOME")
    data = os.environ.get("XDG_DATA_HOME")
    new = old or os.environ.get("REMBG_HOME") or (f"{data}/rembg" if data else "~/.rembg")
    flat = old or f"{data or '~'}/.u2net"
    return [Path(new).expanduser() / "models" / name, Path(flat).expanduser()]
