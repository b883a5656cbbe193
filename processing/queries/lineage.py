"""Of which photo, and of which earlier image of it, something is about to be made."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.access.actor import Actor
from processing.models import Asset, Blob, JobImage

_BLOB = Asset._meta.get_field("blob")


@dataclass(frozen=True, slots=True)
class Lineage:
    """`origin`: the SHA-256 of the photo with which it began. `parent`: the image whose output is the source."""

    origin: str
    parent: uuid.UUID | None = None


def lineages(actor: Actor, sources: Sequence[Asset]) -> dict[uuid.UUID, Lineage]:
    """By the source's id; at most two queries, however many sources."""
    outputs = [source.pk for source in sources if source.kind == Asset.Kind.OUTPUT]
    made = JobImage.objects.of(actor).filter(output__in=outputs).exclude(origin="") if outputs else ()
    found = {image.output_id: Lineage(image.origin, image.pk) for image in made}
    photos = [source for source in sources if source.pk not in found]
    hashes = {photo.blob_id: photo.blob.sha256 for photo in photos if _BLOB.is_cached(photo)}
    if unknown := {photo.blob_id for photo in photos} - hashes.keys():
        hashes |= Blob.objects.of(actor).filter(pk__in=unknown).values_list("pk", "sha256")
    return {
        **{photo.pk: Lineage(hashes[photo.blob_id]) for photo in photos},
        **{pk: one for pk, one in found.items() if pk},
    }
