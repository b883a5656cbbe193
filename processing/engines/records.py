"""What was checked about the files in MODELS_DIR, kept beside them in models.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "models.json"


@dataclass(frozen=True, slots=True)
class Record:
    """`origin`: where the file came from. `known`: it has a published digest; else only its loading was tried."""

    sha256: str
    size: int
    origin: str
    known: bool
    added: str


def read(models_dir: Path) -> dict[str, Record]:
    """The records by file name; empty where nothing was recorded or the record cannot be read."""
    try:
        content = json.loads((models_dir / _NAME).read_text())
        return {name: Record(**fields) for name, fields in content.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def write(models_dir: Path, name: str, record: Record) -> None:
    """Adds or replaces the record of one file. Call it inside `store.opened`."""
    records = read(models_dir) | {name: record}
    text = json.dumps({key: asdict(value) for key, value in sorted(records.items())}, indent=2)
    draft = models_dir / f".{_NAME}.draft"
    draft.write_text(text + "\n")
    draft.replace(models_dir / _NAME)
