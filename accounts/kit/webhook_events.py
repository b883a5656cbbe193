"""The types of events that an endpoint can ask for."""

from __future__ import annotations

ALL_EVENTS = "*"
TEST = "webhook.test"
CREDITS_LOW = "credits.low"

# Type and what it says, in the words of the page on which it is chosen.
EVENTS: dict[str, str] = {
    "job.succeeded": "A job has succeeded; one event for a whole batch",
    "job.failed": "No image of a job could be made",
    "job.canceled": "A job was canceled",
    "publication.confirmed": "A shop shows the new image",
    "publication.rejected": "A shop refused an image",
    "publication.failed": "A publication did not get through to the shop",
    "sync.finished": "The catalog of a shop was read",
    CREDITS_LOW: "Credits are running low",
    "connection.broken": "A shop does not let us in any more",
    TEST: "A test, sent from the Webhooks page",
}
# A test goes to the endpoint that is tested, whatever it has asked for.
CHOICES: tuple[str, ...] = tuple(name for name in EVENTS if name != TEST)
