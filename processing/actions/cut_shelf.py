"""Cut-outs of the photos that are being previewed, in the memory of this worker process.

A preview after the first so begins with composing: neither the mask nor its refinement is made again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processing.operations.work.subject import Subject

Key = tuple[object, ...]

_MOST = 4  # of small copies, about 7 MB each

_lock = threading.Lock()
_kept: OrderedDict[Key, Subject] = OrderedDict()


def kept(key: Key) -> Subject | None:
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
        return found


def keep(key: Key, subject: Subject) -> None:
    """From now on nothing may write into its pixels."""
    subject.foreground.flags.writeable = False
    subject.alpha.flags.writeable = False
    with _lock:
        _kept[key] = subject
        while len(_kept) > _MOST:
            _kept.popitem(last=False)


def forget() -> None:
    """Lets go of all of them."""
    with _lock:
        _kept.clear()
