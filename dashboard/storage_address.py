"""Where files are kept, as an address: nothing for this installation's own folder, `file:///folder`, or an S3 store."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

EXAMPLE = "s3://key:secret@host/bucket?region=eu-central-1"


def backend(address: str, own_folder: Path) -> dict[str, Any]:
    """Django's description of the storage: `s3://KEY:SECRET@host[:port]/bucket?region=…&tls=0`, a folder otherwise.

    Raises ValueError where the address makes no sense.
    """
    if not address:
        return _folder(own_folder)
    parsed = urlsplit(address)
    if parsed.scheme == "file" and not parsed.netloc and parsed.path.startswith("/"):
        return _folder(Path(unquote(parsed.path)))
    bucket = parsed.path.strip("/")
    if parsed.scheme != "s3" or not parsed.hostname or not bucket or "/" in bucket:
        raise ValueError(address)
    query = dict(parse_qsl(parsed.query))
    scheme = "http" if query.get("tls") == "0" else "https"
    port = f":{parsed.port}" if parsed.port else ""
    return {
        "BACKEND": "processing.s3_storage.S3Files",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": unquote(parsed.username or "") or None,
            "secret_key": unquote(parsed.password or "") or None,
            "endpoint_url": f"{scheme}://{parsed.hostname}{port}",
            "region_name": query.get("region"),
        },
    }


def _folder(path: Path) -> dict[str, Any]:
    return {"BACKEND": "processing.file_storage.WholeFileStorage", "OPTIONS": {"location": str(path)}}
