"""The peers: `rembg s` and IMG.LY's package for Node, each installed in a folder of its own, once.

rembg's command line needs an older Pillow than this product, and IMG.LY's sharp a newer one than it asks for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.bare_pipeline import MODEL
from tests.benchmarks.speed import posting
from tests.benchmarks.speed.contestant import Contestant
from tests.benchmarks.speed.started import NotThere, start
from tests.support.server import ROOT, free_port

REMBG = ROOT / ".venv-rembg"
IMGLY = ROOT / ".venv-imgly"  # no Python in it, but ignored by git as its neighbour
_REMBG_WANTED = ["rembg[cpu,cli]==2.0.86", "pillow<13", "onnxruntime==1.23.2"]
_IMGLY_WANTED = {
    "private": True,
    "dependencies": {"@imgly/background-removal-node": "1.4.5"},
    "overrides": {"sharp": "0.33.5"},
}
VERSIONS = {"rembg": "2.0.86", "imgly": "1.4.5"}


def rembg(models_dir: Path, log: Path) -> Contestant:
    """Raises NotThere where it cannot be installed."""
    program = REMBG / "bin" / "rembg"
    if not program.exists():
        print("Installing rembg's command line into .venv-rembg (once) …", flush=True)
        _run([sys.executable, "-m", "venv", str(REMBG)], "Python's venv")
        _run([str(REMBG / "bin" / "pip"), "install", "--quiet", *_REMBG_WANTED], "pip")
    port = free_port()
    address = f"http://127.0.0.1:{port}/api/remove"
    return start(
        "rembg",
        f"rembg s {VERSIONS['rembg']}",
        [str(program), "s", "--host", "127.0.0.1", "--port", str(port), "--no-ui"],
        lambda photo: posting.form(address, photo, {"model": MODEL}),
        address=address,
        environment={"U2NET_HOME": str(models_dir), "MODEL_CHECKSUM_DISABLED": "1", "OMP_NUM_THREADS": "2"},
        log=log,
    )


def rembg_mask(contestant: Contestant, photo: bytes) -> bytes:
    """rembg's mask of a photo as PNG, as its network and nothing after it makes it."""
    return posting.form(contestant.address, photo, {"model": MODEL, "om": "true"})


def imgly(log: Path) -> Contestant:
    """Raises NotThere where Node is missing or npm cannot install it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise NotThere("Node or npm is not installed.")
    if not (IMGLY / "node_modules" / "@imgly" / "background-removal-node").is_dir():
        print("Installing IMG.LY's package into .venv-imgly (once) …", flush=True)
        IMGLY.mkdir(exist_ok=True)
        (IMGLY / "package.json").write_text(json.dumps(_IMGLY_WANTED))
        _run([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], "npm", cwd=IMGLY)
    port = free_port()
    server = Path(__file__).with_name("imgly_server.mjs")
    return start(
        "imgly",
        f"IMG.LY {VERSIONS['imgly']}, medium",
        [node, str(server), str(port), str(IMGLY)],
        lambda photo: posting.whole(f"http://127.0.0.1:{port}/", photo),
        address=f"http://127.0.0.1:{port}/",
        environment={},
        log=log,
    )


def _run(command: list[str], what: str, *, cwd: Path = ROOT) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=900)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotThere(f"{what} could not install it: {error}") from None
    if done.returncode:
        raise NotThere(f"{what} could not install it: {done.stderr.strip()[-400:]}")
