"""Where callers may send us, and what a server out there can do to us: nothing but answer."""

from __future__ import annotations

import ipaddress
import itertools
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from accounts.kit.outbound import AddressRefused, OutboundError, check_url, client, fetch
from accounts.kit.public_addresses import is_public
from tests.support.certificate import certificate
from tests.support.remote import redirect, remote, says, whole

PHOTO = b"\xff\xd8\xff the bytes of a photo"


@pytest.fixture
def inside_allowed(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "0.1.2.3", "100.64.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:2::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::",
        "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_inside(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::6810:84e5", "64:ff9b::8.8.8.8"])
def test_addresses_of_the_public_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.com/photo.jpg", "http://"),
        ("file:///etc/passwd", "http://"),
        ("javascript:alert(1)", "http://"),
        ("photo.jpg", "http://"),
        ("//example.com/photo.jpg", "http://"),
        ("", "http://"),
        ("http://", "not a web address"),
        ("http:///photo.jpg", "not a web address"),
        ("http://exa mple.com/", "not a web address"),
        ("http://example.com:99999/", "not a web address"),
        ("http://[fe80::1%25eth0]/", "not a web address"),
        ("http://[::1/", "not a web address"),
        ("http://example.com/\npath", "not a web address"),
        ("https://user:secret@example.com/photo.jpg", "user name or password"),
        ("https://user@example.com/photo.jpg", "user name or password"),
        ("http://example.com\\@127.0.0.1/", "user name or password"),
        ("http://127.0.0.1/", "public internet"),
        ("http://[::ffff:10.0.0.1]/", "public internet"),
        ("http://169.254.169.254/latest/meta-data/", "public internet"),
        ("https://example.com/" + "a" * 5000, "4096"),
    ],
)
def test_addresses_refused_by_their_form(url: str, why: str) -> None:
    with pytest.raises(AddressRefused, match=why):
        check_url(url)


@pytest.mark.parametrize("url", ["https://example.com/a b?c=ä#d", "http://bücher.example:8080/", "http://8.8.8.8/x"])
def test_addresses_of_good_form(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "0x7f.1", "2130706433", "[::1]"])
def test_nothing_inside_is_connected(host: str) -> None:
    with remote(says(whole(PHOTO))) as server, pytest.raises(AddressRefused, match="public internet"):
        fetch(server.url(host=host), max_bytes=1000)
    assert server.seen == []


@pytest.mark.parametrize("allowed", ["127.0.0.1", "LocalHost."])
def test_the_operator_can_allow_more(settings: Any, allowed: str) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = [allowed]
    host = "127.0.0.1" if allowed[0].isdigit() else "localhost"
    with remote(says(whole(PHOTO))) as server:
        found = fetch(server.url("/photo.jpg?size=l", host=host), max_bytes=1000)
    assert (found.data, found.media_type) == (PHOTO, "image/jpeg")
    assert server.paths == ["/photo.jpg?size=l"]


def test_a_name_is_resolved_once_and_the_checked_address_is_connected(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    asked: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "socket.getaddrinfo":
            asked.append(arguments[0])

    sys.addaudithook(watch)
    with remote(says(whole(PHOTO))) as server:
        fetch(server.url(host="localhost"), max_bytes=1000)
    watching.clear()
    assert asked.count("localhost") == 1
    assert set(asked) <= {"localhost", "127.0.0.1", "::1"}
    assert asked[-1] == "127.0.0.1"


@pytest.mark.usefixtures("inside_allowed")
def test_redirects_are_followed_and_each_is_checked() -> None:
    def hops(number: int) -> Any:
        left = itertools.count(number, -1)
        return lambda connection, head: connection.sendall(
            redirect(f"/hop{step}") if (step := next(left)) else whole(PHOTO)
        )

    with remote(hops(5)) as server:
        found = fetch(server.url("/start"), max_bytes=1000)
    assert (found.data, found.url) == (PHOTO, server.url("/hop1"))
    assert len(server.seen) == 6
    with remote(hops(6)) as server, pytest.raises(OutboundError, match="more than 5 redirects"):
        fetch(server.url("/start"), max_bytes=1000)
    assert len(server.seen) == 6


@pytest.mark.usefixtures("inside_allowed")
@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/", "http://10.0.0.1:{port}/", "file:///etc/passwd", "http://u:p@127.0.0.1/"]
)
def test_a_redirect_to_the_inside_is_refused(to: str) -> None:
    with remote(lambda connection, head: connection.sendall(redirect(to.format(port=1)))) as server:
        with pytest.raises(AddressRefused):
            fetch(server.url("/start"), max_bytes=1000)
        assert server.paths == ["/start"]


