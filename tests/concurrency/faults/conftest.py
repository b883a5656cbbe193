"""One product on several machines for all faults: its own PostgreSQL, Redis and store, two workers for images and one
for shops, clients that do what the documentation says, and a receiver of webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg
import pytest

from tests.support.accounted import Account, accounted
from tests.support.door import Door, door
from tests.support.fleet import BUCKET, Fleet, fleet, wait_for
from tests.support.fleet_client import FleetClient
from tests.support.load import Load
from tests.support.own_postgres import OwnPostgres, own_postgres
from tests.support.receiver import Receiver, receiver
from tests.support.server import free_port, organization_made_by

LEASE_SECONDS = 4
WEBHOOK_SECONDS = 2
_A_MINUTE_PASSES = """
WITH passed AS (
    UPDATE accounts_idempotentcall SET lease_expires_at = now() WHERE status IS NULL AND job_id IS NULL RETURNING 1
) SELECT count(*) FROM passed
"""


@dataclass
class Town:
    """The product, and what can be taken away from it. `store`: the door in front of the S3 server."""

    fleet: Fleet
    postgres: OwnPostgres
    store: Door

    def kill(self, *names: str) -> None:
        """kill -9, and at once a new one in its place, as whoever watches the processes does."""
        for name in names:
            self.fleet.parts[name].kill()
            if name == "web":
                # Calls without a job that it had begun are held for a minute: it is made to be over.
                self.rows(_A_MINUTE_PASSES)
            self.fleet.parts[name].start()

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.fleet.database, autocommit=True) as database:
            return database.execute(query.encode(), values).fetchall()


@dataclass
class Seller:
    """An organization of the test's own."""

    town: Town
    slug: str
    email: str
    client: FleetClient
    hooks: Receiver

    def accounted(
        self, work: Load | list[str], fault: str, *, failed: dict[str, str] | None = None, within: float = 300
    ) -> Account:
        """Of all its jobs (tests/support/accounted.py)."""
        jobs = work if isinstance(work, list) else work.jobs()
        return accounted(
            self.town.fleet, self.slug, jobs, fault=fault, receiver=self.hooks, failed=failed, within=within
        )

    def ended(self, job: str, *, within: float = 300) -> None:
        query = "SELECT count(*) FROM processing_job WHERE id = %s AND status IN ('succeeded', 'failed')"
        wait_for(lambda: self.town.rows(query, job)[0][0], f"the end of {job}", within=within, why=self.town.fleet.logs)


@pytest.fixture(scope="package")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    store_port = free_port()
    with ExitStack() as stack:
        postgres = stack.enter_context(own_postgres())
        store = stack.enter_context(door(store_port))
        running = stack.enter_context(
            fleet(
                tmp_path_factory.mktemp("faults"),
                postgres=postgres.url,
                store_port=store_port,
                STORAGE_URL=f"s3://key:secret@127.0.0.1:{store.port}/{BUCKET}?tls=0&region=us-east-1",
                OUTBOUND_ALLOWED_HOSTS="127.0.0.1,localhost",
                JOB_LEASE_SECONDS=str(LEASE_SECONDS),
                WEBHOOK_TIMEOUT_SECONDS=str(WEBHOOK_SECONDS),
                WORKER_DRAIN_SECONDS="5",
                COMPLIANCE_BADGES="0",
                RATE_LIMIT_KEY_PER_MINUTE="1000000",
                WEB_WORKERS="2",
            )
        )
        running.part("web", "web")
        for number in (1, 2):
            running.part(f"images-{number}", "worker", WORKER_QUEUES="cpu")
        running.part("shops", "worker", WORKER_QUEUES="io")
        running.ready(within=300)
        yield Town(running, postgres, store)


@pytest.fixture
def town(_town: Town) -> Town:
    """Whole again, whatever the test before has done."""
    for part in _town.fleet.parts.values():
        if not part.alive:
            part.start()
    _town.fleet.ready(within=300)
    return _town


@pytest.fixture
def seller(town: Town, request: pytest.FixtureRequest) -> Iterator[Seller]:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40]
    made = organization_made_by(town.fleet.beside, name, 10_000)
    with receiver() as hooks:
        yield Seller(town, made["organization"], made["owner"], FleetClient(town.fleet, made["api_key"]), hooks)
