"""Files that are no pictures, or more than that, and names that would like to be paths or markup."""

from __future__ import annotations

import io
import struct
import zipfile
from functools import cache

from tests.support.image_files import animation, jpeg_claiming, png_of, saved, scene

_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
_HTML = b"<!doctype html><script>alert(document.domain)</script>"


@cache
def files() -> dict[str, bytes]:
    """By what they are. Each must be refused at every door."""
    png, jpeg = saved(scene(), "PNG"), saved(scene(), "JPEG")
    return {
        "nothing": b"",
        "svg": _SVG,
        "svg behind a declaration": b'<?xml version="1.0"?>\n<!-- x -->\n' + _SVG,
        "html": _HTML,
        "html behind a mark": b"\xef\xbb\xbf \n" + _HTML,
        "php": b"<?php system($_GET['c']); ?>",
        "a program": b"\x7fELF\x02\x01\x01" + bytes(64),
        "a shell script": b"#!/bin/sh\nid\n",
        "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj",
        "zip": _zip(),
        "png and html": png + _HTML,
        "gif and html": saved(scene(), "GIF") + _HTML,
        "jpeg and php": jpeg + b"<?php system($_GET['c']); ?>",
        "jpeg and zip": jpeg + _zip(),
        "png and pdf": png + b"%PDF-1.7 ",
        "pdf in the first kilobyte": jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 12) + b"%PDF-1.4\n\n" + jpeg[2:],
        "a bomb in its header": png_of(60_000, 60_000, b"\0"),
        "a jpeg that says it is huge": jpeg_claiming(jpeg, 65_000, 65_000),
        "cut off": jpeg[: len(jpeg) // 2],
        "a header alone": png[:40],
        "an animation": animation("GIF"),
        "noise behind a good beginning": jpeg[:20] + bytes(range(256)) * 8,
    }


NAMES = (
    "../../../../etc/passwd.jpg", "..\\..\\windows\\win.ini.jpg", "/etc/passwd", "C:\\boot.ini", "~/.ssh/id_rsa.jpg",
    ".htaccess", "a.php.jpg", "a.jpg.php", "a.jpg/../../b.jpg", "con.jpg", "%2e%2e%2fx.jpg", "a" * 300 + ".jpg",
    "<img src=x onerror=alert(1)>.jpg", "\"'><script>alert(1)<￼script>.jpg", "a\r\nX-Evil: 1.jpg", "a\u202egpj.exe",
    "{{7*7}}.jpg", "$(id).jpg", ";id;.jpg", "=cmd|' /C calc'!A0.jpg", "\u0000.jpg", " ", ".", "..",
)  # fmt: skip


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../evil.html", _HTML)
    return buffer.getvalue()
