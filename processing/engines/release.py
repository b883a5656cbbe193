"""Fetches a model file from the release that rembg downloads from. Needs the internet."""

from __future__ import annotations

import ssl
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from processing.engines.sources import Progress, SourceFailed
from processing.engines.spec import ModelFile, RembgRelease
from processing.engines.store import Say

# A machine without the internet should go on to the next source at once; a slow line is given time.
_TIMEOUT = httpx2.Timeout(30, connect=5)
_TRIES = 4


def download(source: RembgRelease, file: ModelFile, part: Path, say: Say) -> None:
    """Writes the file to `part`, going on where an earlier, broken download left it. Raises SourceFailed."""
    address = f"{source.address}/{file.asset}"
    host = urlsplit(address).hostname
    with httpx2.Client(timeout=_TIMEOUT, follow_redirects=True) as client:
        for left in reversed(range(_TRIES)):
            had = _size(part)
            try:
                _go_on(client, address, file, part, say)
                return
            except (httpx2.TransportError, ssl.SSLError) as error:
                if _size(part) == had or not left:
                    began = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
                    what = f"the connection to {host} broke" if began else f"no connection to {host}"
                    raise SourceFailed(f"{what} ({type(error).__name__})") from error
                say(f"{file.name}: the connection broke, going on at {_size(part) / 1e6:.0f} MB")


def _go_on(client: httpx2.Client, address: str, file: ModelFile, part: Path, say: Say) -> None:
    had = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={had}-"} if had else {})
    with client.stream("GET", address, headers=headers) as answer:
        if answer.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
            return  # all of it is there already; its digest will tell
        if answer.status_code not in {httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT}:
            raise SourceFailed(f"{urlsplit(address).hostname} answered {answer.status_code}")
        done = had if answer.status_code == httpx2.codes.PARTIAL_CONTENT else 0
        progress = Progress(file.name, done + int(answer.headers.get("content-length", 0)))
        with part.open("ab" if done else "wb") as content:
            for block in answer.iter_raw():
                content.write(block)
                done += len(block)
                if sentence := progress.at(done):
                    say(sentence)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
