"""The disk is full in the middle of the work, on one machine with its own files, and somebody makes room."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.accounted import accounted
from tests.support.fleet import fleet
from tests.support.fleet_client import FleetClient
from tests.support.load import load
from tests.support.photos import product_photo
from tests.support.receiver import receiver
from tests.support.server import organization_made_by

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
DISK_MB = 12


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(place)], capture_output=True, text=True
    )
    if mounted.returncode:
        assert os.environ.get("REQUIRE_ALL") != "1", f"a disk of its own cannot be mounted: {mounted.stderr}"
        pytest.skip("a disk of its own cannot be mounted here (root may)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_full_and_emptied(tmp_path: Path, small_disk: Path) -> None:
    files, uploads = small_disk / "files", small_disk / "uploads"
    files.mkdir()
    uploads.mkdir()
    with (
        fleet(
            tmp_path,
            STORAGE_URL=f"file://{files}",
            UPLOAD_TEMP_DIR=str(uploads),
            OUTBOUND_ALLOWED_HOSTS="127.0.0.1",
            COMPLIANCE_BADGES="0",
            RATE_LIMIT_KEY_PER_MINUTE="1000000",
        ) as running,
        receiver() as hooks,
    ):
        running.part("web", "web")
        running.part("worker", "worker")
        running.ready(within=300)
        made = organization_made_by(running.beside, "Full", 1000)
        client = FleetClient(running, made["api_key"])
        # Every third is so large that it passes through a temporary file on its way.
        sizes = lambda seed: product_photo(seed, size=(320, 260) if seed % 3 else (1500, 1200), format="PNG")  # noqa: E731
        with load(client, 30, hook=hooks.url(), photo=sizes) as work:
            while work.accepted < 8:
                time.sleep(0.02)
            with (small_disk / "somebody-elses").open("wb") as filler:
                try:
                    while True:
                        os.write(filler.fileno(), b"\0" * 4096)
                except OSError:
                    pass
            time.sleep(1)
            tries = client.tries
            time.sleep(3)
            refused = client.tries - tries
            (small_disk / "somebody-elses").unlink()
        accounted(
            running,
            made["organization"],
            work.jobs(),
            fault=f"the disk full for 4 s, {refused} calls refused",
            receiver=hooks,
        )
        assert refused, "what cannot be kept is refused, to be sent again"
        assert not [path for path in files.rglob(".*") if path.is_file()], "no half file is left"
        assert not list(uploads.iterdir())
