"""Whether a backup is what was written: every part is read and its SHA-256 compared. Nothing is changed."""

from __future__ import annotations

from pathlib import Path

from dashboard.backup import files, keys, manifest
from dashboard.backup.manifest import Damaged, Manifest


def newest_or_named(source: Path) -> Path:
    """`source` itself where it is a backup, else the newest in it. Raises Damaged."""
    if source.name.startswith(manifest.DRAFT):
        raise Damaged(f"{source} was interrupted before it was whole. The next backup there clears it away.")
    if (source / manifest.NAME).is_file():
        return source
    found = manifest.backups(source)
    if not found:
        raise Damaged(f"{source} holds no finished backup.")
    return found[-1]


def problems(folder: Path, said: Manifest) -> list[str]:
    """What is wrong with it, a sentence each; reads as much as a restore would."""
    found = []
    for name, table in sorted(said.tables.items()):
        found += _compared(folder / "rows" / table.file, table.sha256, f"rows of {name}")
    listed = folder / files.LIST
    wrong = _compared(listed, said.files_sha256, "entries of the list of images")
    found += wrong
    if said.keys["included"]:
        found += _compared(folder / keys.FILE, said.keys["sha256"], "keys")
    if said.with_files and not wrong:
        absent = set(said.absent)
        found += [
            f"The image {path} is missing or damaged."
            for path, _ in files.entries(listed)
            if path not in absent and not files.is_whole(folder.parent, path)
        ]
    return found


def _compared(path: Path, wanted: str, what: str) -> list[str]:
    try:
        same = manifest.file_sha256(path) == wanted
    except FileNotFoundError:
        return [f"The {what} ({path.name}) are missing."]
    return [] if same else [f"The {what} ({path.name}) are damaged."]
