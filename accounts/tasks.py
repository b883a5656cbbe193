"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from accounts.actions import credit_mail


@shared_task(name="accounts.mail_low_balance")  # type: ignore[untyped-decorator]
def mail_low_balance(organization_id: str) -> None:
    credit_mail.mail_low_balance(uuid.UUID(organization_id))


@shared_task(name="accounts.mail_budget")  # type: ignore[untyped-decorator]
def mail_budget(month_id: int) -> None:
    credit_mail.mail_budget(month_id)
