"""A program that calls the API inside of the test process."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.support.photos import product_photo


class Api:
    """Calls with one key. Answers are Django's test responses."""

    def __init__(self, key: str) -> None:
        self.client = Client()
        self.headers = {"x-api-key": key}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=self.headers | _named(headers))

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=self.headers)

    def form(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", fields, headers=self.headers | _named(headers))

    def json(self, path: str, body: object, **headers: str) -> Any:
        text = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return self.client.post(
            f"/api/v1{path}", text, content_type="application/json", headers=self.headers | _named(headers)
        )

    def raw(self, path: str, body: bytes, content_type: str) -> Any:
        return self.client.post(f"/api/v1{path}", body, content_type=content_type, headers=self.headers)


def photo(seed: int = 0, *, name: str = "mug.jpg", size: tuple[int, int] = (120, 100)) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, product_photo(seed, size=size))


def part(data: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def errors(answer: Any) -> dict[str, str]:
    """The fields that a refusal names, with its sentences."""
    found: dict[str, str] = {}
    for item in answer.json().get("errors", []):
        found[item["field"]] = f"{found.get(item['field'], '')} {item['detail']}".strip()
    return found


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


class SpaceApi:
    """The same for the BackgroundCut family; `credential` as it stands in Authorization."""

    def __init__(self, credential: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": credential}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/v3{path}", headers=self.headers | _named(headers))

    def head(self, path: str) -> Any:
        return self.client.head(f"/v3{path}", headers=self.headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/v3{path}", headers=self.headers)

    def form(self, path: str, fields: dict[str, Any], **headers: str) -> Any:
        return self.client.post(f"/v3{path}", fields, headers=self.headers | _named(headers))

    def json(self, path: str, body: object, **headers: str) -> Any:
        return self.client.post(
            f"/v3{path}", json.dumps(body), content_type="application/json", headers=self.headers | _named(headers)
        )

    def upload(self, *photos: SimpleUploadedFile, folder: str = "my-project") -> list[str]:
        answer = self.form("/file-ops/upload/", {"files": list(photos) or [photo()], "upload_path": folder})
        assert answer.status_code == 200, answer.content
        paths: list[str] = answer.json()["file_paths"]
        return paths


def refusal(answer: Any, status: int, code: str) -> str:
    """The sentence of a refusal in the BackgroundCut family's shape."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    assert set(answer.json()) == {"error", "code"}
    assert answer.json()["code"] == code
    sentence: str = answer.json()["error"]
    assert sentence
    return sentence
