"""An empty database on the tests' PostgreSQL server, for processes that a test starts."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.support import reachable


@contextmanager
def empty_database(purpose: str) -> Iterator[str]:
    """Its address; gone afterwards, whoever is still connected."""
    name = f"packshot_{purpose}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(reachable.POSTGRES_URL, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield reachable.POSTGRES_URL.rpartition("/")[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
