"""Alice's organization as the BackgroundCut family sees it."""

from __future__ import annotations

import pytest

from tests.support.api import SpaceApi
from tests.support.cast import Cast


@pytest.fixture
def api(cast: Cast) -> SpaceApi:
    return SpaceApi(f"Token {cast.key()}")
