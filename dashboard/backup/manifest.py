"""What a backup says of itself: where it comes from, and the SHA-256 of every part."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

FORMAT = 1
NAME = "manifest.json"
# How the name of a folder begins that is not a backup yet, or not any more.
DRAFT = ".making-"


class Damaged(Exception):
    """It is not what was written, or no backup at all; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """`file` and its `sha256` in the backup; `digest` is over the rows in any order."""

    file: str
    rows: int
    digest: str
    sha256: str


@dataclass(slots=True)
class Manifest:
    """`absent`: images that had a row and no file. `migrations`: pairs of app and name. `keys`: see `keys.py`."""

    product: str
    made_at: str
    database: str
    migrations: list[list[str]]
    tables: dict[str, Table] = field(default_factory=dict)
    with_files: bool = True
    files: int = 0
    bytes: int = 0
    files_sha256: str = ""
    absent: list[str] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    content = asdict(manifest)
    path = folder / NAME
    path.write_text(json.dumps(content | {"sha256": _sha256(content)}, indent=1, sort_keys=True) + "\n")
    path.chmod(0o600)


def read(folder: Path) -> Manifest:
    """Raises Damaged."""
    try:
        content = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        raise Damaged(f"{folder} holds no backup: there is no {NAME} in it.") from None
    except ValueError:
        raise Damaged(f"{NAME} of {folder.name} is damaged: it is not JSON.") from None
    if not isinstance(content, dict):
        raise Damaged(f"{NAME} of {folder.name} is damaged: it is no object.")
    if content.get("format") != FORMAT:
        raise Damaged(f"{folder.name} is a backup of format {content.get('format')}; this product reads {FORMAT}.")
    if content.pop("sha256", "") != _sha256(content):
        raise Damaged(f"{NAME} of {folder.name} is damaged: it is not what was written.")
    tables = {name: Table(**each) for name, each in content.pop("tables").items()}
    return Manifest(**content, tables=tables)


def backups(store: Path) -> list[Path]:
    """The finished ones, oldest first."""
    return sorted(path.parent for path in store.glob(f"*/{NAME}") if not path.parent.name.startswith("."))


def file_sha256(path: Path) -> str:
    """In hex, read in pieces. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def lines(path: Path) -> Iterator[str]:
    with path.open() as file:
        for line in file:
            yield line.rstrip("\n")


def product_version() -> str:
    found = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    version: str = found["project"]["version"]
    return version


def _sha256(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
