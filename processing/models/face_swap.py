from __future__ import annotations

from django.db import models

from accounts.models.owned import Owned, OwnedManager
from processing.models.asset import Asset
from processing.models.job import Job

FACE_SWAP = "face_swap"
"""The `operation` of their jobs: done by a provider, so it is none of processing/operations."""
FACE_SWAP_COST = 1


class FaceSwap(Owned):
    """What a face swap has beyond its job: the second picture, the account's channel, whom to tell."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="face_swap")
    target = models.ForeignKey(Asset, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=10)  # the call it came by
    channel = models.CharField(max_length=200)  # of the account that does it, or did it last
    chosen = models.BooleanField(default=False)  # the caller named the channel: no other account takes over
    reply_url = models.CharField(max_length=1024, blank=True)
    reply_ref = models.CharField(max_length=1024, blank=True)
    consent = models.BooleanField(default=False)

    unscoped = models.Manager["FaceSwap"]()
    objects = OwnedManager["FaceSwap"]()

    def __str__(self) -> str:
        return f"face swap {self.job_id}"


class FaceSwapPolicy(Owned):
    """An organization's rule: whether each swap must say that everybody in the pictures has agreed."""

    consent_required = models.BooleanField(default=False)

    unscoped = models.Manager["FaceSwapPolicy"]()
    objects = OwnedManager["FaceSwapPolicy"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="one_face_swap_policy_per_organization")]

    def __str__(self) -> str:
        return f"face swap policy of {self.organization_id}"
