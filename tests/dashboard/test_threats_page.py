"""The page of threats names the tests that show what it says: each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_named_test_exists() -> None:
    page = (ROOT / "templates" / "docs" / "threats.html").read_text()
    named = re.findall(r"<code>(tests/[a-z_/0-9]+\.py)::(test_[a-z_0-9]+)</code>", page)
    assert len(named) > 60
    missing = [
        f"{file}::{name}"
        for file, name in dict.fromkeys(named)
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text()
    ]
    assert not missing
