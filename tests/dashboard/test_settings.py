"""A nonsense value stops the start with a sentence that names it; every setting is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "ENV_FILE": "", "DATA_DIR": str(tmp_path)} | settings
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("BASE_URL", "example.com"),
        ("STORAGE_URL", "ftp://host/x"),
        ("MAX_UPLOAD_MB", "-1"),
        ("LOG_LEVEL", "LOUD"),
        ("CREDITS_UNLIMITED", "2"),
        ("DATA_DIR", "/proc/nowhere"),
        ("HOST", "not a host"),
        ("BASE_URL", "https://[broken"),
        ("BASE_URL", "https://example.com/shop"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost/first"),
        ("CELERY_BROKER_URL", "nonsense"),
        ("CELERY_BROKER_URL", "redis://localhost:port/0"),
        ("STORAGE_URL", "s3://key:secret@host:port/bucket"),
        ("FIELD_ENCRYPTION_KEYS", "not a fernet key"),
        ("ENV_FILE", "nowhere.env"),
        ("INFERENCE_RUNTIME", "fastest"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path, **{name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "STORAGE_URL", "EMAIL_URL"])
def test_a_password_in_an_address_is_not_repeated(tmp_path: Path, name: str) -> None:
    done = start(tmp_path, **{name: "gopher://user:s3cr3t-word@host:port/x"})
    assert done.returncode != 0
    assert name in done.stderr
    assert "s3cr3t-word" not in done.stdout + done.stderr


def test_the_example_file_works_with_every_line_switched_on(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    lines = re.findall(r"^# ([A-Z_]+=.*)$", example, re.MULTILINE)
    file = tmp_path / "all.env"
    file.write_text("\n".join(line for line in lines if not line.startswith("DATA_DIR")))
    done = start(tmp_path, ENV_FILE=str(file))
    assert done.returncode == 0, done.stderr


def test_api_keys_outlive_a_new_secret_key(tmp_path: Path) -> None:
    def pepper(**settings: str) -> str:
        return _setting(tmp_path, "API_KEY_PEPPER", **settings)

    made = pepper()
    assert made
    assert made != _setting(tmp_path, "SECRET_KEY")
    assert pepper(SECRET_KEY="a key of the operator's own, long enough") == made
    assert pepper(API_KEY_PEPPER="chosen") == "chosen"


def test_machines_with_the_same_secret_key_know_the_same_api_keys(tmp_path: Path) -> None:
    shared = {"SECRET_KEY": "the same on every machine, long enough"}
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = _setting(tmp_path / "one", "API_KEY_PEPPER", **shared)
    assert one == _setting(tmp_path / "two", "API_KEY_PEPPER", **shared)


def test_secrets_that_cannot_be_read_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{half")
    done = start(tmp_path)
    assert done.returncode != 0
    assert "secrets.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "secrets.json").read_text() == "{half"


def _setting(tmp_path: Path, name: str, **settings: str) -> str:
    environment = {"PATH": "/usr/bin:/bin", "ENV_FILE": "", "DATA_DIR": str(tmp_path)} | settings
    script = f"from dashboard import settings; print(settings.{name})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_defaults_start(tmp_path: Path) -> None:
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr
    secrets = tmp_path / "secrets.json"
    assert oct(secrets.stat().st_mode)[-3:] == "600"
    before = secrets.read_text()
    start(tmp_path)
    assert secrets.read_text() == before


def test_every_setting_is_in_the_example_file() -> None:
    source = "".join(file.read_text() for file in (ROOT / "dashboard").glob("*settings.py"))
    read = set(re.findall(r'env\.[a-z_]+\(\s*"([A-Z_]+)"', source))
    documented = set(re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read == documented
