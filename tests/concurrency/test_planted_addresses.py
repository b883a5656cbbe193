"""Passwords in the addresses of an installation's parts, and its other secrets: everything is used, then everything is
taken away, and no log, answer, process list, row, message or file of any process holds one of them."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
import redis
from cryptography.fernet import Fernet
from psycopg import sql

from tests.support.fleet import Fleet, Part, fleet, wait_for
from tests.support.fleet_client import FleetClient
from tests.support.photos import product_photo
from tests.support.planted_secrets import Planted
from tests.support.server import PASSWORD, ROOT, free_port, organization_made_by

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def planted_in(running: Fleet) -> Planted:
    """The installation with a secret in each setting that can hold one."""
    planted = Planted()
    database, store, queue, letters = (
        planted.plant(f"the password of {what}", f"planted-{what.replace(' ', '')}-9f27c1")
        for what in ("the database", "the store", "the queue", "the mail server")
    )
    closed = free_port()
    running.settings |= {
        "DATABASE_URL": running.database.replace("://postgres@", f"://postgres:{database}@"),
        "CELERY_BROKER_URL": f"redis://:{queue}@127.0.0.1:{running.redis_port}/0",
        "REDIS_URL": f"redis://:{queue}@127.0.0.1:{running.redis_port}/1",
        "STORAGE_URL": f"s3://key:{store}@127.0.0.1:{running.store_port}/packshot?tls=0&region=us-east-1",
        "EMAIL_URL": f"smtp://mailer:{letters}@127.0.0.1:{closed}",
        "SECRET_KEY": planted.plant("SECRET_KEY", "planted SECRET_KEY 0123456789 abcdefghijkl"),
        "FIELD_ENCRYPTION_KEYS": planted.plant("FIELD_ENCRYPTION_KEYS", Fernet.generate_key().decode()),
        "API_KEY_PEPPER": planted.plant("API_KEY_PEPPER", "planted-pepper-4711-0815"),
        "METRICS_TOKEN": planted.plant("METRICS_TOKEN", "planted-metrics-token-31"),
        "IMAGES_ENDPOINT_KEY": planted.plant("IMAGES_ENDPOINT_KEY", "sk-planted-endpoint-52"),
        "SHOPIFY_CLIENT_SECRET": planted.plant("SHOPIFY_CLIENT_SECRET", "shpss_planted-app-63"),
        "SSO_OIDC_CLIENT_SECRET": planted.plant("SSO_OIDC_CLIENT_SECRET", "planted-oidc-secret-74"),
        "SSO_OIDC_CLIENT_ID": "packshot",
        "SSO_OIDC_ISSUER": f"http://127.0.0.1:{closed}",
        "LOG_LEVEL": "DEBUG",
        "LOG_REQUESTS": "1",
    }
    return planted


def used(running: Fleet, planted: Planted) -> FleetClient:
    made = organization_made_by(running.beside, "Shop", 100)
    planted.plant("an API key", made["api_key"])
    planted.plant("a password", PASSWORD)
    program = FleetClient(running, made["api_key"])
    program.make_image(product_photo(1))
    wait_for(lambda: "succeeded" in [job["status"] for job in program.jobs()], "an image", why=running.logs)
    browser = httpx2.Client(base_url=running.base, timeout=60, headers={"Referer": running.base})
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/oidc/sso/login/", "/readyz", "/metrics"):
        planted.note(f"GET {path}", browser.get(path).text)
    for path, fields in (
        ("/accounts/login/", {"login": made["owner"], "password": PASSWORD}),
        ("/accounts/password/reset/", {"email": made["owner"]}),  # no mail server answers
        ("/team/invitations/", {"emails": "emil@example.com", "role": "viewer"}),
    ):
        answer = browser.post(path, data=fields, headers={"X-CSRFToken": browser.cookies["csrftoken"]})
        planted.note(f"POST {path}", answer.text)
    running.beside(
        f"from accounts.models import User\nUser.objects.filter(email={made['owner']!r}).update(is_staff=True)"
    )
    metrics = {"Authorization": f"Bearer {planted.secrets['METRICS_TOKEN']}"}
    for path in ("/system/", "/admin/", "/settings/security/", "/metrics"):
        planted.note(f"GET {path}", browser.get(path, headers=metrics).text)
    return program


def broken(running: Fleet, program: FleetClient, planted: Planted) -> None:
    """Each part in turn lets nobody in, under everything that runs and under what starts."""
    queue = redis.Redis(port=running.redis_port, password=planted.secrets["the password of the queue"])
    queue.config_set("requirepass", "another one")
    queue.client_kill_filter(skipme=False)
    with httpx2.Client(base_url=running.base, timeout=60) as client:
        for path in ("/readyz", "/accounts/login/", "/docs/"):
            planted.note(f"GET {path} without a queue", client.get(path).text)
        headers = {"x-api-key": planted.secrets["an API key"]}
        answer = client.post("/api/v1/jobs", files={"image": ("a.jpg", product_photo(2))}, headers=headers)
        planted.note("a job without a queue", answer.text)
        running.parts["store"].kill()
        answer = client.post("/api/v1/files", files={"image": ("a.jpg", product_photo(3))}, headers=headers)
        planted.note("a file without a store", answer.text)
    nowhere = free_port()
    without = {
        "database": {"DATABASE_URL": running.settings["DATABASE_URL"].replace(":5432/", f":{nowhere}/")},
        "queue": {
            "CELERY_BROKER_URL": running.settings["CELERY_BROKER_URL"].replace(
                f":{running.redis_port}/", f":{nowhere}/"
            )
        },
    }
    started: list[Part] = []
    for what, settings in without.items():
        for kind in ("web", "worker"):
            more = {"PORT": str(free_port()), "LOG_FORMAT": "text" if kind == "web" else "json"}
            started.append(running.part(f"{kind} without {what}", kind, **settings, **more))
    for command in ("prepare", "check"):
        done = subprocess.run(
            [sys.executable, "manage.py", command], cwd=ROOT, env=running.environment | without["database"],
            capture_output=True, text=True, timeout=200,
        )  # fmt: skip
        planted.note(f"manage.py {command}", done.stdout + done.stderr)
    time.sleep(6)  # for what they say while they try


def looked_at(running: Fleet, planted: Planted) -> None:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(ROOT) in words or "manage.py" in words or "gunicorn" in words or "celery" in words:
            planted.note("the list of processes", words)
    queue = redis.Redis(port=running.redis_port, password="another one")
    for number in (0, 1):
        queue.select(number)
        for key in queue.scan_iter():
            planted.note("Redis", f"{key!r} {queue.dump(key)!r}")
    with psycopg.connect(running.database) as connection:
        tables: list[Any] = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))).fetchall()
            planted.note(f"table {table}", repr(rows))
    for file in running.folder.rglob("*"):
        if file.is_file() and file.stat().st_size < 20_000_000:
            planted.note(f"file {file.relative_to(running.folder)}", file.read_bytes().decode(errors="replace"))


def test_no_secret_of_the_installation_is_said_by_any_process(tmp_path: Path) -> None:
    with fleet(tmp_path) as running:
        planted = planted_in(running)
        redis.Redis(port=running.redis_port).config_set("requirepass", planted.secrets["the password of the queue"])
        running.part("web", "web")
        running.part("worker", "worker", LOG_FORMAT="text")
        running.ready()
        program = used(running, planted)
        broken(running, program, planted)
        looked_at(running, planted)
        assert planted.found(named={"the password of the queue": {"file redis/appendonly.aof"}}) == []
        said = running.logs()
        assert "queue_unreachable" in said or "storage_failed" in said, "what was taken away was missed"
