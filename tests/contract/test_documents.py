"""The documents against the running product: a fuzzer follows the OpenAPI document, newman the Postman collection."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from dashboard.api.families import FAMILIES
from tests.support import reachable
from tests.support.photos import product_photo
from tests.support.server import NO_LIMITS_BY_ADDRESS, Server

# This installation has no face-swap provider, so there is no swap to read either.
_WITHOUT_A_PROVIDER = {
    "Swap a face": 409,
    "Swap a face, the older call": 409,
    "Read a swap": 404,
    "Cancel a swap": 404,
}
# Nor is a shop connected to the organization.
_WITHOUT_A_SHOP = {"Publish an image": 400, "Read a publication": 404, "Put the old image back": 404}
# Whether bytes are a photo, an address has one and an id is one of ours: no schema can say that. What must be refused
# is refused (negative_data_rejection), and every answer is one that the document describes.
_NOT_FOR_SCHEMAS = "positive_data_acceptance"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One of its own: what the fuzzer leaves behind is no place for other tests."""
    settings = {**NO_LIMITS_BY_ADDRESS, "RATE_LIMIT_KEY_PER_MINUTE": "1000000"}
    running = Server(Path(tmp_path_factory.mktemp("documents")), settings=settings).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def key(product: Server) -> str:
    return product.organization("Documents", credits=100_000)["api_key"]


def header_for(family: str) -> str:
    """What stands before the key."""
    return "Authorization: Token " if family == "backgroundcut" else "x-api-key: "


def schemathesis(product: Server, key: str, family: str, *arguments: str) -> None:
    command = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            str(command), "run", f"{product.base}/api/v1/openapi?family={family}", "-H", f"{header_for(family)}{key}",
            "-H", "Prefer: respond-async", "--exclude-checks", _NOT_FOR_SCHEMAS, "--continue-on-failure",
            "--no-color", "--seed", "20261121", "--generation-database", "none", *arguments,
        ],
        capture_output=True,
        text=True,
        cwd=product.data_dir,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "generated" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("family", [family.slug for family in FAMILIES if family.slug != "legacy"])
def test_the_product_does_what_its_document_says(product: Server, key: str, family: str) -> None:
    schemathesis(product, key, family, "--phases", "examples,coverage")


@pytest.mark.slow
@pytest.mark.parametrize("family", [family.slug for family in FAMILIES])
def test_the_product_does_what_its_document_says_at_length(product: Server, key: str, family: str) -> None:
    # Only good data: schemathesis 4.32 cannot spoil a form with a file ("Unsupported type: 'Binary'"). Bad data is in
    # the phase above.
    schemathesis(product, key, family, "--phases", "fuzzing,stateful", "--mode", "positive", "--max-examples", "60")


@pytest.fixture(scope="module")
def collections_key(server: Server) -> str:
    return server.organization("Collections", credits=100_000)["api_key"]


@pytest.mark.newman
@pytest.mark.parametrize("family", [family.slug for family in FAMILIES])
def test_the_collection_runs(server: Server, collections_key: str, family: str, tmp_path: Path) -> None:
    """As somebody who has imported it, set apiKey and pressed Run, with photo.jpg in the working directory."""
    newman = reachable.newman()
    assert newman is not None
    collection = httpx2.get(f"{server.base}/api/v1/postman", params={"family": family}).json()
    (tmp_path / "collection.json").write_text(json.dumps(collection))
    (tmp_path / "photo.jpg").write_bytes(product_photo(2, size=(120, 100)))
    done = subprocess.run(
        [newman, "run", "collection.json", "--env-var", f"apiKey={collections_key}", "--reporters", "json,cli",
         "--reporter-json-export", "report.json"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:]
    run: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())["run"]
    assert run["stats"]["assertions"]["total"] >= 2 * run["stats"]["requests"]["total"] > 0
    statuses = {each["item"]["name"]: each["response"]["code"] for each in run["executions"]}
    requests = [item["name"] for folder in collection["item"] for item in folder["item"]]
    assert sorted(statuses) == sorted(requests)
    # Green because everything worked, not because every refusal is described.
    refused = {name: code for name, code in statuses.items() if code >= 300}
    if family == "faceswap":
        assert refused == _WITHOUT_A_PROVIDER
        return
    if not family:
        assert {name: refused.pop(name, 200) for name in _WITHOUT_A_SHOP} == _WITHOUT_A_SHOP
    assert refused.keys() <= {"Cancel a job"}, refused
    assert set(refused.values()) <= {409}, "the job may have ended before it was canceled"


@pytest.mark.newman
def test_the_collection_notices_a_wrong_key(server: Server, tmp_path: Path) -> None:
    newman = reachable.newman()
    assert newman is not None
    (tmp_path / "collection.json").write_text(httpx2.get(f"{server.base}/api/v1/postman").text)
    done = subprocess.run(
        [newman, "run", "collection.json", "--folder", "Credits", "--env-var", "apiKey=wrong"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
    )
    assert done.returncode != 0
    assert "The key is good" in done.stdout
