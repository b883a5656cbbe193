"""`make bench`: this product's pipeline, `rembg s` with the same weights, and the bare network, in one run.

They take turns on the same photos, every photo unique. Single times on a shared machine mean little: read ratios.
rembg's command line needs an older Pillow and gets a virtual environment of its own (.venv-rembg).
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from processing.engines.candidate import REFERENCE
from tests.benchmarks.bare_pipeline import MODEL
from tests.benchmarks.unique_photos import photos
from tests.support import reachable
from tests.support.server import free_port

ROOT = Path(__file__).resolve().parents[2]
PEER = ROOT / ".venv-rembg"
SIZES = (1, 4, 12)
ROUNDS = int(os.environ.get("ROUNDS", "5"))


@dataclass
class Contestant:
    name: str
    port: int
    process: subprocess.Popen[bytes]
    send: Callable[[int, bytes], bytes]
    seconds: dict[float, list[float]] = field(default_factory=dict)
    per_second: dict[float, float] = field(default_factory=dict)

    def take(self, megapixels: float, photo: bytes) -> None:
        started = time.perf_counter()
        self.send(self.port, photo)
        self.seconds.setdefault(megapixels, []).append(time.perf_counter() - started)

    def many(self, megapixels: float, batch: list[bytes]) -> None:
        started = time.perf_counter()
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda photo: self.send(self.port, photo), batch))
        self.per_second[megapixels] = len(batch) / (time.perf_counter() - started)

    def median(self, megapixels: float) -> float:
        return statistics.median(self.seconds[megapixels])

    def spread(self, megapixels: float) -> str:
        taken = self.seconds[megapixels]
        return f"{statistics.median(taken):.2f} ({min(taken):.2f}-{max(taken):.2f})"

    def peak_mib(self) -> int:
        """Of the serving process, from the kernel (VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) // 1024


def plain_post(port: int, photo: bytes) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/", data=photo), timeout=300) as answer:
        body: bytes = answer.read()
        return body


def rembg_post(port: int, photo: bytes) -> bytes:
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\n{MODEL}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + photo + f"\r\n--{boundary}--\r\n".encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/remove",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    with urllib.request.urlopen(request, timeout=300) as answer:
        png: bytes = answer.read()
        return png


def install_peer() -> None:
    if (PEER / "bin" / "rembg").exists():
        return
    print("Installing rembg's command line into .venv-rembg (once) …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(PEER)], check=True)
    pinned = ["rembg[cpu,cli]==2.0.86", "pillow<13", "onnxruntime==1.23.2"]
    subprocess.run([str(PEER / "bin" / "pip"), "install", "--quiet", *pinned], check=True)


@contextmanager
def running(models_dir: Path, log: Path) -> Iterator[list[Contestant]]:
    """The contestants, warm: rembg computes its network with ONNX Runtime, this product with what is fastest here."""
    commands = {
        "packshot": [
            sys.executable,
            "-m",
            "tests.benchmarks.bare_pipeline",
            "pipeline",
            "PORT",
            str(models_dir),
            "auto",
        ],
        "network": [sys.executable, "-m", "tests.benchmarks.bare_pipeline", "network", "PORT", str(models_dir), "auto"],
        "rembg's network": [
            sys.executable,
            "-m",
            "tests.benchmarks.bare_pipeline",
            "network",
            "PORT",
            str(models_dir),
            REFERENCE.label,
        ],
        "rembg s": [str(PEER / "bin" / "rembg"), "s", "--host", "127.0.0.1", "--port", "PORT", "--no-ui"],
    }
    environment = os.environ | {
        "U2NET_HOME": str(models_dir), "MODEL_CHECKSUM_DISABLED": "1", "OMP_NUM_THREADS": "2", "ENV_FILE": "",
    }  # fmt: skip
    contestants = []
    with log.open("wb") as output:
        for name, command in commands.items():
            port = free_port()
            command = [str(port) if part == "PORT" else part for part in command]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
            contestants.append(Contestant(name, port, process, rembg_post if name == "rembg s" else plain_post))
    try:
        for contestant in contestants:
            warm_up(contestant, log)
        yield contestants
    finally:
        for contestant in contestants:
            contestant.process.kill()
            contestant.process.wait()


def warm_up(contestant: Contestant, log: Path) -> None:
    photo = next(photos(0.3, 1, seed=99))
    deadline = time.monotonic() + 300
    while True:
        try:
            contestant.send(contestant.port, photo)
            return
        except urllib.error.HTTPError as error:
            said = f"{error.read()[:300]!r}\n{log.read_text()[-2000:]}"
            raise SystemExit(f"{contestant.name} answers {error.code}: {said}") from None
        except OSError:
            if contestant.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{contestant.name} did not start:\n{log.read_text()[-2000:]}") from None
            time.sleep(0.3)


def main() -> None:
    models_dir = reachable.models_dir()
    if models_dir is None:
        raise SystemExit("The segmentation model is not here. Run: make model")
    install_peer()
    with running(models_dir, ROOT / "data" / "bench.log") as contestants:
        for megapixels in SIZES:
            for photo in photos(megapixels, ROUNDS):
                for contestant in contestants:
                    contestant.take(megapixels, photo)
        for megapixels in SIZES:
            for seed, contestant in enumerate(contestants, start=1):
                contestant.many(megapixels, list(photos(megapixels, 6, seed=seed)))
        report(contestants)


def report(contestants: list[Contestant]) -> None:
    ours, network, peers_network, peer = contestants
    print(f"\n{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    print(f"{MODEL}, PNG out, medians of {ROUNDS} (min-max), every photo unique; photos/s with two at a time\n")
    print(f"{'':16}" + "".join(f"{f'{size} MP, s':>24}" for size in SIZES) + f"{'photos/s':>22}{'peak MiB':>10}")
    for contestant in contestants:
        times = "".join(contestant.spread(size).rjust(24) for size in SIZES)
        rates = " ".join(f"{contestant.per_second[size]:.2f}" for size in SIZES)
        print(f"{contestant.name:16}{times}{rates:>22}{contestant.peak_mib():>10}")
    print()
    for size in SIZES:
        floor = network.median(size)
        beyond, peers = ours.median(size) - floor, peer.median(size) - peers_network.median(size)
        print(
            f"{size:>2} MP: {peer.median(size) / ours.median(size):.2f} times as fast as rembg s; "
            f"{ours.median(size) / floor:.2f} times the bare network; "
            f"beyond the network {1000 * beyond:.0f} ms against {1000 * peers:.0f} ms ({beyond / peers:.2f} of rembg's)"
        )
    print(f"peak memory: {ours.peak_mib() / peer.peak_mib():.2f} of rembg's")


if __name__ == "__main__":
    main()
