"""Clients of other services against the running product: another address and key, everything else as it was."""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser

from tests.support.photos import opened, product_photo
from tests.support.remote import remote, says, whole
from tests.support.server import ROOT, Server

pytestmark = pytest.mark.slow
PROGRAMS = ROOT / "tests" / "support" / "programs"
PHOTO = product_photo(3, size=(120, 100))
BLACK, GREY, WHITE = 0, 127, 255
# Upper left, upper right, lower left, lower right, in the order in which the programs ask for the gradients.
CORNERS = {
    "vertical": (BLACK, BLACK, WHITE, WHITE),
    "horizontal": (BLACK, WHITE, BLACK, WHITE),
    "diagonal-tl-br": (BLACK, GREY, GREY, WHITE),
    "diagonal-bl-tr": (GREY, WHITE, BLACK, GREY),
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that may fetch photos from this machine."""
    allowed = {"OUTBOUND_ALLOWED_HOSTS": "127.0.0.1"}
    running = Server(Path(tmp_path_factory.mktemp("families")), settings=allowed).start()
    yield running
    running.stop(within=60)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["sh", "heyswap.sh"], id="curl and jq"),
        pytest.param(["node", "heyswap.mjs"], id="JavaScript"),
        pytest.param([sys.executable, "heyswap_client.py"], id="Python"),
        pytest.param(["php", "heyswap.php"], id="PHP", marks=pytest.mark.php),
    ],
)
def test_programs_of_heyswap(product: Server, command: list[str], request: pytest.FixtureRequest) -> None:
    if "heyswap.sh" in command and shutil.which("jq") is None:
        assert os.environ.get("REQUIRE_ALL") != "1", "jq is not installed"
        pytest.skip("jq is not installed")
    name = "".join(character for character in request.node.callspec.id if character.isalpha())
    key = product.organization(name, credits=10)["api_key"]
    with remote(says(whole(PHOTO))) as there:
        surroundings = {**os.environ, "BASE": product.base, "KEY": key, "IMAGE": there.url("/mug.jpg")}
        done = subprocess.run(command, cwd=PROGRAMS, env=surroundings, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr + done.stdout
    *urls, left = done.stdout.split()
    assert (len(urls), left) == (6, "4"), done.stdout
    plain, red, *gradients = (opened(httpx2.get(url).content) for url in urls)
    assert (plain.format, plain.mode, plain.size) == ("PNG", "RGBA", (120, 100))
    assert plain.getchannel("A").getpixel((0, 0)) == 0
    assert near(red.getpixel((0, 0)), (255, 0, 0))
    for (direction, corners), image in zip(CORNERS.items(), gradients, strict=True):
        found = [image.convert("L").getpixel(at) for at in ((0, 0), (119, 0), (0, 99), (119, 99))]
        assert near(found, corners), direction


def near(found: Any, wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


_FLOW = """async ({ base, token, photo }) => {
  const headers = { Authorization: `AccessToken ${token}` };
  const call = (path, init = {}) => fetch(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers } });
  const bytes = Uint8Array.from(atob(photo), (character) => character.charCodeAt(0));
  const form = new FormData();
  form.append("files", new Blob([bytes], { type: "image/jpeg" }), "photo.jpg");
  form.append("upload_path", "shop");
  const uploaded = await call("/v3/file-ops/upload/", { method: "POST", body: form });
  const [path] = (await uploaded.json()).file_paths;
  const processed = await call("/v3/tools/ai/remove-bg/process/", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ input_file_path: path, output_variants: [
      { output_file_path: "shop/full.png" }, { output_file_path: "shop/thumb.webp", max_resolution: 2500 },
    ] }),
  });
  const read = await call("/v3/files/shop/full.png");
  const bitmap = await createImageBitmap(await read.blob());
  const removed = await call("/v3/files/shop/thumb.webp", { method: "DELETE" });
  const outside = await call("/v3/file-ops/usage/");
  const mainFamily = await call("/api/v1/files").then(() => "answered", (error) => error.name);
  return {
    statuses: [uploaded, processed, read, removed, outside].map((each) => each.status),
    size: [bitmap.width, bitmap.height],
    etag: read.headers.get("ETag"),
    charged: processed.headers.get("X-Credits-Charged"),
    outside: await outside.json(),
    mainFamily,
  };
}"""


@pytest.mark.browser
def test_a_page_of_another_origin_uses_a_token(product: Server, browser: Browser) -> None:
    """The server of a shop holds the key and makes the token; its page in the browser calls this product."""
    key = {"Authorization": f"Token {product.organization('Browser', credits=10)['api_key']}"}
    paths = ["/v3/file-ops/upload/", "/v3/tools/*", "/v3/files/shop/*"]
    made = httpx2.post(f"{product.base}/v3/auth/access-token/", headers=key, json={"paths": paths, "expires_in": 300})
    token = made.json()["access_token"]
    shop = says(whole(b"<!doctype html><title>Shop</title>", headers="Content-Type: text/html\r\n"))
    with remote(shop) as there, browser.new_context() as context:
        page = context.new_page()
        page.goto(there.url("/"))
        photo = base64.b64encode(PHOTO).decode()
        found = page.evaluate(_FLOW, {"base": product.base, "token": token, "photo": photo})
    assert found["statuses"] == [200, 200, 200, 200, 401]
    assert (found["size"], found["charged"]) == ([120, 100], "1")
    assert found["etag"]
    assert found["outside"]["code"] == "unauthorized"
    assert found["mainFamily"] == "TypeError"  # the browser keeps its answer from the page
    left = httpx2.get(f"{product.base}/v3/file-ops/usage/", headers=key).json()
    assert left["file_count"] == 2