@pytest.mark.usefixtures("inside_allowed")
@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (whole(b"", status="404 Not Found"), "status 404"),
        (whole(b"", status="206 Partial Content"), "status 206"),
        (whole(b"", status="302 Found", headers=""), "status 302"),
        (redirect("http://[broken/"), "not a web address"),
        (whole(b"x" * 10, headers="Content-Encoding: gzip\r\n"), "compressed"),
        (whole(b"x" * 1001), "larger than"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001, "larger than"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nonly this", "broke off"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "broke off"),
        (b"", "broke off"),
    ],
)
def test_answers_that_are_no_photo(answer: bytes, why: str) -> None:
    with remote(says(answer)) as server, pytest.raises(OutboundError, match=why):
        fetch(server.url(), max_bytes=1000)


@pytest.mark.usefixtures("inside_allowed")
def test_an_endless_answer_ends_at_the_limit() -> None:
    sent: list[int] = []

    def endless(connection: socket.socket, head: str) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sent.append(connection.send(b"x" * 65536))

    with remote(endless) as server, pytest.raises(OutboundError, match="larger than"):
        fetch(server.url(), max_bytes=100_000)
    assert sum(sent) < 20_000_000


@pytest.mark.usefixtures("inside_allowed")
@pytest.mark.parametrize("answer", [[b""], [b"HTTP/1.1 200 OK\r\n"] + [b"A: b\r\n"] * 100, [whole(b"")[:-4]] * 100])
def test_a_server_that_dawdles_is_left(answer: list[bytes]) -> None:
    started = time.monotonic()
    dawdler = says(*answer, pause=0.1 if len(answer) > 1 else 5)
    with remote(dawdler) as server, pytest.raises(OutboundError, match=r"within 0\.5 seconds"):
        fetch(server.url(), max_bytes=1000, seconds=0.5)
    assert time.monotonic() - started < 3


@pytest.mark.usefixtures("inside_allowed")
def test_names_and_ports_where_nobody_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(OutboundError, match="could not be reached"):
        fetch(f"http://127.0.0.1:{port}/", max_bytes=1000)
    with pytest.raises(OutboundError, match="could not be reached"):
        fetch("http://nothing.invalid/", max_bytes=1000)
    with pytest.raises(OutboundError, match="could not be reached"):
        fetch(f"http://{'a' * 70}.invalid/", max_bytes=1000)


@pytest.mark.usefixtures("inside_allowed")
def test_a_client_follows_no_redirect_and_checks_too() -> None:
    with remote(says(redirect("/elsewhere"))) as server, client(seconds=5) as opened:
        assert opened.post(server.url("/hook"), json={}).status_code == 302
        with pytest.raises(AddressRefused):
            opened.post("http://10.0.0.1/hook")
    assert server.paths == ["/hook"]


def test_the_proxy_is_asked_by_name_for_what_only_it_can_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    with remote(says(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://operator:pass@127.0.0.1:{proxy.port}")
        with pytest.raises(OutboundError):
            fetch("https://photos.invalid/a.jpg", max_bytes=1000)
        with pytest.raises(AddressRefused):
            fetch("https://localhost/a.jpg", max_bytes=1000)
        with pytest.raises(AddressRefused):
            fetch("https://10.0.0.1/a.jpg", max_bytes=1000)
        monkeypatch.setenv("NO_PROXY", "photos.invalid")
        with pytest.raises(OutboundError, match="could not be reached"):
            fetch("https://photos.invalid/a.jpg", max_bytes=1000)
    assert proxy.paths == ["photos.invalid:443"]
    assert "Proxy-Authorization: Basic" in proxy.seen[0]


def test_http_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with remote(says(whole(PHOTO))) as proxy:
        monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
        assert fetch("http://photos.invalid/a.jpg", max_bytes=1000).data == PHOTO
    assert proxy.paths == ["http://photos.invalid/a.jpg"]


@pytest.mark.usefixtures("inside_allowed")
def test_certificates_are_checked_against_the_operators_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context, file = certificate(tmp_path)
    with remote(says(whole(PHOTO)), tls=context) as server:
        with pytest.raises(OutboundError, match="could not be reached"):
            fetch(server.url(), max_bytes=1000)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert fetch(server.url(), max_bytes=1000).data == PHOTO
    assert len(server.seen) == 1
