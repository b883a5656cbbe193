"""What a job was charged is counted with its charge: for its key, endpoint and label, on the day of its end."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Sum

from accounts.access.credentials import actor_for_key
from accounts.models import LedgerEntry, UsageDay
from accounts.models.usage_day import DASHBOARD, NO_KEY
from processing.actions.cancel import cancel_job
from tests.support.cast import Cast
from tests.support.finished import Photo, job_of


def test_credits_are_counted_where_they_were_spent(cast: Cast) -> None:
    key = cast.key()
    program = actor_for_key(key, endpoint="POST /api/v1/jobs")
    job_of(program, Photo(), Photo("b.jpg", 1), Photo("c.jpg", 2, ended="failed"), label="Autumn")
    job_of(program, Photo("d.jpg", 3), label="Autumn")
    job_of(cast.bob, Photo("e.jpg", 4))
    job_of(cast.bob, Photo("f.jpg", 5, ended="failed"))
    canceled = job_of(cast.bob, Photo("g.jpg", 6), Photo("h.jpg", 7, ended="queued"), label="Half")
    cancel_job(cast.alice, job_id=canceled.pk)
    assert program.api_key is not None
    rows = UsageDay.objects.of(cast.alice).order_by("pk").values_list("key", "endpoint", "label", "credits", "calls")
    assert list(rows) == [
        (program.api_key.pk, "POST /api/v1/jobs", "Autumn", 3, 0),
        (NO_KEY, DASHBOARD, "", 1, 0),
        (NO_KEY, DASHBOARD, "Half", 1, 0),
    ]
    assert {row.day for row in UsageDay.objects.of(cast.alice)} == {datetime.now(UTC).date()}
    charged = LedgerEntry.objects.of(cast.alice).aggregate(sum=Sum("charged"))["sum"]
    assert charged == UsageDay.objects.of(cast.alice).aggregate(sum=Sum("credits"))["sum"] == 5
