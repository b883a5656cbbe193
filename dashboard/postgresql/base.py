"""Connections of the pool are looked at before they are given out, and a broken one costs no time."""

from __future__ import annotations

from typing import Any

import psycopg
import structlog
from django.db.backends.postgresql import base
from psycopg_pool import ConnectionPool

log = structlog.get_logger(__name__)


class DatabaseWrapper(base.DatabaseWrapper):
    """The pool's own check (CONN_HEALTH_CHECKS) waits 1, 2, 4 … seconds after each broken connection that it finds.
    After a restart of PostgreSQL all that were idle are broken, so callers would run into the pool's timeout one after
    the other. Here the next one is tried at once; the pool replaces the broken ones meanwhile."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Raises OperationalError (PoolTimeout) when the server does not come back in the pool's time."""
        broken = 0
        while True:
            connection = super().get_new_connection(conn_params)
            pool: ConnectionPool | None = self.pool  # type: ignore[attr-defined]  # (the stubs do not know it)
            if pool is None or broken > pool.max_size:
                return connection
            try:
                ConnectionPool.check_connection(connection)
            except psycopg.Error:
                broken += 1
                pool.putconn(connection)
            else:
                if broken:
                    log.warning("broken_connections_replaced", count=broken)
                return connection
