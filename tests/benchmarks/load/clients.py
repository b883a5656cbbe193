"""Programs at the API, five of each family: they upload, ask, wait, list and download."""

from __future__ import annotations

import json
import random
from typing import Any

import gevent
from locust import task

from tests.benchmarks.load.asking import Asking, arrived, is_image, multipart

_JSON = {"Content-Type": "application/json"}


class Client(Asking):
    """`family` chooses the keys of the plan."""

    abstract = True
    family = ""
    pauses = (20.0, 40.0)

    def on_start(self) -> None:
        self.key = self.plan.keys[self.family].pop(0)

    def call(self, method: str, path: str, name: str, *words: str, **sent: Any) -> Any:
        headers = self.credential() | sent.pop("headers", {})
        if "json" in sent:
            sent["data"], headers = json.dumps(sent.pop("json")), headers | _JSON
        return self.ask(method, path, name, *words, headers=headers, **sent)

    def credential(self) -> dict[str, str]:
        return {"x-api-key": self.key}

    def fetch(self, url: str, name: str, *, weight: int | None = None) -> None:
        """The image itself; `weight` in bytes, where the answer said it."""
        data = self.ask("GET", url.replace(self.plan.base, ""), name).content
        if not is_image(data) or (weight is not None and len(data) != weight):
            self.until(name, lambda: f"what arrived is not the image ({len(data)} bytes)")
        arrived[self.family] += 1


class MainFamily(Client):
    family = "v1"

    def on_start(self) -> None:
        super().on_start()
        self.begin(self.job)

    @task(3)
    def job(self) -> None:
        sent = self.call(
            "POST", "/api/v1/files", "api: upload", "fileId", status=(201,), **multipart({}, file=self.photo())
        )
        wanted = {"fileId": sent.json()["fileId"], "preset": "amazon-main", "presetLabel": "Load"}
        made = self.call("POST", "/api/v1/jobs", "api: submit a job", "statusUrl", status=(202,), json=wanted)
        self._end_of(made.json()["jobId"])

    @task(2)
    def process(self) -> None:
        sent = multipart({"preset": "shopify-square"}, image=self.photo())
        answer = self.call("POST", "/api/v1/process", "image: /api/v1/process", "jobId", status=(200, 202), **sent)
        found = answer.json()
        if answer.status_code == 202:
            self._end_of(found["jobId"])
        else:
            self.fetch(found["output"]["url"], "file: image of the API", weight=found["output"]["bytes"])

    @task(3)
    def look(self) -> None:
        path, word = random.choice(
            (("jobs?limit=20", "jobs"), ("files?limit=20", "files"), ("catalog?limit=20", "SKU-"),
             ("connections", "connections"), ("user/credits", "credits"))
        )  # fmt: skip
        self.call("GET", f"/api/v1/{path}", f"api: GET {path.partition('?')[0]}", word)

    def _end_of(self, job: str) -> None:
        last: dict[str, Any] = {}

        def ended() -> str:
            last.update(self.call("GET", f"/api/v1/jobs/{job}", "api: poll a job", "progress").json())
            state = last["status"]
            if state in ("queued", "running"):
                gevent.sleep(1)
                return ""
            return "ok" if state == "succeeded" else f"{state}: {last['error']}"

        self.until("job: a job of the API", ended)
        (output,) = last["outputs"]
        self.fetch(output["url"], "file: image of the API", weight=output["bytes"])


class HeySwap(Client):
    family = "heyswap"

    def on_start(self) -> None:
        super().on_start()
        answer = self.ask(
            "POST", "/api/token", "api: token", "access_token", data=json.dumps({"key": self.key}), headers=_JSON
        )
        self.key = answer.json()["access_token"]
        self.begin(self.remove_background)

    def credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @task(2)
    def remove_background(self) -> None:
        sent = multipart({"output_format": "jpg", "bg_color": "#ff0000"}, input_image=self.photo())
        answer = self.call(
            "POST", "/api/v1/image/remove-background", "image: remove-background", "output_image", **sent
        )
        self.fetch(answer.json()["data"]["output_image"], "file: image of the API")

    @task(2)
    def credits(self) -> None:
        self.call("GET", "/api/v1/user/credits", "api: GET user/credits", "credits")


class BackgroundCut(Client):
    family = "backgroundcut"

    def on_start(self) -> None:
        super().on_start()
        self.begin(self.process)

    def credential(self) -> dict[str, str]:
        return {"Authorization": f"Token {self.key}"}

    @task(2)
    def process(self) -> None:
        sent = multipart({"upload_path": "load"}, files=self.photo())
        path = self.call("POST", "/v3/file-ops/upload/", "api: v3 upload", "file_paths", **sent).json()["file_paths"][0]
        wanted = [
            {"output_file_path": f"{path}.out.png"},
            {"output_file_path": f"{path}.small.webp", "max_resolution": 250_000},
        ]
        made = self.call("POST", "/v3/tools/ai/remove-bg/process/", "image: v3 process", "output_file_paths",
                         json={"input_file_path": path, "output_variants": wanted})  # fmt: skip
        for output in made.json()["output_file_paths"]:
            data = self.call("GET", f"/v3/files/{output}", "file: v3 file").content
            if not is_image(data):
                self.until("file: v3 file", lambda: "what arrived is no image")
        arrived[self.family] += 1

    @task(2)
    def usage(self) -> None:
        self.call("GET", "/v3/file-ops/usage/", "api: v3 usage")


class FaceSwap(Client):
    family = "faceswap"

    def on_start(self) -> None:
        super().on_start()
        self.begin(self.swap)

    def credential(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @task(1)
    def swap(self) -> None:
        sent = multipart({"replyRef": "load"}, source_image=self.photo(), target_image=self.photo())
        job = self.call("POST", "/v1/faceswap/picsi", "api: swap a face", "jobid", **sent).json()["jobid"]
        last: dict[str, Any] = {}

        def ended() -> str:
            last.update(self.call("GET", f"/v1/faceswap/jobs/?jobid={job}", "api: poll a swap", "status").json())
            state = last["status"]
            if state in ("failed", "cancelled"):
                return f"{state}: {last['error']}"
            if state != "completed":
                gevent.sleep(1)
            return "ok" if state == "completed" else ""

        self.until("job: a face swap", ended)
        (picture,) = last["attachments"]
        self.fetch(picture["url"], "file: image of the API", weight=picture["size"])

    @task(2)
    def accounts(self) -> None:
        self.call("GET", "/v1/faceswap/account", "api: face-swap accounts", self.plan.channels[self.key])


FAMILIES: tuple[type[Client], ...] = (MainFamily, HeySwap, BackgroundCut, FaceSwap)
