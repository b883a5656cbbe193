"""Dockerfile, compose.yaml and the systemd units: sound by their own tools, and they name what there is."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted((ROOT / "templates" / "docs" / "systemd").glob("*.service"))
FIVE = {
    "BASE_URL": "https://images.example.com",
    "SECRET_KEY": "a",
    "FIELD_ENCRYPTION_KEYS": "b",
    "POSTGRES_PASSWORD": "c",
    "STORE_SECRET": "d",
}


def compose(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    shutil.copy(ROOT / "compose.yaml", tmp_path)
    return subprocess.run(
        ["docker-compose", "config"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)} | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )


def known_settings() -> set[str]:
    return set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.mark.compose
def test_five_values_are_enough_for_compose(tmp_path: Path) -> None:
    done = compose(tmp_path, **FIVE)
    assert done.returncode == 0, done.stderr
    for name in ("web", "images", "shops", "prepare", "database", "queue", "store"):
        assert f"  {name}:\n" in done.stdout


@pytest.mark.compose
@pytest.mark.parametrize("name", FIVE)
def test_a_missing_value_stops_compose_by_name(tmp_path: Path, name: str) -> None:
    done = compose(tmp_path, **{each: value for each, value in FIVE.items() if each != name})
    assert done.returncode != 0
    assert done.stderr.rstrip().endswith(f"set {name}, see the head of this file")


@pytest.mark.compose
def test_what_compose_starts_is_there(tmp_path: Path) -> None:
    services: dict[str, Any] = yaml.safe_load(compose(tmp_path, **FIVE).stdout)["services"]
    ours = {name: each for name, each in services.items() if each["image"] == "packshot"}
    assert set(ours) == {"prepare", "web", "images", "shops", "accelerated"}
    for name, service in ours.items():
        assert set(service["environment"]) <= known_settings(), name
        if command := service.get("command"):
            assert command[:2] == ["python", "manage.py"]
            assert command[2] in get_commands()
    queues = [set(each["environment"].get("WORKER_QUEUES", "").split(",")) for each in ours.values()]
    assert {"cpu", "gpu", "io"} <= set().union(*queues)


@pytest.mark.compose
def test_what_compose_starts_of_ours_is_watched_and_kept_in(tmp_path: Path) -> None:
    services: dict[str, Any] = yaml.safe_load(compose(tmp_path, **FIVE).stdout)["services"]
    for name, service in services.items():
        assert name == "prepare" or service["healthcheck"]["test"], f"nobody watches {name}"
        if service["image"] != "packshot":
            continue
        assert service["read_only"] is True, name
        assert [str(each).partition(":")[0] for each in service["tmpfs"]] == ["/tmp"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "user" not in service, "the image's own user"
        assert not service.get("privileged"), name
    web = services["web"]["ports"]
    assert [each["host_ip"] if isinstance(each, dict) else each.split(":")[0] for each in web] == ["127.0.0.1"]


def test_the_model_is_in_the_image_or_mounted_and_all_else_that_is_written_is_in_the_volume() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "ARG MODEL=isnet-general-use" in text
    assert 'if [ -n "$MODEL" ]; then' in text
    assert re.search(r"^    DATA_DIR=/data MODELS_DIR=/models ", text, re.MULTILINE)
    assert "VOLUME /data" in text


def test_the_image_runs_as_nobody_special_and_copies_what_is_there() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    instructions = [line.split() for line in lines if line and line[0].isupper()]
    copied = [word for words in instructions if words[0] == "COPY" for word in words[1:-1] if not word.startswith("--")]
    tracked = (ROOT / ".dockerignore").read_text().splitlines()
    for path in copied:
        assert (ROOT / path).exists(), path
        assert f"!{path}" in tracked, f".dockerignore keeps {path} out"
    last_user = [words[1] for words in instructions if words[0] == "USER"][-1]
    assert last_user == "packshot"
    (command,) = (line for line in lines if line.startswith("CMD "))
    assert json.loads(command.removeprefix("CMD "))[2] in get_commands()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_start_what_is_there(unit: Path) -> None:
    (start,) = re.findall(
        r"^ExecStart=/opt/packshot/\.venv/bin/python manage\.py (\S+)(?: .*)?$", unit.read_text(), re.MULTILINE
    )
    assert start in get_commands()
    assert "User=packshot" in unit.read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        shutil.copy(unit, tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    # Only that nothing is installed in /opt/packshot here.
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in said if "packshot" in line] == []
