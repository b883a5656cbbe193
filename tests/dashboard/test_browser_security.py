"""What keeps other sites out of a visitor's browser: no form without its token, cookies that stay where they belong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.support.access_walk import address, table
from tests.support.cast import make_cast
from tests.support.one_of_each import one_of_each
from tests.support.signing_in import just_signed_in

ROOT = Path(__file__).resolve().parents[2]
# Their credential is in what they carry (a signature, a signed link, a one-time state), and no cookie counts.
WITHOUT_TOKEN = {
    "/hooks/<slug:marketplace>/",
    "/hooks/<slug:marketplace>/<slug:token>/",
    "/unsubscribe/<str:token>/",
    "/integrations/connect/<slug:marketplace>/keys/",
    "/(api|v1|v3)/…",
    # Nothing is done by them, and a POST is answered as a GET.
    "/healthz",
    "/readyz",
}
PRODUCTION = """
import json, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
secure = Client(headers={"x-forwarded-proto": "https", "host": "images.example.com"})
plain = Client(headers={"host": "images.example.com"})
moved = plain.get("/jobs/")
print(json.dumps({
    "hsts": secure.get("/healthz").headers.get("Strict-Transport-Security"),
    "plain": [moved.status_code, moved.headers.get("Location")],
    "health": plain.get("/healthz").status_code,
    "cookies": [
        settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE,
        settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_SAMESITE,
    ],
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_PATH],
    "domains": [settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN],
}))
"""


@pytest.mark.django_db
def test_every_form_needs_its_token() -> None:
    cast = make_cast()
    ids = one_of_each(cast.alice, cast.bob)
    strict = Client(enforce_csrf_checks=True)
    assert cast.alice.user
    strict.force_login(cast.alice.user)
    just_signed_in(strict, cast.alice.user)
    unsafe = [row for row in table() if row.method == "POST" and not row.scope and not row.route.startswith("/admin/")]
    taken: list[str] = []
    for row in unsafe:
        if row.route in WITHOUT_TOKEN or row.route.startswith(("/api/", "/v3/")):
            continue
        answer = strict.post(address(row.route, ids), headers={"origin": "https://evil.example"})
        if answer.status_code != 403:
            taken.append(f"{row.route}: {answer.status_code}")
    assert not taken
    assert len(unsafe) > 100


def test_a_name_that_is_not_ours_is_not_answered_to(db: None) -> None:
    answer = Client().get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.content.decode()


def test_in_production_cookies_and_browsers_stay_on_https(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin", "ENV_FILE": "", "DATA_DIR": str(tmp_path), "BASE_URL": "https://images.example.com",
        "BEHIND_PROXY": "1", "DJANGO_SETTINGS_MODULE": "dashboard.settings",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["hsts"] == "max-age=31536000"
    assert said["plain"] == [301, "https://images.example.com/jobs/"]
    assert said["health"] == 200
    assert said["cookies"] == [True, True, "Lax", True, "Lax"]
    assert said["domains"] == [None, None]
    assert said["names"] == ["__Host-sessionid", "__Host-csrftoken", "/"]
