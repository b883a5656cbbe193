"""The work of callers without a key belongs to one organization of its own, made at the first such call.

Nobody is a member of it and no key opens it (constraints of the database hold both), nothing is charged to it, and
nothing in it grows old.
"""

from __future__ import annotations

import uuid

PUBLIC_ORGANIZATION_ID = uuid.UUID("00000000-0000-7000-8000-000000000001")
