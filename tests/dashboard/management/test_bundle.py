"""The bundle installs, starts and makes an image on a machine that has Python and no network at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import reachable
from tests.support.photos import opened, product_photo
from tests.support.server import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.offline]
_PROGRAM = ROOT / "tests" / "support" / "programs" / "first_photo.py"


def ran(*command: str, cwd: Path, **settings: str) -> str:
    """With nothing of this environment but where programs are found."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8"} | settings,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def test_one_file_is_all_that_a_machine_without_a_network_needs(tmp_path: Path) -> None:
    bundle, target = tmp_path / "packshot.tar.gz", tmp_path / "opt"
    made = subprocess.run(
        [sys.executable, "manage.py", "bundle", str(bundle)],
        cwd=ROOT,
        env=os.environ
        | {
            "DATA_DIR": str(tmp_path / "data"),
            "MODELS_DIR": str(reachable.models_dir()),
            "SEGMENTATION_MODEL": "isnet-general-use",
        },
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "With the model isnet-general-use" in made.stdout
    (tmp_path / "photo.jpg").write_bytes(product_photo(1, size=(900, 700)))

    alone = ["unshare", "--net"]
    ran(*alone, "tar", "xzf", str(bundle), cwd=tmp_path)
    bundle.unlink()
    for kept_back in (".env", "data", "tests", ".git"):
        assert not (tmp_path / "packshot" / kept_back).exists(), kept_back
    # Compiling every library takes longer than unpacking them, and is of no use to a single start.
    said = ran(*alone, "packshot/install.sh", str(target), cwd=tmp_path, PYTHON=sys.executable, PIP_NO_COMPILE="1")
    assert f"Packshot is in {target}" in said
    # Without the race of the runtimes, which takes longer than all the rest.
    found = ran(
        *alone, ".venv/bin/python", str(_PROGRAM), str(tmp_path / "photo.jpg"), str(tmp_path / "image.jpg"),
        cwd=target, INFERENCE_RUNTIME="onnxruntime-cpu",
    )  # fmt: skip
    assert json.loads(found) == {"engine": "isnet-general-use", "outside": []}
    assert opened((tmp_path / "image.jpg").read_bytes()).size == (900, 700)
