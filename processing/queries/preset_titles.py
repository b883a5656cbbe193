from __future__ import annotations

from django.utils.translation import gettext

from accounts.access.actor import Actor
from processing.operations.presets import PRESETS
from processing.queries.presets import own_presets


def preset_titles(actor: Actor) -> dict[str, str]:
    """The title of every preset by slug, the organization's own first; an own one goes before a built-in one."""
    own = {preset.slug: preset.title for preset in own_presets(actor)}
    return own | {slug: gettext(spec.title) for slug, spec in PRESETS.items() if slug not in own}
