"""Messages of the embedded queue arrive whole, once, and in order."""

from __future__ import annotations

import threading
from pathlib import Path

from kombu.connection import Connection

from dashboard import embedded_queue

MESSAGES = 1500


def connect(folder: Path) -> Connection:
    embedded_queue.register()
    messages = folder / "messages"
    messages.mkdir(exist_ok=True)
    options = {"data_folder_in": str(messages), "data_folder_out": str(messages), "polling_interval": 0.001}
    return Connection(embedded_queue.ADDRESS, transport_options=options)  # type: ignore[no-untyped-call]


def test_no_message_is_read_before_it_is_written(tmp_path: Path) -> None:
    """A reader that never rests beside a writer that never rests."""
    received: list[int] = []
    broken: list[Exception] = []
    written = threading.Event()

    def read() -> None:
        with connect(tmp_path) as connection:
            queue = connection.SimpleQueue("cpu")
            while True:
                last_round = written.is_set()
                try:
                    message = queue.get(block=False)
                except queue.Empty:
                    if last_round:
                        return
                except Exception as error:  # noqa: BLE001  (whatever it is, it would have ended a worker)
                    broken.append(error)
                else:
                    received.append(message.payload["number"])
                    message.ack()

    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue("cpu")
        reader = threading.Thread(target=read)
        reader.start()
        for number in range(MESSAGES):
            queue.put({"number": number})
        written.set()
        reader.join(60)
    assert not broken
    assert received == list(range(MESSAGES))
    assert not list((tmp_path / "messages").iterdir())


def test_many_readers_get_each_message_once(tmp_path: Path) -> None:
    with connect(tmp_path) as connection:
        queue = connection.SimpleQueue("cpu")
        for number in range(200):
            queue.put({"number": number})
    received: list[int] = []

    def read() -> None:
        with connect(tmp_path) as connection:
            queue = connection.SimpleQueue("cpu")
            while True:
                try:
                    message = queue.get(block=False)
                except queue.Empty:
                    return
                received.append(message.payload["number"])
                message.ack()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert sorted(received) == list(range(200))
