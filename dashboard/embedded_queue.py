"""The queue of a single machine: kombu's filesystem transport, but a message is either whole or not there.

The library's own writes into a file that a reader may already have taken: one message in a hundred is then read
empty, and the worker that reads it falls. Here a message gets its name when it is written, as files in DATA_DIR do.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

ADDRESS = "packshot-embedded://localhost"


class Channel(filesystem.Channel):
    def get_table(self, exchange: str) -> list[Any]:
        """Celery gives every queue an exchange of its name, so there is no table to keep (nor to read half-written)."""
        return [filesystem.exchange_queue_t(exchange, "", exchange)]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        return

    def _put(self, queue: str, payload: Any, **_: object) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        # Wall clock, in nanoseconds: names sort by age also over a restart.
        name = f"{time.time_ns()}_{uuid.uuid4().hex}"
        draft = folder / f"{name}.draft"
        try:
            try:
                draft.write_text(dumps(payload))  # type: ignore[no-untyped-call]
                draft.rename(folder / f"{name}.{queue}.msg")
            finally:
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise ChannelError(f"The message cannot be written: {error.strerror}.") from error

    def _get(self, queue: str, timeout: Any = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(file.name for file in folder.iterdir()):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}.{uuid.uuid4().hex}.taken"
            try:
                # One of many readers renames it; the others go on to the next.
                (folder / name).rename(taken)
            except FileNotFoundError:
                continue
            try:
                return loads(taken.read_text())  # type: ignore[no-untyped-call]
            finally:
                taken.unlink()
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel


def register() -> None:
    """Makes ADDRESS known to Celery."""
    TRANSPORT_ALIASES[ADDRESS.partition(":")[0]] = f"{__name__}:Transport"
