"""Digests of model files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from processing.engines.spec import ModelFile

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Digest:
    """Both digests of one file, in hexadecimal: the published lists know a file by the one or the other."""

    sha256: str
    md5: str

    def is_one_of(self, file: ModelFile) -> bool:
        """Whether it is a published version of that file."""
        return bool({f"sha256:{self.sha256}", f"md5:{self.md5}"} & set(file.digests))


def digest_of(path: Path) -> Digest:
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as content:
        while block := content.read(_BLOCK):
            sha256.update(block)
            md5.update(block)
    return Digest(sha256.hexdigest(), md5.hexdigest())
