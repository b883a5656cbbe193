"""Every route says who may use it, or the server does not start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from dashboard.access import declared_routes, everyone, refuse_undeclared_routes

ROOT = Path(__file__).resolve().parents[2]


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [path("fine/", everyone(lambda request: HttpResponse("ok"))), path("forgotten/", undeclared)]


def test_every_route_of_the_product_is_declared() -> None:
    refuse_undeclared_routes()
    kinds = {path: access.kind for path, _, access in declared_routes() if access}
    assert kinds[""] == "everyone"
    assert kinds["api-keys/"] == "member"
    assert kinds["system/"] == "staff"


@override_settings(ROOT_URLCONF=__name__)
def test_a_forgotten_declaration_stops_the_start() -> None:
    with pytest.raises(ImproperlyConfigured, match="forgotten/"):
        refuse_undeclared_routes()


def test_pages_of_members_send_strangers_to_sign_in(client: Client, db: None) -> None:
    for route, _, access in declared_routes():
        if access and access.kind in {"member", "staff"} and "<" not in route:
            for answer in (client.get(f"/{route}"), client.post(f"/{route}")):
                assert answer.status_code in {302, 405}, route
                if answer.status_code == 302:
                    assert answer["Location"].startswith("/accounts/login/"), route


def test_nothing_heavy_is_loaded_in_the_web_process(tmp_path: Path) -> None:
    heavy = ("cv2", "onnxruntime", "rembg", "numba", "scipy", "skimage", "pymatting", "openvino")
    program = (
        "import sys, dashboard.wsgi\n"
        "from django.test import Client\n"
        f"print(','.join(name for name in {heavy!r} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True,
        env={"DATA_DIR": str(tmp_path), "ENV_FILE": "", "PATH": "/usr/bin:/bin"}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
