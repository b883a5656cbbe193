"""Several machines: web servers, workers for images and for shops; one database, queue and store between them."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.support.fleet import Fleet, fleet, wait_for
from tests.support.fleet_client import FleetClient
from tests.support.photos import product_photo
from tests.support.server import ROOT, organization_made_by

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def client_of(running: Fleet, credits: int = 1000) -> FleetClient:
    return FleetClient(running, organization_made_by(running.beside, "Shop", credits)["api_key"])


def all_done(client: FleetClient, count: int) -> bool:
    return [job["status"] for job in client.jobs()].count("succeeded") == count


def test_each_machine_does_its_part(tmp_path: Path) -> None:
    with fleet(tmp_path) as running:
        running.part("web", "web", WEB_WORKERS="2")
        running.part("images-1", "worker", WORKER_QUEUES="cpu")
        running.part("images-2", "worker", WORKER_QUEUES="cpu")
        running.part("shops", "worker", WORKER_QUEUES="io")
        running.ready()
        client = client_of(running)
        photos = [product_photo(number, size=(900, 700)) for number in range(12)]
        threads = [threading.Thread(target=client.make_image, args=(photo,)) for photo in photos]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: all_done(client, 12), "the twelfth image", why=running.logs)
        with psycopg.connect(running.database) as connection:
            rows = connection.execute("SELECT DISTINCT worker FROM processing_jobimage").fetchall()
            counted = connection.execute("SELECT queues, count(*) FROM processing_worker GROUP BY 1")
            known: dict[str, int] = dict(counted.fetchall())
            idle = connection.execute("SELECT engine FROM processing_worker WHERE queues = 'io'").fetchall()
        assert len(rows) == 2, "both image workers, and no other"
        assert known == {"cpu": 2, "io": 1}
        assert idle == [("",)], "who only speaks to shops has no network in its memory"
        check = running.part("check", "worker", "--check")
        assert check.process is not None
        assert check.process.wait(timeout=60) == 0


def test_a_worker_that_is_asked_to_end_finishes_what_it_holds(tmp_path: Path) -> None:
    with fleet(tmp_path, WORKER_DRAIN_SECONDS="60", JOB_LEASE_SECONDS="30") as running:
        running.part("web", "web")
        worker = running.part("images", "worker", WORKER_QUEUES="cpu")
        running.ready()
        client = client_of(running)
        for number in range(8):
            client.make_image(product_photo(number, size=(3000, 2400)), width=2000)
        wait_for(lambda: "running" in [job["status"] for job in client.jobs()], "a photo in hand")
        assert worker.end() == 0
        after = [job["status"] for job in client.jobs()]
        assert "running" not in after
        with psycopg.connect(running.database) as connection:
            query = "SELECT status, max(attempt), count(*) FROM processing_jobimage GROUP BY 1 ORDER BY 1"
            states = {status: (attempt, count) for status, attempt, count in connection.execute(query)}
        print(f"asked to end with 8 photos submitted: {states} (state: attempts, photos)")
        assert states["succeeded"][0] == 1, "finished at the first attempt, not begun again"
        assert states.get("queued", (0, 0))[0] == 0, "nothing was taken and put down"


def test_a_migration_lets_go_of_a_table_in_use_and_tries_again(tmp_path: Path) -> None:
    with fleet(tmp_path, MIGRATION_LOCK_SECONDS="1") as running, psycopg.connect(running.database) as user:
        manage = [sys.executable, "manage.py"]
        back = subprocess.run(
            [*manage, "migrate", "processing", "0018"], cwd=ROOT, env=running.environment, capture_output=True
        )
        assert back.returncode == 0, back.stderr
        user.execute("SELECT 1 FROM processing_worker")  # a transaction that stays open
        migrating = subprocess.Popen(
            [*manage, "prepare"], cwd=ROOT, env=running.environment, stdout=subprocess.PIPE, text=True
        )
        assert migrating.stdout is not None
        assert "A table is in use" in migrating.stdout.readline()
        with psycopg.connect(running.database) as other:
            # Between two tries nobody waits behind the migration, whatever they do.
            other.execute("SET lock_timeout = '10s'")
            other.execute("DELETE FROM processing_worker")
        user.rollback()
        said, _ = migrating.communicate(timeout=60)
        assert migrating.returncode == 0
        assert "up to date" in said


@pytest.mark.rabbitmq
def test_rabbitmq_by_its_address_alone(tmp_path: Path) -> None:
    with fleet(tmp_path, CELERY_BROKER_URL="amqp://guest:guest@127.0.0.1:5672//") as running:
        running.part("web", "web")
        running.part("images", "worker", WORKER_QUEUES="cpu")
        running.ready()
        client = client_of(running)
        client.make_image(product_photo(1, size=(600, 500)))
        wait_for(lambda: all_done(client, 1), "the image", why=running.logs)
        with urllib.request.urlopen(f"{running.base}/readyz", timeout=10) as answer:
            assert b'"queue": "ok"' in answer.read()
