from __future__ import annotations

import uuid

from django.db import models


class IdempotentCall(models.Model):
    """A call that was sent with an Idempotency-Key: who works on it now, the job it made, and the answer it got.

    `scope` is the API key (`key:<id>`) or, where there is none, the caller's address (`ip:<address>`). `token` is the
    right to work on it; it lapses with the lease as long as no job is attached.
    """

    scope = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    token = models.UUIDField(default=uuid.uuid4)
    lease_expires_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    # Encrypted: an answer may hold a secret that is shown only once.
    body = models.TextField(blank=True)
    # Where the answer is an image: the file itself is kept elsewhere.
    file_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotent_call_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
