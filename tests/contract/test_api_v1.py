"""The contract of /api/v1 as a program sees it: real HTTP to the running product."""

from __future__ import annotations

import http.client
import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.photos import opened, product_photo
from tests.support.server import PASSWORD, Server

QUICK = {"edges": "fast", "width": "120"}
PHOTO = product_photo(1)


@pytest.fixture(scope="module")
def key(server: Server) -> str:
    return server.organization("Contract", credits=200)["api_key"]


@pytest.fixture(scope="module")
def api(server: Server, key: str) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=f"{server.base}/api/v1", headers={"x-api-key": key}, timeout=60) as client:
        yield client


def files(*photos: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("image", (f"{index}.jpg", data, "image/jpeg")) for index, data in enumerate(photos)]


def ended(api: httpx2.Client, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        job: dict[str, Any] = api.get(f"/jobs/{job_id}").json()
        if job["status"] in {"succeeded", "failed", "canceled"}:
            return job
        time.sleep(0.1)
    raise AssertionError(f"not ended: {job}")


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code", "requestId"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["requestId"] == answer.headers["x-request-id"]
    assert body["type"].startswith("http://127.0.0.1:")
    return body


def test_a_photo_becomes_an_image(api: httpx2.Client, server: Server) -> None:
    before = api.get("/user/credits").json()["credits"]
    answer = api.post(
        "/process", files=files(PHOTO), data={**QUICK, "height": "120", "margin": "0.1", "format": "webp"}
    )
    assert answer.status_code == 200, answer.text
    body = answer.json()
    output = body["output"]
    assert re.fullmatch(rf"{server.base}/i/[0-9A-Za-z]+\.webp", output["url"])
    assert body["credits"] == {"charged": 1, "remaining": before - 1}
    assert answer.headers["x-credits-charged"] == "1"
    assert answer.headers["x-credits-remaining"] == str(before - 1)
    image = httpx2.get(output["url"])
    assert (image.status_code, image.headers["content-type"]) == (200, "image/webp")
    assert len(image.content) == output["bytes"]
    assert opened(image.content).size == (output["width"], output["height"]) == (120, 120)
    assert httpx2.get(output["url"].replace("/i/", "/i/0")).status_code == 404


def test_the_image_itself(api: httpx2.Client) -> None:
    headers = {"Accept": "image/*", "X-Request-Id": "caller-chosen-1"}
    answer = api.post("/process", files=files(PHOTO), data=QUICK, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert opened(answer.content).width == 120
    assert answer.headers["x-request-id"] == "caller-chosen-1"
    for name in ("x-job-id", "x-file-id", "x-subject-box", "x-credits-charged", "x-credits-remaining", "server-timing"):
        assert answer.headers[name], name
    read = api.get(f"/files/{answer.headers['x-file-id']}")
    assert read.content == answer.content


def test_a_body_of_unknown_length_is_read_too(api: httpx2.Client) -> None:
    def parts() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
        for start in range(0, len(PHOTO), 1000):
            yield PHOTO[start : start + 1000]
        yield b'\r\n--b\r\nContent-Disposition: form-data; name="width"\r\n\r\n64\r\n--b--\r\n'

    answer = api.post("/process", content=parts(), headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.request.headers["transfer-encoding"] == "chunked"
    assert (answer.status_code, answer.json()["output"]["width"]) == (200, 64)


def test_a_batch(api: httpx2.Client) -> None:
    sent = files(product_photo(2), b"no picture", product_photo(3))
    answer = api.post("/jobs", files=sent, data={**QUICK, "presetLabel": "contract"})
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    assert answer.headers["location"] == accepted["statusUrl"]
    job = ended(api, accepted["jobId"])
    assert (job["status"], job["credits"]["charged"], job["progress"]) == ("succeeded", 2, 100)
    assert ["url" in output for output in job["outputs"]] == [True, False, True]
    assert job["outputs"][1]["error"]["code"] == "unsupported_type"
    listed = api.get("/jobs", params={"presetLabel": "contract", "status": "succeeded", "limit": 1}).json()
    assert [each["jobId"] for each in listed["jobs"]] == [accepted["jobId"]]
    problem(api.delete(f"/jobs/{accepted['jobId']}"), 409, "conflict")


def test_not_waiting_and_canceling(api: httpx2.Client) -> None:
    many = files(*(product_photo(seed) for seed in range(10, 30)))
    job_id = api.post("/jobs", files=many, data=QUICK).json()["jobId"]
    canceled = api.delete(f"/jobs/{job_id}")
    assert (canceled.status_code, canceled.json()["status"]) == (200, "canceled")
    assert ended(api, job_id)["credits"]["charged"] < 20
    answer = api.post("/process", files=files(PHOTO), data=QUICK, headers={"Prefer": "respond-async"})
    assert (answer.status_code, answer.headers["preference-applied"]) == (202, "respond-async")
    assert ended(api, answer.json()["jobId"])["status"] == "succeeded"


def test_files(api: httpx2.Client) -> None:
    made = api.post("/files", files=files(PHOTO))
    assert made.status_code == 201
    address = f"/files/{made.json()['fileId']}"
    whole = api.get(address)
    assert whole.content == PHOTO
    part = api.get(address, headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, PHOTO[5:10])
    assert api.get(address, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
    head = api.head(address)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(PHOTO)), b"")
    used = api.post("/process", json={"fileId": made.json()["fileId"], "width": 90})
    assert (used.status_code, used.json()["output"]["width"]) == (200, 90)
    assert api.delete(address).status_code == 204
    problem(api.get(address), 404, "not_found")


def test_refusals(api: httpx2.Client, server: Server, key: str) -> None:
    problem(httpx2.post(f"{server.base}/api/v1/process", files=files(PHOTO)), 401, "unauthorized")
    body = problem(api.post("/process", files=files(PHOTO), data={"colour": "red", "width": "0"}), 400, "invalid_input")
    assert [item["field"] for item in body["errors"]] == ["colour", "width"]
    problem(api.post("/process", json=[]), 400, "invalid_input")
    problem(api.post("/process", json={"imageUrl": "http://10.0.0.1:1/a.jpg"}), 400, "image_url_failed")
    problem(api.post("/process", json={"imageUrl": "http://localhost:1/a.jpg"}), 400, "image_url_failed")
    problem(
        api.post("/process", content=PHOTO, headers={"Content-Type": "image/jpeg"}), 415, "unsupported_content_type"
    )
    problem(api.post("/process", files=files(b"no picture")), 415, "unsupported_type")
    problem(api.post("/process", files=files(PHOTO), data={"background": "transparent"}), 400, "invalid_input")
    problem(api.put("/process"), 405, "method_not_allowed")
    problem(api.get("/nothing"), 404, "not_found")
    stranger = server.organization("Stranger", credits=0)["api_key"]
    theirs = api.post("/files", files=files(PHOTO)).json()["fileId"]
    problem(api.get(f"/files/{theirs}", headers={"x-api-key": stranger}), 404, "not_found")
    answer = api.post("/process", files=files(PHOTO), headers={"x-api-key": stranger})
    problem(answer, 402, "insufficient_credits")
    assert (answer.headers["x-credits-charged"], answer.headers["x-credits-remaining"]) == ("0", "0")


def test_a_key_without_the_scope(server: Server) -> None:
    made = server.manage(
        "create_organization", "Reader", "--owner", "reader@example.com", "--password", PASSWORD, "--api-key",
        "--scopes", "credits:read,jobs:read", "--json",
    )  # fmt: skip
    headers = {"Authorization": f"Bearer {json.loads(made)['api_key']}"}
    assert httpx2.get(f"{server.base}/api/v1/user/credits", headers=headers).json()["success"] is True
    answer = httpx2.post(f"{server.base}/api/v1/process", files=files(PHOTO), headers=headers)
    assert "images:write" in problem(answer, 403, "missing_scope")["detail"]


@pytest.mark.parametrize(("weight", "code"), [(35_000_000, "file_too_large"), (70_000_000, "body_too_large")])
@pytest.mark.parametrize("good_key", [True, False])
def test_a_client_that_sends_everything_first_reads_its_refusal(
    server: Server, key: str, weight: int, code: str, good_key: bool
) -> None:
    """The whole body goes out before the answer is looked at, as many clients do."""
    head = b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n\xff\xd8\xff'
    body = head + bytes(weight) + b"\r\n--b--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "multipart/form-data; boundary=b", "x-api-key": key if good_key else "wrong"}
    connection.request("POST", "/api/v1/process", body=body, headers=headers)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["code"]) == ((413, code) if good_key else (401, "unauthorized"))
    # The connection is clean: the next request on it is understood.
    connection.request("GET", "/api/v1/user/credits", headers={"x-api-key": key})
    assert connection.getresponse().status == 200


def test_a_body_that_breaks_off_keeps_nothing(server: Server, api: httpx2.Client, key: str) -> None:
    newest = api.get("/files", params={"limit": 1}).json()["files"][0]["fileId"]
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(
            f"POST /api/v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nx-api-key: {key}\r\nContent-Length: 100000\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
            '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'.encode()
            + product_photo(40)
        )
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(12) == b"HTTP/1.1 400"
    assert api.get("/files", params={"limit": 1}).json()["files"][0]["fileId"] == newest


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="only Linux tells what a process has loaded")
def test_the_web_process_has_loaded_nothing_heavy(server: Server, api: httpx2.Client) -> None:
    """After real work, not only after its start."""
    assert api.post("/process", files=files(PHOTO), data=QUICK).status_code == 200
    web = [pid for pid in server.children() if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert web
    for pid in web:
        loaded = Path(f"/proc/{pid}/maps").read_text()
        assert [name for name in ("cv2", "onnxruntime", "numba", "scipy", "numpy") if f"/{name}" in loaded] == []


def test_the_document_needs_no_key(server: Server) -> None:
    document = httpx2.get(f"{server.base}/api/v1/openapi").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/process" in document["paths"]
    assert document["servers"][0]["url"] == server.base
