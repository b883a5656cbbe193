"""What a photo's way asks the database: every statement is a part of a millisecond that each photo pays."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from processing.actions.run_image import run_next_image
from processing.models import Job
from tests.support.api import Api, photo
from tests.support.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = {"format": "png", "background": "transparent", "width": "60"}
# Savepoints and the answer included. Raised with a reason, or not at all.
MOST_TO_SUBMIT, MOST_TO_WORK = 23, 26


def test_a_photo_costs_no_more_statements_than_before(cast: Cast) -> None:
    api = Api(cast.key())
    for seed in (1, 2):  # what a process asks once in its life has been asked then
        with CaptureQueriesContext(connection) as submitting:
            answer = api.form("/process", {"image": photo(seed), **QUICK}, prefer="wait=0")
        assert answer.status_code == 202, answer.content
        with CaptureQueriesContext(connection) as working:
            assert run_next_image()
    assert Job.unscoped.filter(status="succeeded").count() == 2
    assert statements(submitting) <= MOST_TO_SUBMIT
    assert statements(working) <= MOST_TO_WORK


def statements(seen: CaptureQueriesContext) -> int:
    """Without the begin and end of transactions, which one database tells of and the other does not."""
    return sum(not each["sql"].startswith(("BEGIN", "COMMIT")) for each in seen.captured_queries)
