"""Files in an S3-compatible store, with its troubles as the errors of a file system, which callers know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from io import BytesIO
from typing import Any, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

_Method = TypeVar("_Method", bound=Callable[..., Any])
# Three tries within seconds; what lasts longer is for whoever waits to decide.
_CONFIG = Config(
    signature_version="s3v4", connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 3, "mode": "standard"}
)


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404 and said.get("Code") != "NoSuchBucket":
            raise FileNotFoundError("There is no such file in the store.") from error
        raise OSError(f"The file store refuses: {said.get('Code') or status}") from error
    except BotoCoreError as error:
        raise OSError(f"The file store does not answer: {type(error).__name__}") from error


def _told(method: _Method) -> _Method:
    @wraps(method)
    def call(*arguments: Any, **named: Any) -> Any:
        with _as_os_error():
            return method(*arguments, **named)

    return call  # type: ignore[return-value]


class S3Files(S3Storage):  # type: ignore[misc]
    """Raises FileNotFoundError where there is no such file, OSError for everything else."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"client_config": _CONFIG, "file_overwrite": True} | options)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Read whole and at once: a file that is read as it goes would fail in the hands of who reads it."""
        with _as_os_error(), super()._open(name, mode) as found:
            return File(BytesIO(found.read()), name=name)

    _save = _told(S3Storage._save)
    exists = _told(S3Storage.exists)
    delete = _told(S3Storage.delete)
    listdir = _told(S3Storage.listdir)
    size = _told(S3Storage.size)
    get_modified_time = _told(S3Storage.get_modified_time)

    @_told
    def make_bucket(self) -> bool:
        """Makes the bucket where it is missing; whether it did."""
        client = self.connection.meta.client
        try:
            client.head_bucket(Bucket=self.bucket_name)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                raise
        else:
            return False
        region = client.meta.region_name
        elsewhere = {} if region in {None, "us-east-1", "aws-global"} else {"LocationConstraint": region}
        options = {"CreateBucketConfiguration": elsewhere} if elsewhere else {}
        client.create_bucket(Bucket=self.bucket_name, **options)
        return True
