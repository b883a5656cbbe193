"""Idempotency keys: the same call sent twice does its work once and gets one answer.

A key is claimed by inserting its row, which only one of many simultaneous calls can do. Until a job is attached the
claim is a lease: a crash frees the key. `attach` runs inside the transaction that writes the job, so from the commit
on the key means that job, whoever asks.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.db import connection
from django.utils import timezone

from accounts.kit.encryption import decrypt, encrypt
from accounts.kit.errors import PackshotError
from accounts.models import IdempotentCall

KEPT = timedelta(hours=24)
# Longer than anything a call does before its job is written: fetching two remote images, mostly.
_LEASE = timedelta(seconds=60)
_NOT_STORED = {401, 402, 403, 409, 429}


class StillRunning(PackshotError):
    """The first call with this Idempotency-Key has not been answered yet. Send it again in a moment."""

    code = "idempotency_in_progress"
    status = 409
    title = "Still running"
    retry_after = 1


class KeyReused(PackshotError):
    """This Idempotency-Key was sent before with another request. A new request needs a new key."""

    code = "idempotency_key_reused"
    status = 422
    title = "Idempotency key used before"


@dataclass(slots=True)
class Claim:
    """The right to answer a call. `job_id`: the job that it has made, or that an earlier, interrupted one had made.
    `failed`: that job has ended without a result, so the key may be used for another try."""

    pk: int
    token: uuid.UUID
    job_id: uuid.UUID | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent again: `body` as text, or the image `file_id` in its place."""

    status: int
    headers: dict[str, str]
    body: str = ""
    file_id: uuid.UUID | None = None


def begin(scope: str, key: str, fingerprint: str) -> Claim | Answer:
    """Claims the key, or gives the answer that it got. Raises StillRunning (409), KeyReused (422)."""
    token = uuid.uuid4()
    for _ in range(10):
        now = timezone.now()
        new = IdempotentCall(
            scope=scope,
            key=key,
            fingerprint=fingerprint,
            token=token,
            lease_expires_at=now + _LEASE,
            expires_at=now + KEPT,
        )
        if _inserted(new):
            return Claim(new.pk, token)
        row = IdempotentCall.objects.filter(scope=scope, key=key).first()
        if row is None:
            continue  # freed in this very moment
        if row.expires_at <= now:
            IdempotentCall.objects.filter(pk=row.pk, token=row.token).delete()
            continue
        if row.fingerprint != fingerprint:
            raise KeyReused("This Idempotency-Key was used for another request. Send a new key with a new request.")
        if row.status is not None:
            return Answer(row.status, row.headers, decrypt(row.body) if row.body else "", row.file_id)
        if row.job_id:
            return Claim(row.pk, row.token, row.job_id)
        if row.lease_expires_at > now:
            raise StillRunning("A call with this Idempotency-Key is still running. Send it again in a moment.")
        taken = IdempotentCall.objects.filter(
            pk=row.pk, token=row.token, job_id__isnull=True, status__isnull=True
        ).update(token=token, lease_expires_at=now + _LEASE)
        if taken:
            return Claim(row.pk, token)
    raise StillRunning("A call with this Idempotency-Key is still running. Send it again in a moment.")


def _inserted(row: IdempotentCall) -> bool:
    """Whether this call was the first. One statement, which refuses nothing loudly: nearly every key is new."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_insert_once(), values)
        found = cursor.fetchone()
    if found:
        row.pk = found[0]
    return bool(found)


@cache
def _insert_once() -> str:
    meta = IdempotentCall._meta
    columns = [field.column for field in meta.concrete_fields if not field.primary_key]
    return (
        f"INSERT INTO {meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608
        "ON CONFLICT DO NOTHING RETURNING id"
    )


def attach(claim: Claim, job_id: uuid.UUID) -> None:
    """Ties the job to the key, inside the transaction that writes it. Raises StillRunning when the claim has lapsed and
    another call has taken over: this one's job must not be."""
    held = IdempotentCall.objects.filter(pk=claim.pk, token=claim.token, job_id__isnull=True, status__isnull=True)
    if not held.update(job_id=job_id):
        raise StillRunning("Another call with this Idempotency-Key has taken over. Send it again in a moment.")
    claim.job_id = job_id


def settle(claim: Claim, answer: Answer) -> None:
    """Stores the answer, or frees the key where the answer is one that another try may change."""
    held = IdempotentCall.objects.filter(pk=claim.pk, token=claim.token, status__isnull=True)
    if answer.status not in _NOT_STORED and answer.status < 500:
        held.update(
            status=answer.status,
            headers=answer.headers,
            body=encrypt(answer.body) if answer.body else "",
            file_id=answer.file_id,
        )
    elif claim.failed:
        held.delete()
    else:
        # A job that was written goes on, whatever became of this call: the next one gets it.
        held.filter(job_id__isnull=True).delete()


def remove_expired() -> None:
    """For the sweeper."""
    IdempotentCall.objects.filter(expires_at__lt=timezone.now()).delete()


def forget_jobs(job_ids: Collection[uuid.UUID]) -> None:
    """The answers of calls whose jobs are gone go with them."""
    IdempotentCall.objects.filter(job_id__in=job_ids).delete()
