"""A face swap by a real worker process: over HTTP in, made by the worker's own threads, over HTTP out."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.support.discord import SERVER, Person, discord
from tests.support.photos import opened, product_photo
from tests.support.receiver import eventually
from tests.support.server import Server


@pytest.mark.slow
def test_from_the_account_to_the_picture(tmp_path: Path) -> None:
    with discord() as world:
        world.people["a token"] = Person(used=7)
        settings = {"DISCORD_API_URL": world.base, "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1"}
        server = Server(tmp_path, settings).start()
        try:
            key = server.organization("Swaps")["api_key"]
            headers = {"Authorization": f"Bearer {key}"}
            with httpx2.Client(base_url=f"{server.base}/v1/faceswap", headers=headers, timeout=30) as api:
                account = {"channel": "11", "server": SERVER, "discord": "a token"}
                assert api.post("/account/11", json=account).status_code == 204
                # The worker asks for the credits without being told to.
                assert eventually(lambda: api.get("/account/11").json().get("credits", {}).get("used") == 7, 60)
                pictures = {name: ("a.jpg", product_photo(1)) for name in ("source_image", "target_image")}
                jobid = ""

                def taken() -> bool:
                    nonlocal jobid
                    jobid = api.post("/picsi", files=pictures).json().get("jobid", "")
                    return bool(jobid)

                assert eventually(taken), "free once it was asked"
                assert eventually(
                    lambda: api.get("/jobs/", params={"jobid": jobid}).json()["status"] == "completed", 60
                )
                done = api.get("/jobs/", params={"jobid": jobid}).json()
                assert opened(httpx2.get(done["attachments"][0]["url"]).content).size == (90, 70)
                assert api.get("/account/11").json()["credits"]["used"] == 8
            assert world.collisions == 0
        finally:
            server.stop()
