"""The types of events that an endpoint can ask for."""

from __future__ import annotations

from django.utils.translation import gettext_noop

ALL_EVENTS = "*"
TEST = "webhook.test"
CREDITS_LOW = "credits.low"

# Type and what it says, in the words of the page on which it is chosen.
EVENTS: dict[str, str] = {
    "job.succeeded": gettext_noop("A job has succeeded; one event for a whole batch"),
    "job.failed": gettext_noop("No image of a job could be made"),
    "job.canceled": gettext_noop("A job was canceled"),
    "publication.confirmed": gettext_noop("A shop shows the new image"),
    "publication.rejected": gettext_noop("A shop refused an image"),
    "publication.failed": gettext_noop("A publication did not get through to the shop"),
    "sync.finished": gettext_noop("The catalog of a shop was read"),
    CREDITS_LOW: gettext_noop("Credits are running low"),
    "connection.broken": gettext_noop("A shop does not let us in any more"),
    TEST: gettext_noop("A test, sent from the Webhooks page"),
}
# A test goes to the endpoint that is tested, whatever it has asked for.
CHOICES: tuple[str, ...] = tuple(name for name in EVENTS if name != TEST)
