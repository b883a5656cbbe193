"""Loaded before Django's settings (`-p tests.support.environment`): tests never touch a developer's data or `.env`.

The database, cache and queue are those of DATABASE_URL, REDIS_URL and CELERY_BROKER_URL where they are set, else
SQLite, memory and the embedded queue. Test processes side by side have a database each from pytest-django; Redis
databases are told apart here, for each test empties its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

_folder = tempfile.mkdtemp(prefix="packshot-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

_KEPT = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
_OURS = {
    "PORT", "HOST", "STORAGE_URL", "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "API_KEY_PEPPER", "ALLOWED_HOSTS", "BASE_URL",
    "EMAIL_URL", "OUTBOUND_ALLOWED_HOSTS", "CREDITS_UNLIMITED", "DEBUG", "WORKER_THREADS", "INFERENCE_THREADS",
    "INFERENCE_RUNTIME", "WORKER_MAX_IMAGES", "WORKER_MAX_MEMORY_MB",
    "COMPLIANCE_BADGES",
}  # fmt: skip
for _name in _OURS - _KEPT:
    os.environ.pop(_name, None)

# Redis has sixteen databases; tests/ names 5, 6, 9 and 12 to 14 for processes that they start.
_REDIS_STEPS = {"": 0, "gw0": 0, "gw1": 3, "gw2": -4, "gw3": -7}


def _own_redis(address: str) -> str:
    """`address` with a database number of this test process (7 and 8 become 10 and 11 in the second one)."""
    parts = urlsplit(address)
    if parts.scheme not in {"redis", "rediss"}:
        return address
    step = _REDIS_STEPS[os.environ.get("PYTEST_XDIST_WORKER", "")]
    return parts._replace(path=f"/{int(parts.path.strip('/') or 0) + step}").geturl()


for _name in ("REDIS_URL", "CELERY_BROKER_URL"):
    if os.environ.get(_name):
        os.environ[_name] = _own_redis(os.environ[_name])

os.environ["ENV_FILE"] = ""
os.environ["DATA_DIR"] = _folder
# Where the real model lies, for the tests marked `model`; everything else uses the engine that needs none.
os.environ.setdefault("TEST_MODELS_DIR", os.environ.get("MODELS_DIR", ""))
os.environ["MODELS_DIR"] = os.path.join(_folder, "models")
os.environ["SEGMENTATION_MODEL"] = "grabcut"
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["LOG_LEVEL"] = "WARNING"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the synchronous Playwright runs an event loop of its own
