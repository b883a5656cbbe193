"""How urgent a photo is: higher goes first (processing/actions/claim.py). Rows hold these numbers."""

from __future__ import annotations

PREVIEW = 20  # somebody looks at it and waits
SINGLE = 10  # a program, or somebody, waits for this one image
BATCH = 0
