"""`make load`, a short one: people and programs of all four API families at once, and nothing goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.load.figures import written
from tests.support.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis, pytest.mark.locust]


def test_a_short_load_ends_without_an_error(tmp_path: Path) -> None:
    file = tmp_path / "load.json"
    wanted = {"MINUTES": "0.35", "USERS": "5", "CLIENTS": "4", "FAST": "1", "PAUSE": "0.2", "JSON": str(file)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"],
        cwd=ROOT,
        env=os.environ | wanted,
        capture_output=True,
        text=True,
        timeout=900,
    )
    said = done.stdout[-6000:] + done.stderr[-3000:]
    assert done.returncode == 0, said
    assert "Errors: 0" in said
    found = json.loads(file.read_text())
    assert found["errors"] == {}
    assert set(found["images"]) == {"Studio", "v1", "heyswap", "backgroundcut", "faceswap"}, "each has had its images"
    for name in ("page: library", "part: library, search", "page: jobs", "page: catalog", "page: settings"):
        assert found["requests"][name]["count"], name
    assert {"web", "images", "shops", "database", "redis", "generator"} <= set(found["shares"])
    assert 0 < found["shares"]["generator"] < 1
    assert found["drained"] < 300
    assert found["web"]["GET /studio/strip/"]["ms"] > 0
    assert "<h2>Load</h2>" in written(found)
