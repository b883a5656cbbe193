"""Starts what was just installed, in a network of its own that leads nowhere, and makes one image by its API.

Run by the installed Python in the installed folder, with nothing but the standard library: FILE of a photo, FILE for
the image. Prints JSON: the engine, and whether anything outside could be reached.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

PORT = 8000
_SET_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP


def main(photo: Path, image: Path) -> None:
    _loopback_up()
    manage = [".venv/bin/python", "manage.py"]
    with Path("server.log").open("wb") as log:
        server = subprocess.Popen([*manage, "serve"], stdout=log, stderr=log)
    try:
        _wait(server)
        wanted = ["create_organization", "Shop", "--owner", "me@example.com", "--password", "a good password 1"]
        made = subprocess.run([*manage, *wanted, "--api-key", "--json"], capture_output=True, text=True, check=True)
        answer = _process(photo, json.loads(made.stdout)["api_key"])
        with urllib.request.urlopen(answer["output"]["url"], timeout=30) as file:
            image.write_bytes(file.read())
    finally:
        server.terminate()
        server.wait(timeout=60)
    print(json.dumps({"engine": answer["engine"], "outside": _outside()}))


def _loopback_up() -> None:
    """A new network namespace has a loopback that is down."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh", b"lo", _UP))


def _wait(server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"it did not start:\n{Path('server.log').read_text()[-3000:]}")


def _process(photo: Path, key: str) -> dict[str, dict[str, str]]:
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\n'
    body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    headers = {"x-api-key": key, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/api/v1/process", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        found: dict[str, dict[str, str]] = json.load(answer)
        return found


def _outside() -> list[str]:
    """What a packet could leave for although nothing should be: an address for examples. None is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return []
    return ["192.0.2.1"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
