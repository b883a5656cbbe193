from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.kit import encryption
from accounts.models.owned import Owned, OwnedManager


class SigningSecret(models.Model):
    """A secret that signs, and after a rotation the one before it until its end. Both encrypted at rest."""

    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_secret_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def secrets_in_use(self) -> list[str]:
        """The new one first. Raises Undecipherable when FIELD_ENCRYPTION_KEYS has lost the key."""
        found = [encryption.decrypt(self.secret)]
        if self.overlaps():
            found.append(encryption.decrypt(self.previous_secret))
        return found

    def overlaps(self) -> bool:
        """Whether the secret before the last rotation still signs."""
        until = self.previous_secret_until
        return bool(self.previous_secret) and until is not None and until > timezone.now()


class OrganizationWebhookSecret(Owned, SigningSecret):
    """What signs the calls to the `webhookUrl` of single jobs. Made when it is first needed."""

    created_at = models.DateTimeField(auto_now_add=True)

    unscoped = models.Manager["OrganizationWebhookSecret"]()
    objects = OwnedManager["OrganizationWebhookSecret"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_webhook_secret_per_organization")]

    def __str__(self) -> str:
        return f"webhook secret of {self.organization_id}"
