"""A client that does what the documentation says: it sends a call again, with the same Idempotency-Key, until it is
answered."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.fleet import Fleet

_PATIENCE_SECONDS = 300


@dataclass
class FleetClient:
    """`tries`: how often a call had to be sent again."""

    fleet: Fleet
    key: str
    tries: int = 0

    def make_image(self, photo: bytes, *, width: int = 300, hook: str = "") -> str:
        """A job of one photo; its id. `hook`: its webhookUrl."""
        file_id = self.upload(photo)
        wanted = {"fileId": file_id, "width": width, "height": width} | ({"webhookUrl": hook} if hook else {})
        return str(self._again("/api/v1/jobs", json.dumps(wanted).encode(), "application/json")["jobId"])

    def upload(self, photo: bytes) -> str:
        """A file; its id."""
        boundary = uuid.uuid4().hex
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
        body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + f"\r\n--{boundary}--\r\n".encode()
        return str(self._again("/api/v1/files", body, f"multipart/form-data; boundary={boundary}")["fileId"])

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._again("/api/v1/jobs?limit=100")["jobs"]
        return found

    def _again(self, path: str, body: bytes | None = None, media_type: str = "") -> Any:
        headers = {"x-api-key": self.key}
        if body is not None:
            headers |= {"Content-Type": media_type, "Idempotency-Key": uuid.uuid4().hex}
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._once(path, body, headers)
            except urllib.error.HTTPError as error:
                said = error.read()[:500]
                # 409: the first one with this key is still under way.
                if error.code < 500 and error.code not in {409, 429}:
                    raise AssertionError(f"{path}: {error.code} {said!r}") from error
                problem: object = (error.code, said)
            except OSError as error:
                problem = error
            assert time.monotonic() < end, f"{path} was not answered: {problem}"
            self.tries += 1
            time.sleep(0.2)

    def _once(self, path: str, body: bytes | None, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(self.fleet.base + path, data=body, headers=dict(headers))
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
