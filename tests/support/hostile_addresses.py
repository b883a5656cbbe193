"""Addresses that lead, or would like to lead, to the inside: what a caller must never make us connect to.

After the lists of OWASP's Server-Side Request Forgery Prevention cheat sheet and PortSwigger's URL validation bypass
cheat sheet. `{port}`: of a server on this machine that must not see anything.
"""

from __future__ import annotations

# The same place in other words: decimal, octal, hexadecimal, short and padded IPv4.
_LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
    "017700000001", "0177.0.0.1", "0177.0.0.01", "127.0.0.01", "0", "0.0.0.0", "127.0.0.1.", "localhost", "LOCALHOST",
    "localhost.", "localhost.localdomain", "ip6-localhost",
)  # fmt: skip
_IPV6 = (
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[fe80::1%lo]",
    "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[2001:db8::1]",
)  # fmt: skip
_INSIDE = (
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "2852039166", "0xa9fea9fe", "100.64.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "metadata.google.internal",
)  # fmt: skip
# Dots and digits that some software reads as ASCII.
_UNICODE = ("127。0。0。1", "127．0．0．1", "127｡0｡0｡1", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ")
_OTHER = (
    "http://user:secret@127.0.0.1:{port}/a.jpg",
    "http://example.com@127.0.0.1:{port}/a.jpg",
    "http://example.com:80@127.0.0.1:{port}/a.jpg",
    "http://127.0.0.1:{port}\\@example.com/a.jpg",
    "http://example.com\\@127.0.0.1:{port}/a.jpg",
    "http://127.0.0.1:{port}#@example.com/a.jpg",
    "http://127.0.0.1:{port}?@example.com/a.jpg",
    "http://127.0.0.1%00.example.com:{port}/a.jpg",
    "http://127.0.0.1%2eexample.com:{port}/a.jpg",
    "http://%31%32%37.0.0.1:{port}/a.jpg",
    "http://127.0.0.1\t:{port}/a.jpg",
    "http://127.0.0.1:{port}\r\nX-Evil: 1/a.jpg",
    "http:127.0.0.1:{port}/a.jpg",
    "http:/127.0.0.1:{port}/a.jpg",
    "http:\\\\127.0.0.1:{port}/a.jpg",
    "//127.0.0.1:{port}/a.jpg",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:{port}/_GET%20/a.jpg",
    "dict://127.0.0.1:{port}/info",
    "ftp://127.0.0.1:{port}/a.jpg",
    "ldap://127.0.0.1:{port}/a",
    "jar:http://127.0.0.1:{port}!/a.jpg",
    "data:image/png;base64,iVBORw0KGgo=",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/a.jpg",
)


def addresses(port: int, scheme: str = "http") -> list[str]:
    hosts = (*_LOOPBACK, *_IPV6, *_INSIDE, *_UNICODE)
    return [f"{scheme}://{host}:{port}/a.jpg" for host in hosts] + [
        each.replace("{port}", str(port)) for each in _OTHER
    ]
