"""The commands of the API reference, copied from the page into a shell with nothing but the key put in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import httpx2
import pytest

from dashboard.api.families import FAMILIES
from dashboard.api.reference import calls_of
from tests.support.photos import product_photo
from tests.support.server import Server

_SOME_ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
# What only the reader has: a shop, a provider, a token, an account that was made before.
_ELSEWHERE = {
    "createPublication": 404,
    "faceSwapPicsi": 409,
    "faceSwapSwap": 409,
    "refreshToken": 401,
    "listFaceSwapAccounts": 404,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    if shutil.which("curl") is None:
        assert os.environ.get("REQUIRE_ALL") != "1", "curl is not installed"
        pytest.skip("curl is not installed")
    for index, name in enumerate(("photo", "source", "target")):
        (tmp_path / f"{name}.jpg").write_bytes(product_photo(index, size=(120, 100)))
    return tmp_path


@pytest.mark.parametrize("family", [family.slug for family in FAMILIES])
def test_every_command_works_as_it_stands(server: Server, family: str, folder: Path) -> None:
    key = server.organization(f"commands-{family or 'main'}", credits=1000)["api_key"]
    document = httpx2.get(f"{server.base}/api/v1/openapi", params={"family": family}).json()
    calls = [call for tag in document["tags"] for call in calls_of(document, tag["name"])]
    assert calls
    for call in calls:
        command = call.examples[0].text
        status, answer = _run(command.replace("<YOUR_API_KEY>", key), folder)
        expected = _ELSEWHERE.get(call.id, 404 if _SOME_ID in command else 200)
        assert status == expected or 200 == expected <= status < 300, (command, status, answer)


def _run(command: str, folder: Path) -> tuple[int, bytes]:
    told = command.replace("curl ", "curl -s -o answer -w '%{http_code}' ", 1)
    done = subprocess.run(["sh", "-c", told], capture_output=True, text=True, cwd=folder, timeout=120, check=True)
    return int(done.stdout), (folder / "answer").read_bytes() if (folder / "answer").exists() else b""
