"""What a face-swap provider can do, and how it can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from accounts.kit.errors import PackshotError


class ProviderFailed(PackshotError):
    """The account or the provider is in trouble: the account cools down, and another one may do it."""

    code = "provider_failed"
    status = 502
    title = "The face-swap provider failed"
    retryable = True

    def __init__(self, detail: str, *, cools: float = 60.0) -> None:
        super().__init__(detail)
        self.cools = cools


class OutOfCredits(ProviderFailed):
    """The account has no credits left at the provider."""

    code = "provider_out_of_credits"


class SwapRefused(PackshotError):
    """The provider does not want to work on these pictures; another account would hear the same."""

    code = "swap_refused"
    status = 400
    title = "The provider refused the pictures"


@dataclass(frozen=True, slots=True)
class Login:
    """`token` is a secret: it goes into the provider's headers and nowhere else."""

    token: str
    server: str
    channel: str

    def __repr__(self) -> str:
        return f"Login(channel={self.channel!r})"


@dataclass(frozen=True, slots=True)
class ProviderCredits:
    total: int
    used: int


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Swapped:
    """`credits`: None where the provider did not say."""

    data: bytes
    credits: ProviderCredits | None


class Provider(Protocol):
    """One call at a time for each login: the pool sees to it."""

    name: str

    def check(self, login: Login) -> ProviderCredits | None:
        """Whether the login is good, and its credits where the provider says them. Raises ProviderFailed."""

    def swap(self, login: Login, *, source: Picture, target: Picture, go_on: Callable[[], None]) -> Swapped:
        """The target with the source's face. Calls `go_on` while it waits, and lets pass what that raises.

        Raises ProviderFailed, OutOfCredits, SwapRefused.
        """
