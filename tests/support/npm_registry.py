"""A package registry on this machine that npm fetches from, with one package that holds a file in chunks."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CHUNK = 1000


@dataclass(slots=True)
class Package:
    """`index`, `chunks`: what is in the archive, to be spoiled by a test before `publish`."""

    name: str
    index: dict[str, dict[str, object]]
    chunks: dict[str, bytes]
    requests: int = 0

    @classmethod
    def holding(cls, name: str, **resources: bytes) -> Package:
        """A package whose resources are given in full, cut into chunks of CHUNK bytes."""
        index: dict[str, dict[str, object]] = {}
        chunks: dict[str, bytes] = {}
        for resource, content in resources.items():
            parts = []
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                digest = hashlib.sha256(chunk).hexdigest()
                chunks[digest] = chunk
                parts.append({"hash": digest, "offsets": [start, start + len(chunk)]})
            index[f"/models/{resource}"] = {"chunks": parts[::-1], "size": len(content)}
        return cls(name, index, chunks)

    def publish(self, server: HTTPServer) -> str:
        """Serves the package and answers with the registry's address."""
        archive = self._archive()
        tarball = f"/{self.name}/-/package-1.0.0.tgz"
        digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
        version = {
            "name": self.name,
            "version": "1.0.0",
            "dist": {"tarball": server.url_for(tarball), "integrity": f"sha512-{digest}"},
        }
        listing = {"name": self.name, "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}

        def answer(request: Request) -> Response:
            self.requests += 1
            if request.path == tarball:
                return Response(archive, mimetype="application/octet-stream")
            return Response(json.dumps(listing), mimetype="application/json")

        server.expect_request(tarball).respond_with_handler(answer)
        server.expect_request(f"/{self.name}").respond_with_handler(answer)
        return server.url_for("/")

    def _archive(self) -> bytes:
        packed = io.BytesIO()
        files = {
            "package.json": json.dumps({"name": self.name, "version": "1.0.0"}).encode(),
            **{f"dist/{name}": content for name, content in self.chunks.items()},
            "dist/resources.json": json.dumps(self.index).encode(),
        }
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for name, content in files.items():
                entry = tarfile.TarInfo(f"package/{name}")
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return packed.getvalue()
