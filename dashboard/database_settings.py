"""The database of the settings: PostgreSQL at an address, or SQLite in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ

from dashboard import environment as env


def described(url: str, data_dir: Path) -> dict[str, Any]:
    """For DATABASES. `url`: DATABASE_URL, empty for SQLite; ends the start where it is none."""
    return _postgresql(url) if url else _sqlite(data_dir / "packshot.sqlite3", data_dir / "test.sqlite3")


def _postgresql(url: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except Exception:  # noqa: BLE001  (whatever the parser stumbles over, the sentence is the same)
        found = {}
    if not found.get("ENGINE", "").endswith("postgresql") or not found.get("NAME"):
        env.stop("DATABASE_URL", "an address such as postgres://user:password@host:5432/name")
    found["OPTIONS"] = {
        **found.get("OPTIONS", {}),
        # What a rush (or connections that were cut, and replaced while callers asked for new ones) has added goes after
        # half a minute without use: a hundred are all that PostgreSQL has by default, for all processes together.
        "pool": {"min_size": 0, "max_size": 40, "timeout": 10, "max_idle": 30},
    }
    found["CONN_MAX_AGE"] = 0
    found["ENGINE"] = "dashboard.postgresql"  # looks at pooled connections itself, instead of CONN_HEALTH_CHECKS
    return found


def _sqlite(file: Path, of_tests: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "TEST": {"NAME": str(of_tests)},
        "OPTIONS": {
            # IMMEDIATE: a transaction that will write takes the lock at its start and waits for it,
            # instead of failing half way with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
        },
    }
