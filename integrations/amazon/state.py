"""What a publication to Amazon remembers between its tries: what was there before, and what Amazon has taken."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from integrations.publishing import Memory

# What Amazon has taken is waited for so long; who asks for it again after that has it sent again.
PATIENCE_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Before:
    """In one store, before a change. `locator`: the address that the seller has given. `live`: of what is seen."""

    locator: str
    live: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of one place. `name`: of what is remembered about it. `wanted`: the address of the image by marketplace
    id, empty to take it away. `mark`: its fingerprint, empty where there is none. `before`: what the change finds.
    `issues`: Amazon's remarks that were there already.
    """

    name: str
    wanted: Mapping[str, str]
    mark: str
    before: Mapping[str, Before]
    issues: tuple[str, ...] = ()

    def keep(self, memory: Memory) -> None:
        before = {name: [each.locator, each.live] for name, each in self.before.items()}
        held = {"wanted": dict(self.wanted), "mark": self.mark, "before": before, "issues": self.issues}
        memory.keep({self.name: json.dumps(held)})

    def taken(self, memory: Memory) -> dict[str, str]:
        """Amazon's numbers of the submissions that it has accepted, by marketplace id."""
        text = memory.get(f"{self.name} taken")
        found: dict[str, str] = json.loads(text) if text else {}
        return found

    def take(self, memory: Memory, marketplace_ids: Iterable[str], number: str) -> None:
        numbers = json.dumps(self.taken(memory) | dict.fromkeys(marketplace_ids, number))
        memory.keep({f"{self.name} taken": numbers, f"{self.name} at": str(time.time())})

    def forget_taken(self, memory: Memory) -> None:
        """It is sent once more."""
        memory.keep({f"{self.name} taken": "", f"{self.name} at": ""})

    def age(self, memory: Memory) -> float:
        """Seconds since Amazon has taken it."""
        return time.time() - float(memory.get(f"{self.name} at") or time.time())

    def looked(self, memory: Memory) -> dict[str, bool]:
        """Whether the picture at an address is the one with the mark, of those that were fetched already."""
        text = memory.get(f"{self.name} looked")
        found: dict[str, bool] = json.loads(text) if text else {}
        return found

    def note_look(self, memory: Memory, url: str, same: bool) -> None:
        memory.keep({f"{self.name} looked": json.dumps(self.looked(memory) | {url: same})})


def published(memory: Memory) -> Plan | None:
    """The plan to publish; None before the first try."""
    return _plan(memory, "publish")


def restored(memory: Memory) -> Plan | None:
    """The plan to put back what was there; None before somebody wants that."""
    return _plan(memory, "restore")


def _plan(memory: Memory, name: str) -> Plan | None:
    text = memory.get(name)
    if not text:
        return None
    held = json.loads(text)
    before = {marketplace_id: Before(*each) for marketplace_id, each in held["before"].items()}
    return Plan(name, held["wanted"], held["mark"], before, tuple(held["issues"]))
