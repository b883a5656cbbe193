"""The guard under every call to the outside: an address is refused, or leads to the public internet."""

from __future__ import annotations

import ipaddress

from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from accounts.kit.outbound import OutboundError, check_url, client
from accounts.kit.outbound_network import AllowedHosts, check_literal
from tests.support.fuzzing import efforts, odd_text, search

_NUMBERS = st.one_of(
    st.ip_addresses().map(str),
    st.ip_addresses(v=4).map(int).map(str),
    st.ip_addresses(v=4).map(lambda ip: hex(int(ip))),
    st.ip_addresses(v=4).map(lambda ip: ".".join(f"0{int(part):o}" for part in str(ip).split("."))),
    st.ip_addresses(v=4).map(lambda ip: f"::ffff:{ip}"),
    st.ip_addresses(v=4, network="10.0.0.0/8").map(lambda ip: f"64:ff9b::{ip}"),
    st.ip_addresses(v=4, network="127.0.0.0/8").map(lambda ip: f"[::{ip}]"),
    st.ip_addresses(v=6, network="fc00::/7").map(lambda ip: f"[{ip}%eth0]"),
    st.sampled_from(
        ["localhost", "127.1", "0", "[::]", "①②⑦.⓪.⓪.①", "127。0。0。1", "metadata.google.internal", "a.b"]
    ),
)
_PARTS = st.tuples(
    st.sampled_from(
        ["http://", "https://", "HTTP://", "//", "", "http:", "file://", "gopher://", "http:\\\\", "http:///"]
    ),
    st.sampled_from(["", "user:password@", "@", "a@b@", "%40"]),
    st.one_of(_NUMBERS, _NUMBERS.map(lambda each: f"[{each}]"), odd_text),
    st.sampled_from(["", ":80", ":0", ":99999", ":", ":-1", ":８０", "#@example.com", "?", "\\", "/..", "\t", "\n"]),
)


@efforts
def test_addresses(effort: str, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []

    def holds(parts: tuple[str, str, str, str]) -> None:
        try:
            url = check_url("".join(parts))
        except OutboundError as refused:
            assert refused.detail
            return
        assert url.scheme in {"http", "https"}
        assert not url.userinfo
        host = url.raw_host.decode("ascii")
        check_literal(host, AllowedHosts([]))
        try:
            literal = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return
        assert literal.is_global
        mapped = getattr(literal, "ipv4_mapped", None) or getattr(literal, "sixtofour", None)
        assert mapped is None or mapped.is_global

    assert search(_PARTS, holds, effort=effort, few=250) >= 10
    with client() as opened:
        assert opened.trust_env is False
