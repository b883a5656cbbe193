"""What a marketplace offers whose shops hand keys over by themselves, once their owner has said yes there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping


class HandOver(ABC):
    @abstractmethod
    def tidy(self, address: str) -> str:
        """The shop's address as connections have it. Raises InvalidInput that names the field `address`."""

    @abstractmethod
    def where(self, address: str, *, state: str, back: str, callback: str) -> str:
        """The page of the shop where its owner says yes or no. The keys are sent to `callback`, the browser to `back`,
        both with `state`."""

    @abstractmethod
    def received(self, raw: bytes) -> tuple[str, Mapping[str, str]]:
        """The state and the credentials in what came to the callback. Raises InvalidInput."""
