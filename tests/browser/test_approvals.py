"""What was decided, in a real browser: on a phone each card says what it was about."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.browsing import findings, sign_in, window
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DECIDED = """
import uuid
from django.utils import timezone
from accounts.models import Approval, User
user = User.objects.get(email={email!r})
Approval.unscoped.create(
    organization=user.memberships.get().organization, kind="job", target_id=uuid.uuid4(), asked_by=user,
    title="A hundred photos of mugs", status="approved", decided_at=timezone.now(), expires_at=timezone.now(),
)
"""


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)])
def test_what_was_decided_has_its_title(server: Server, browser: Browser, width: int, dark: bool) -> None:
    owner = server.organization(f"Approvals-{width}")["owner"]
    server.beside(DECIDED.format(email=owner))
    with window(browser, server, sign_in(browser, server, owner), size=(width, 844), dark=dark) as page:
        page.goto("/approvals/")
        assert findings(page) == []
        title = page.get_by_role("link", name="A hundred photos of mugs").bounding_box()
        assert title is not None
        assert title["width"] > 120
