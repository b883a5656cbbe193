"""Keys of the sandbox: every operation runs, nothing is charged, images carry a visible watermark."""

from __future__ import annotations

import numpy as np
import pytest

from accounts.actions.api_keys import create_api_key
from accounts.models import LedgerEntry, Organization
from tests.support.api import Api, photo
from tests.support.cast import Cast
from tests.support.photos import opened

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_test_key_runs_everything_and_is_charged_nothing(cast: Cast, worker: None) -> None:
    secret = create_api_key(cast.alice, name="Try", scopes=["*"], sandbox=True)[1]
    assert secret.startswith("ps_test_")
    Organization.objects.update(credit_balance=0)  # not even an empty balance stops it
    entries = LedgerEntry.unscoped.count()
    fields = {"width": "300", "height": "300", "margin": "0.1", "format": "png"}
    tried = Api(secret).form("/process", {"image": photo()} | fields)
    assert tried.status_code == 200
    assert tried.json()["credits"] == {"charged": 0, "remaining": 0}
    assert LedgerEntry.unscoped.count() == entries

    Organization.objects.update(credit_balance=1)
    live = Api(cast.key()).form("/process", {"image": photo(), **fields})
    assert live.json()["credits"] == {"charged": 1, "remaining": 0}
    marked, clean = (
        np.asarray(opened(Api(secret).get(f"/files/{answer.json()['output']['fileId']}").content).convert("RGB"))
        for answer in (tried, live)
    )
    # Visible: a good part of the picture differs, by more than encoding noise.
    assert (np.abs(marked.astype(int) - clean.astype(int)).max(axis=2) > 12).mean() > 0.01
