"""Tenancy: a row that belongs to an organization cannot be queried without naming one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.access.actor import Actor

M = TypeVar("M", bound=models.Model)


class ForgottenOrganizationError(RuntimeError):
    """A query on owned rows that names no organization: a leak, found at once instead of in production."""


class OwnedManager(models.Manager[M], Generic[M]):
    """`Model.objects.of(actor)` is the only way in; everything else raises.

    Code that works across organizations on purpose (sweeper, worker, a public address) says so: `Model.unscoped`.
    """

    def of(self, actor: Actor) -> models.QuerySet[M]:
        """The rows of the actor's organization."""
        return super().get_queryset().filter(organization_id=actor.organization.pk)

    def get_queryset(self) -> models.QuerySet[M]:
        raise ForgottenOrganizationError(
            f"{self.model.__name__}.objects needs .of(actor); use .unscoped where every organization is meant."
        )


class Owned(models.Model):
    """Base of every row that belongs to an organization."""

    organization: models.ForeignKey[Any, Any] = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        abstract = True
