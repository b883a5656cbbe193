"""The caller's address behind a proxy: its last word counts, and nonsense never reaches the database."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from dashboard.session import client_ip


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.9, <script>", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
def test_behind_a_proxy(settings, forwarded: str, seen: str) -> None:  # type: ignore[no-untyped-def]
    settings.BEHIND_PROXY = True
    assert client_ip(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})) == seen


def test_without_a_proxy_nobody_can_claim_an_address() -> None:
    assert client_ip(RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9"})) == "127.0.0.1"


def test_a_socket_file_has_no_address() -> None:
    assert client_ip(RequestFactory().get("/", REMOTE_ADDR="")) is None
