"""Fixtures of every marketplace's tests."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from tests.support.certificate import certificate
from tests.support.picture_host import PictureHost, picture_host


@pytest.fixture(scope="session")
def _picture_host() -> Iterator[PictureHost]:
    with picture_host() as running:
        yield running


@pytest.fixture
def pictures(_picture_host: PictureHost, settings: Settings) -> PictureHost:
    """Where shops fetch images; it counts as reachable for them."""
    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    settings.BASE_URL = _picture_host.address
    _picture_host.slow, _picture_host.missing = 0, False
    _picture_host.fetched.clear()
    return _picture_host


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """For a shop that speaks https: its certificate is trusted here."""
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return context
