"""What is good everywhere and no marketplace has to say: recommended rows that the profiles share."""

from __future__ import annotations

from datetime import date

from processing.compliance.profile import RuleSpec

CHECKED = date(2026, 11, 20)
_SOURCE = "Good practice"

CUT_OFF = RuleSpec("cut_off", "recommended", {}, _SOURCE, CHECKED)
SHARPNESS = RuleSpec("sharpness", "recommended", {"max_blur": 1.8}, _SOURCE, CHECKED)
COLOUR_PROFILE = RuleSpec("colour_profile", "recommended", {}, _SOURCE, CHECKED)
METADATA = RuleSpec("metadata", "recommended", {}, _SOURCE, CHECKED)

FILE = (COLOUR_PROFILE, METADATA)
PICTURE = (CUT_OFF, SHARPNESS)
