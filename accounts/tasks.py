"""Doors from the queue to the actions."""

from __future__ import annotations

import uuid

from celery import shared_task

from accounts.actions import account_security, approval_mail, closing_mail, credit_mail, digests, invitation_mail


@shared_task(name="accounts.mail_low_balance")  # type: ignore[untyped-decorator]
def mail_low_balance(organization_id: str) -> None:
    credit_mail.mail_low_balance(uuid.UUID(organization_id))


@shared_task(name="accounts.mail_budget")  # type: ignore[untyped-decorator]
def mail_budget(month_id: int) -> None:
    credit_mail.mail_budget(month_id)


@shared_task(name="accounts.mail_closing")  # type: ignore[untyped-decorator]
def mail_closing(organization_id: str, who: str) -> None:
    closing_mail.mail_closing(uuid.UUID(organization_id), who)


@shared_task(name="accounts.mail_person")  # type: ignore[untyped-decorator]
def mail_person(address: str, subject: str, text: str) -> None:
    account_security.mail_person(address, subject, text)


@shared_task(name="accounts.mail_approval")  # type: ignore[untyped-decorator]
def mail_approval(approval_id: str, what: str) -> None:
    approval_mail.mail_approval(uuid.UUID(approval_id), what)


@shared_task(name="accounts.mail_digest")  # type: ignore[untyped-decorator]
def mail_digest(membership_id: int, lease: str) -> None:
    digests.mail_digest(membership_id, lease)


@shared_task(name="accounts.mail_acceptance")  # type: ignore[untyped-decorator]
def mail_acceptance(invitation_id: str) -> None:
    invitation_mail.mail_acceptance(uuid.UUID(invitation_id))
