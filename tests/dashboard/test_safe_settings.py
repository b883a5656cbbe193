"""Settings that would open the installation to the internet end the start; what is safe goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dashboard.safe_settings import is_public_host, refuse_unsafe

ROOT = Path(__file__).resolve().parents[2]
SAFE: dict[str, Any] = {
    "base_url_host": "images.example.com", "https": True, "http_allowed": False, "debug": False, "host": "127.0.0.1",
    "allowed_hosts": ["images.example.com"], "secret": "",
}  # fmt: skip
GOOD_SECRET = "zq8Wn3-rT5yLk0PvXb7cD1mFhJ4sGaEu"


def manage(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "ENV_FILE": "", "DATA_DIR": str(tmp_path)} | settings
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"https": False}, "BASE_URL"),
        ({"debug": True}, "DEBUG"),
        ({"debug": True, "base_url_host": "", "host": "0.0.0.0"}, "DEBUG"),
        ({"allowed_hosts": ["images.example.com", "*"]}, "ALLOWED_HOSTS"),
        ({"secret": "short"}, "SECRET_KEY"),
        ({"secret": "abc" * 20}, "SECRET_KEY"),
        ({"secret": "changeme", "base_url_host": ""}, "SECRET_KEY"),
    ],
)
def test_the_unsafe_ends_the_start_with_one_sentence(change: dict[str, Any], says: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        refuse_unsafe(**SAFE | change)
    assert str(stopped.value).startswith(says)
    assert change.get("secret", "nothing") not in str(stopped.value), "what is said ends up in a log"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"secret": GOOD_SECRET},
        {"https": False, "http_allowed": True},
        {"https": False, "base_url_host": "192.168.1.5"},
        {"https": False, "base_url_host": "packshot.lan"},
        {"base_url_host": "", "https": False, "debug": True},
        {"base_url_host": "", "https": False, "allowed_hosts": ["*"]},
    ],
)
def test_the_safe_goes_on(change: dict[str, Any]) -> None:
    refuse_unsafe(**SAFE | change)


@pytest.mark.parametrize(
    ("name", "public"),
    [("images.example.com", True), ("8.8.8.8", True), ("IMAGES.Example.com.", True), ("2606:4700::1111", True),
     ("", False), ("localhost", False), ("shop", False), ("127.0.0.1", False), ("10.1.2.3", False), ("::1", False),
     ("shop.local", False), ("a.home.arpa", False)],
)  # fmt: skip
def test_which_names_are_public(name: str, public: bool) -> None:
    assert is_public_host(name) == public


def test_a_start_with_an_unsafe_setting_is_refused(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", BASE_URL="http://images.example.com")
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.startswith("BASE_URL begins with http://")


def test_djangos_own_list_for_production_finds_nothing(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        BASE_URL="https://images.example.com",
        BEHIND_PROXY="1",
    )
    assert done.returncode == 0, done.stderr
