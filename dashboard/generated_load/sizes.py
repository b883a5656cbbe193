"""How much is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """`jobs` and `products` are what is asked for; the rest grows with them or stays as a large organization has it."""

    jobs: int = 1_000_000
    products: int = 1_000_000
    members: int = 500
    days: int = 365
    keys: int = 50
    connections: int = 5
    teams: int = 20
    endpoints: int = 10
    largest_batch: int = 500
    open_images: int = 30

    @property
    def audit_entries(self) -> int:
        return self.jobs

    @property
    def checks(self) -> int:
        return max(self.jobs // 20, 1)

    @property
    def publications(self) -> int:
        return max(self.products // 5, 1)

    @property
    def runs(self) -> int:
        return max(self.publications // 500, 1)

    @property
    def events(self) -> int:
        return max(self.jobs // 2, 1)
