"""How long the fuzz tests look: a moment with the fast tests, some seconds with the slow ones, by command for hours.

`FUZZ_MINUTES` (`make fuzz MINUTES=60`) divides that time among them, with new random examples in each round; what was
found is kept in `.hypothesis` and tried first the next time.
"""

from __future__ import annotations

import copy
import itertools
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

_SLOW_SECONDS = 5.0
_ROUND = 50
TESTS = 12  # that share the time

efforts = pytest.mark.parametrize("effort", ["fast", pytest.param("slow", marks=pytest.mark.slow)])


def search(what: st.SearchStrategy[Any], holds: Callable[[Any], None], *, effort: str, few: int) -> int:
    """Asks whether `holds` passes for examples of `what`; how many were tried. `few`: examples of the fast
    effort, and the least of the slow one on a busy machine."""
    minutes = float(os.environ.get("FUZZ_MINUTES", "0"))
    until = time.monotonic() + (minutes * 60 / TESTS if minutes else _SLOW_SECONDS)
    tried = 0

    def one(example: Any) -> None:
        nonlocal tried
        if effort == "slow" and tried >= few and time.monotonic() > until:
            return  # the rest of the last round
        tried += 1
        holds(example)

    common: dict[str, Any] = {"deadline": None, "print_blob": True, "suppress_health_check": list(HealthCheck)}
    if effort == "fast" or not minutes:
        # The same examples each time: a build fails for what was changed, not for its luck.
        common |= {"database": None, "phases": (Phase.explicit, Phase.generate, Phase.shrink)}
    if effort == "fast":
        settings(max_examples=few, derandomize=True, **common)(given(what)(one))()
    for number in itertools.count() if effort == "slow" else ():
        asked = settings(max_examples=_ROUND, **common)(given(what)(one))
        (asked if minutes else seed(number)(asked))()
        if time.monotonic() > until:
            break
    return tried


# What programs and people send where something else is meant.
odd_text = st.one_of(
    st.text(max_size=40),
    st.sampled_from([
        "", " ", "\0", "a\0b", "\ud800", "\u202e", "\ufeff", "\U0001f9f9" * 20, "é" * 300, "0", "-1", "1e999", "NaN",
        "9" * 25, "9" * 5000, "true", "null", "[]", "{}", "[" * 1500, "../../etc/passwd", "%00", "%s%n", "{{7*7}}",
        "' OR 1=1--", "<script>", "=1+1", "0x7f.1", "http://169.254.169.254/", "http://[::]/", "file:///etc/passwd",
        "2026-02-30", "0001-01-01", "9999-12-31T23:59:59Z", "٣", "1_000", "+5", "١٢",
    ]),
)  # fmt: skip
odd_json = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.integers(min_value=10**18, max_value=10**30),
        st.floats(allow_nan=False), odd_text,
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(odd_text, inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip
# Where in an answer, what is done there, and what is put there.
changes = st.lists(
    st.tuples(st.lists(st.integers(0, 30), max_size=8), st.sampled_from(["put", "drop", "double"]), odd_json),
    min_size=1, max_size=3,
)  # fmt: skip
_edit = st.tuples(
    st.floats(0, 1), st.sampled_from(["set", "flip", "cut", "put", "double", "drop"]), st.binary(min_size=1, max_size=8)
)
edits = st.lists(_edit, min_size=1, max_size=6)


def edited(data: bytes, changes: list[tuple[float, str, bytes]]) -> bytes:
    """The bytes with these changes: each stands at a fraction of the whole."""
    for where, what, piece in changes:
        at = int(where * len(data))
        if what == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif what == "flip" and at < len(data):
            data = data[:at] + bytes([data[at] ^ (1 << piece[0] % 8)]) + data[at + 1 :]
        elif what == "cut":
            data = data[:at]
        elif what == "put":
            data = data[:at] + piece + data[at:]
        elif what == "double":
            data = data[:at] + data[at : at + 16 * piece[0]] + data[at:]
        elif what == "drop":
            data = data[:at] + data[at + piece[0] :]
    return data


def changed(value: Any, path: list[int], what: str, other: Any) -> Any:
    """With one change, at the end of the path or where it goes no further."""
    if not path or not isinstance(value, dict | list) or not value:
        return other
    at: Any = sorted(value)[path[0] % len(value)] if isinstance(value, dict) else path[0] % len(value)
    copied: Any = copy.copy(value)
    if len(path) > 1 and isinstance(value[at], dict | list) and value[at]:
        copied[at] = changed(value[at], path[1:], what, other)
    elif what == "drop":
        del copied[at]
    elif what == "double" and isinstance(copied, list):
        copied.append(value[at])
    else:
        copied[at] = other
    return copied
