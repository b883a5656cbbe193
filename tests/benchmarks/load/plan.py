"""What the generator of the load is to do, handed over as a file: it runs in a Python of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PASSWORD = "correct horse battery"
FAMILIES = ("v1", "heyswap", "backgroundcut", "faceswap")


@dataclass(frozen=True)
class Plan:
    """`pause`: what every pause between two steps is multiplied with. `photos`: a folder with JPEGs to send.

    `sellers` are e-mail addresses, `keys` by family are API keys, `channels` the face-swap account of such a key.
    """

    base: str
    seconds: float
    pause: float
    photos: str
    password: str
    sellers: list[str]
    keys: dict[str, list[str]]
    channels: dict[str, str]

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))


def read(file: Path) -> Plan:
    return Plan(**json.loads(file.read_text()))


def token_of(channel: str) -> str:
    """What a face-swap account signs in with at Discord's stand-in."""
    return f"token of {channel}"
