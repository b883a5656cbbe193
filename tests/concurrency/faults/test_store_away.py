"""The file store is cut off in the middle of the work, and comes back: photos wait for it."""

from __future__ import annotations

import time

import pytest

from tests.concurrency.faults.conftest import Seller, Town
from tests.support.load import load

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


def test_cut_off_and_back(town: Town, seller: Seller) -> None:
    with load(seller.client, 60, hook=seller.hooks.url()) as work:
        while work.accepted < 20:
            time.sleep(0.02)
        town.store.shut()
        try:
            time.sleep(1)
            tries = seller.client.tries
            time.sleep(4)
        finally:
            town.store.open()
        assert seller.client.tries > tries, "uploads are refused in words, to be sent again"
    seller.accounted(work, f"the S3 store away for 5 s, {seller.client.tries} calls sent again")


def test_a_file_that_vanished_ends_its_job_in_words(town: Town, seller: Seller) -> None:
    """It costs nothing, and the same photo sent again brings the file back."""
    from tests.support.photos import product_photo

    photo = product_photo(77_001, size=(320, 260))
    town.fleet.parts["images-1"].end()
    town.fleet.parts["images-2"].end()
    job = seller.client.make_image(photo, hook=seller.hooks.url())
    town.fleet.beside(
        "from django.core.files.storage import default_storage\nfrom processing.models import JobImage\n"
        f"blob = JobImage.unscoped.get(job='{job}').source.blob\n"
        "assert default_storage.exists(blob.path)\ndefault_storage.delete(blob.path)"
    )
    town.fleet.parts["images-1"].start()
    seller.ended(job)
    again = seller.client.make_image(photo, hook=seller.hooks.url())
    seller.accounted([job, again], "a photo's file deleted behind our back", failed={job: "not_found"})
