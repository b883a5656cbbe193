"""Behind a real nginx with the configuration that the documentation shows."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import ssl
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

import pytest

from tests.support.certificate import certificate
from tests.support.nginx import nginx
from tests.support.photos import product_photo
from tests.support.server import Server, free_port

pytestmark = [pytest.mark.slow, pytest.mark.nginx]
# Of this machine too, so that the caller and the proxy are told apart.
CALLER = "127.0.0.5"
FORGED = "203.0.113.66"


@dataclass
class Front:
    server: Server
    https: int
    http: int
    trust: ssl.SSLContext
    key: str

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Message, bytes]:
        """Through nginx, by https, as CALLER."""
        connection = http.client.HTTPSConnection(
            "localhost", self.https, timeout=120, context=self.trust, source_address=(CALLER, 0)
        )
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found

    def beside(self, code: str) -> str:
        return self.server.beside(code).strip()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    _, file = certificate(folder)
    https, plain = free_port(), free_port()
    settings = {"BASE_URL": f"https://localhost:{https}", "BEHIND_PROXY": "1"}
    server = Server(folder / "data", settings).start()
    try:
        with nginx(folder, product=server.port, https=https, http=plain, certificate=file, key=folder / "key.pem"):
            key = server.organization()["api_key"]
            yield Front(server, https, plain, ssl.create_default_context(cafile=str(file)), key)
    finally:
        server.stop()


def test_the_callers_address_is_the_proxys_word(front: Front) -> None:
    body = json.dumps({"url": "https://hooks.invalid/x", "events": ["*"]}).encode()
    status, _, said = front.ask(
        "POST", "/api/v1/webhooks", body, x_api_key=front.key, Content_Type="application/json",
        X_Forwarded_For=FORGED, Forwarded=f"for={FORGED}", X_Real_IP=FORGED,
    )  # fmt: skip
    assert status == 201, said
    audited = front.beside(
        "from accounts.models import AuditEntry\n"
        "entry = AuditEntry.unscoped.latest('pk')\nprint(entry.action, entry.ip)"
    )
    assert audited.split() == ["webhook.created", CALLER]


def test_a_forged_address_does_not_escape_the_limit_of_the_real_one(front: Front) -> None:
    """100 wrong keys an hour from one address, however many addresses it claims to have."""
    statuses = [
        front.ask("GET", "/api/v1/jobs", x_api_key="ps_live_wrong", X_Forwarded_For=f"203.0.113.{number}")[0]
        for number in range(103)
    ]
    assert statuses[0] == 401
    assert statuses[-1] == 429


def test_a_large_body_arrives(front: Front) -> None:
    """60 MB: three photos of 20 MB each, in a form."""
    parts = [_padded(product_photo(seed), 20_000_000) for seed in range(3)]
    boundary = uuid.uuid4().hex
    body = b"".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="{number}.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + part
        + b"\r\n"
        for number, part in enumerate(parts)
    )
    status, _, said = front.ask(
        "POST", "/api/v1/jobs", body + f"--{boundary}--\r\n".encode(), x_api_key=front.key,
        Content_Type=f"multipart/form-data; boundary={boundary}",
    )  # fmt: skip
    assert status == 202, said
    assert json.loads(said)["statusUrl"].startswith(f"https://localhost:{front.https}/api/v1/jobs/")
    kept = front.beside(
        "from processing.models import Blob\nprint(sorted(Blob.unscoped.values_list('bytes', flat=True))[-3:])"
    )
    assert json.loads(kept) == sorted(len(part) for part in parts)


def test_a_body_that_is_too_large_for_the_product_gets_the_products_own_answer(front: Front) -> None:
    status, headers, said = front.ask("POST", "/api/v1/files", b"x" * 45_000_000, x_api_key=front.key,
                                      Content_Type="image/jpeg")  # fmt: skip
    assert status == 413, said
    assert headers["Content-Type"] == "application/problem+json"


def test_http_is_led_to_https(front: Front) -> None:
    connection = http.client.HTTPConnection("localhost", front.http, timeout=20)
    connection.request("GET", "/accounts/login/?next=/jobs/")
    answer = connection.getresponse()
    assert answer.status == 301
    assert (answer.getheader("Location") or "").startswith("https://localhost/accounts/login/?next=/jobs/")


def test_pages_know_that_they_came_by_https(front: Front) -> None:
    status, headers, page = front.ask("GET", "/accounts/login/")
    assert (status, b"Sign in" in page) == (200, True)
    assert "max-age=" in headers["Strict-Transport-Security"]
    assert "Secure" in headers["Set-Cookie"]


def test_static_files_are_hashed_compressed_and_kept_for_good(front: Front) -> None:
    _, _, page = front.ask("GET", "/accounts/login/")
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page.decode()))
    assert len(files) > 3
    for address in files:
        assert re.search(r"\.[0-9a-f]{12}\.(css|js)$", address), address
        status, headers, data = front.ask("GET", address, Accept_Encoding="gzip")
        assert (status, headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable"), address
        whole = front.ask("GET", address)[2]
        if len(whole) > 1000:
            assert headers["Content-Encoding"] == "gzip", address
            assert headers["Vary"] == "Accept-Encoding"
            assert len(data) < 0.7 * len(whole)
            assert gzip.decompress(data) == whole
    assert front.ask("GET", "/static/css/nothing-of-that-name.css")[0] == 404


def _padded(jpeg: bytes, size: int) -> bytes:
    """The same picture with comments up to about `size` bytes."""
    comment = b"\xff\xfe\xff\xff" + bytes(65533)
    return jpeg[:2] + comment * ((size - len(jpeg)) // len(comment)) + jpeg[2:]
