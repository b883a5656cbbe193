"""Verdicts of images, as a check of today has found them."""

from __future__ import annotations

from django.utils import timezone

from accounts.access.actor import Actor
from processing.models import Asset, Job, JobImage
from processing.queries.compliance import profile_for


def judged(image: Asset, actor: Actor, status: str, *, key: str = "woocommerce/main") -> None:
    """With one finding, about the size."""
    profile = profile_for(actor.organization.pk, key, product_type=None)
    finding: dict[str, object] = {
        "rule": "size", "key": "size", "title": "Size", "status": status, "severity": "required", "measured": "10 px",
        "wanted": "1000 px", "detail": "It is too small.", "source": "", "checkedOn": None, "fix": None,
        "region": None, "confidence": None, "values": {},
    }  # fmt: skip
    report = {
        "title": profile.title, "marketplace": profile.marketplace, "slot": profile.slot,
        "profileVersion": profile.version, "findings": [finding],
        "plan": {"steps": [], "cannot": [], "notes": []}, "unchecked": [],
    }  # fmt: skip
    job = Job.unscoped.create(
        organization=actor.organization, purpose="check", operation="compliance", parameters={"profiles": [key]}
    )
    JobImage.unscoped.create(
        organization=actor.organization, job=job, index=0, source=image, status="succeeded",
        report={"asOf": timezone.localdate().isoformat(), "sha256": image.blob.sha256, "reports": {key: report}},
    )  # fmt: skip
