"""What is imported when: seconds and hundreds of megabytes hang on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.tiny_networks import brightness_network


def _loaded_after(code: str) -> set[str]:
    asked = f"{code}\nimport sys\nprint('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.rpartition("loaded ")[2].split())


def test_asking_which_models_there_are_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = _loaded_after(
        "from pathlib import Path\n"
        "from processing.engines import fetch, load, registry\n"
        f"print(load.available(Path({str(tmp_path)!r})))"
    )
    assert "processing.engines.load" in loaded
    assert not loaded & {"numpy", "cv2", "onnxruntime", "rembg", "numba", "PIL", "httpx2"}


def test_the_default_engine_never_loads_rembg(tmp_path: Path) -> None:
    brightness_network(tmp_path / "isnet-general-use.onnx", side=1024)
    loaded = _loaded_after(
        "from pathlib import Path\n"
        "import numpy\n"
        "from processing.engines import load\n"
        f"engine = load.default(Path({str(tmp_path)!r}), 'isnet-general-use', threads=1)\n"
        "engine.mask(numpy.zeros((20, 30, 3), numpy.uint8))\n"
        "assert engine.name == 'isnet-general-use'"
    )
    assert "onnxruntime" in loaded
    assert not loaded & {"rembg", "numba", "pymatting", "scipy", "skimage"}
