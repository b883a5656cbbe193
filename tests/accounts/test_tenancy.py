"""A query that names no organization is a programming error found at once."""

from __future__ import annotations

import pytest

from accounts.models import ApiKey, AuditEntry, LedgerEntry, Membership
from accounts.models.owned import ForgottenOrganizationError
from processing.models import Asset, Blob, Job, JobImage, Preset, StudioPhoto
from tests.support.cast import Cast

OWNED = [ApiKey, Asset, AuditEntry, Blob, Job, JobImage, LedgerEntry, Membership, Preset, StudioPhoto]


@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_a_query_without_an_organization_raises(model: type[ApiKey], cast: Cast) -> None:
    with pytest.raises(ForgottenOrganizationError):
        model.objects.filter(pk__isnull=False)
    assert model.objects.of(cast.alice).count() >= 0


def test_rows_of_another_organization_are_not_there(cast: Cast) -> None:
    cast.key(cast.charlie)
    assert ApiKey.objects.of(cast.alice).count() == 0
    assert ApiKey.objects.of(cast.charlie).count() == 1
