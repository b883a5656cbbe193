"""`make load`: starts the product in parts, the people, the generator; prints and keeps what was found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.load.plan import PASSWORD, Plan, token_of
from tests.benchmarks.load.processor_time import ProcessorTime
from tests.benchmarks.load.report import show
from tests.benchmarks.load.web_time import by_route
from tests.benchmarks.speed.machine import machine
from tests.benchmarks.unique_photos import photos
from tests.support import reachable
from tests.support.discord import Discord, Person, discord
from tests.support.fleet import Fleet, fleet
from tests.support.photos import product_photo
from tests.support.server import ROOT

MINUTES = float(os.environ.get("MINUTES", "5"))
USERS = int(os.environ.get("USERS", "50"))
CLIENTS = int(os.environ.get("CLIENTS", "20"))
# 1: the engine that needs no model, on photos with a plain backdrop.
FAST = os.environ.get("FAST", "") == "1"
# What every pause between two steps of a user is multiplied with.
PAUSE = float(os.environ.get("PAUSE", "1"))
_NICE = 10
_LONGEST_START = 300
# Of the generator, once its minutes are over.
_LONGEST_END = 600


def main() -> int:
    if not (reachable.postgres() and reachable.redis()):
        print("PostgreSQL or Redis is not reachable: the load is measured with both.")
        return 1
    if reachable.locust() is None:
        print("locust is not installed. Run: make .venv-locust/installed")
        return 1
    if not FAST and reachable.models_dir() is None:
        print("The segmentation model is not here. Run: make model (or FAST=1 make load)")
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, discord() as world:
        return 1 if _measure(Path(name), world)["errors"] else 0


def _measure(folder: Path, world: Discord) -> dict[str, Any]:
    about = machine()
    with fleet(folder, **_settings(folder, world)) as running:
        shared = str(folder / "data")
        told = {"LOG_LEVEL": "INFO", "LOG_REQUESTS": "1"}
        running.part("web", "web", DATA_DIR=shared, WEB_WORKERS="2", **told)
        running.part("images", "worker", nice=_NICE, DATA_DIR=shared, WORKER_QUEUES="cpu")
        running.part("shops", "worker", nice=_NICE, DATA_DIR=shared, WORKER_QUEUES="io")
        plan = _plan(running, folder)
        world.people.update({token_of(channel): Person(total=10_000, delay=2) for channel in plan.channels.values()})
        running.ready(within=_LONGEST_START)
        plan.write(folder / "plan.json")
        print(f"{USERS} people and {CLIENTS} programs for {MINUTES:g} minutes …", flush=True)
        found, shares = _generate(running, folder)
        if found is None:
            raise SystemExit(f"The load generator broke:\n{(folder / 'generator.log').read_text()[-3000:]}")
        found |= {
            "machine": about,
            "users": USERS,
            "clients": CLIENTS,
            "engine": "GrabCut" if FAST else "the default model",
            "errors": found["errors"] | _said_by(running),
            "shares": shares,
            "web": by_route(running.parts["web"].log),
        }
        # Before the end of everything, which takes its time on a busy machine.
        show(found)
        if file := os.environ.get("JSON"):
            Path(file).write_text(json.dumps(found, indent=1))
    return found


def _settings(folder: Path, world: Discord) -> dict[str, str]:
    wanted = {
        "DATA_DIR": str(folder / "data"),
        "STORAGE_URL": "",
        "BEHIND_PROXY": "1",  # so that each user has an address
        "DISCORD_API_URL": world.base,
        "OUTBOUND_ALLOWED_HOSTS": "127.0.0.1",
        "JOB_LEASE_SECONDS": "30",
        "LOG_LEVEL": "WARNING",
    }
    models = reachable.models_dir()
    if not FAST and models is not None:
        wanted |= {"SEGMENTATION_MODEL": "isnet-general-use", "MODELS_DIR": str(models)}
    return wanted


def _plan(running: Fleet, folder: Path) -> Plan:
    sent = folder / "photos"
    sent.mkdir()
    known = [product_photo(seed, size=(1200, 900)) for seed in range(12)] if FAST else [*photos(1, 8), *photos(4, 4)]
    for number, photo in enumerate(known):
        (sent / f"{number}.jpg").write_bytes(photo)
    wanted = {"users": USERS, "clients": CLIENTS, "products": 200, "finished": 24}
    made = json.loads(running.beside(f"from tests.benchmarks.load.population import make\nprint(make(**{wanted}))"))
    return Plan(base=running.base, seconds=60 * MINUTES, pause=PAUSE, photos=str(sent), password=PASSWORD, **made)


def _generate(running: Fleet, folder: Path) -> tuple[dict[str, Any] | None, dict[str, float]]:
    """What the generator found, and the share of all processors that each part had meanwhile."""
    program, result = reachable.locust(), folder / "result.json"
    assert program is not None
    with (folder / "generator.log").open("wb") as log:
        generator = subprocess.Popen(
            [str(program), "-m", "tests.benchmarks.load.generator", str(folder / "plan.json"), str(result)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    groups = {part.process.pid: name for name, part in running.parts.items() if part.process}
    measured = ProcessorTime(groups | {generator.pid: "generator"}, running.database.rpartition("/")[2])
    last = threading.Timer(60 * MINUTES + _LONGEST_END, generator.kill)
    last.start()
    began = os.times().elapsed
    while generator.poll() is None and not result.with_suffix(".over").exists():
        time.sleep(0.2)
    # Not of what follows: what was accepted is waited for, and little else is asked.
    available = (os.times().elapsed - began) * (os.cpu_count() or 1)
    shares = {name: round(seconds / available, 4) for name, seconds in measured.end().items()}
    generator.wait()
    last.cancel()
    return (json.loads(result.read_text()) if result.exists() else None), shares


def _said_by(running: Fleet) -> dict[str, int]:
    """Tracebacks in the logs of the product: an error that no user saw is one all the same."""
    return {
        f"{name}: a traceback in its log": count
        for name, part in running.parts.items()
        if (count := part.log.read_text(errors="replace").count("Traceback (most recent call last)"))
    }


if __name__ == "__main__":
    sys.exit(main())
