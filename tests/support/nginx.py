"""nginx on this machine with the configuration of the documentation: only ports, names and files are this machine's."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import reachable
from tests.support.server import ROOT

DOCUMENTED = ROOT / "templates" / "docs" / "parts" / "nginx.conf.txt"
# What the packages of a distribution put around it.
_AROUND = """
daemon off;
{user}
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{}}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{servers}
}}
"""


@contextmanager
def nginx(folder: Path, *, product: int, https: int, http: int, certificate: Path, key: Path) -> Iterator[None]:
    """In front of the product on port `product`, until the block ends."""
    changes = {
        "listen 80;": f"listen 127.0.0.1:{http};",
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "images.example.com;": "localhost;",
        "/etc/ssl/images.example.com.pem": str(certificate),
        "/etc/ssl/private/images.example.com.key": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{product}",
    }
    servers = DOCUMENTED.read_text()
    for documented, here in changes.items():
        assert documented in servers, f"{documented} is not in the documented configuration any more"
        servers = servers.replace(documented, here)
    # Its workers write to the folder, which is nobody else's: root's nginx would make them somebody else.
    user = "user root;" if os.getuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(_AROUND.format(folder=folder, servers=servers, user=user))
    program = reachable.nginx()
    assert program is not None
    running = subprocess.Popen([program, "-c", str(file), "-e", str(folder / "error.log")], start_new_session=True)
    try:
        _wait(running, https, folder / "error.log")
        yield
    finally:
        running.terminate()
        running.wait(timeout=20)


def _wait(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert running.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(f"nginx did not listen:\n{log.read_text()}")
