"""The e-mail to who has started a publish run: it waits for a look, or has stopped by itself."""

from __future__ import annotations

import uuid
from functools import partial

from django.db import transaction
from django.urls import reverse

from accounts.access.notification_kinds import Kind
from accounts.actions.notifications import tell
from accounts.kit import tasks
from accounts.kit.letters import address_of
from accounts.models import Membership
from integrations.models import PublishRun


def tell_starter(run: PublishRun) -> None:
    """After the commit, by a worker. The caller has saved the run's new state and holds its lock."""
    transaction.on_commit(partial(tasks.send, "integrations.mail_run", str(run.pk), queue="io"))


def mail_run(run_id: uuid.UUID) -> None:
    """Nothing of a run that somebody has gone on with meanwhile."""
    needy = (PublishRun.Status.WAITING, PublishRun.Status.STOPPED)
    run = PublishRun.unscoped.select_related("connection").filter(pk=run_id, status__in=needy).first()
    if run is None:
        return
    starter = Membership.unscoped.filter(organization=run.organization_id, user=run.created_by_id)
    stopped = run.status == PublishRun.Status.STOPPED
    address = address_of(reverse("publish_run", args=[run.pk]))
    tell(Kind.PUBLISHING, starter, "publish_run", {"run": run, "stopped": stopped}, address=address)
