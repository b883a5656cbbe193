"""How a version of a photo came about, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from dashboard.pages.jobs import TITLES
from processing.models import JobImage


def made_with(image: JobImage, titles: Mapping[str, str]) -> str:
    """The preset, or the operation where none was used. `titles`: of the presets, by slug."""
    job = image.job
    if job.preset:
        return titles.get(job.preset, job.preset)
    return gettext(TITLES.get(job.operation, job.operation))
