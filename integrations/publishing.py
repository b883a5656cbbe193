"""What every marketplace offers to get one image into one place of a listing, and the old one back.

The caller keeps the rows, the lease and the retries; a publisher speaks to the shop and keeps nothing but what it gives
to `Memory`, which is stored before the call returns. Every call may be made again after a crash or a time-out, with the
memory of the tries before it, and must not add a second image then.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from integrations.base import Account, RemoteImage

MAIN = "main"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image goes: `product` and `variant` are remote ids, `variant` empty for the product's own gallery.

    `slot`: "main", a number from "2" on (the place in the gallery, counted from the main image), or one of the
    marketplace's own `extra_slots`, such as "swatch". A variant's image is its "main".
    """

    product: str
    variant: str = ""
    slot: str = MAIN

    @property
    def position(self) -> int | None:
        """0 for the main image; None for a slot that is no place of the gallery."""
        if self.slot == MAIN:
            return 0
        return int(self.slot) - 1 if self.slot.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Picture:
    """The image to publish. `key` is the same for every try of one publication.

    `url`: public, plain, with the right ending, good until the publication has ended; empty where the shop could not
    reach this installation. `read` gives the bytes. `alt` and `name`: only used where the slot is empty, a replaced
    image keeps its own.
    """

    key: str
    url: str
    filename: str
    media_type: str
    sha256: str
    read: Callable[[], bytes]
    alt: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the shop shows, asked now. `image`: in the place, None when empty. `gallery`: the product's, in order.

    `shared_with`: how many other products use the same file, None where the shop does not tell.
    """

    image: RemoteImage | None
    gallery: tuple[RemoteImage, ...] = ()
    shared_with: int | None = None


class Outcome(StrEnum):
    """`submitted`: taken, and not shown yet: to be followed. `confirmed`: seen in its place."""

    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Issue:
    """A marketplace's remark. `severity`: error or warning. `said`: its own code or words, where they help."""

    code: str
    detail: str
    severity: str = "error"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How it stands after a call. `image`: what the place shows now, where known. `url`: the listing for people.

    `gallery`: the product's images in order as they are now, None where the answer does not tell. `note`: a sentence
    where the outcome needs one. `check_after`: seconds until `follow` is worth a call.
    """

    outcome: Outcome
    image: RemoteImage | None = None
    url: str = ""
    gallery: tuple[RemoteImage, ...] | None = None
    issues: tuple[Issue, ...] = ()
    note: str = ""
    check_after: int = 5


@dataclass(frozen=True, slots=True)
class Removal:
    """`why_left`: why the file was left where it is, a sentence; empty where it is gone."""

    why_left: str = ""


class Memory(Protocol):
    """What a publication remembers between its tries, by name: an upload's id, that a write was begun, …"""

    def __getitem__(self, name: str) -> str: ...

    def get(self, name: str, default: str = "") -> str: ...

    def keep(self, values: Mapping[str, str]) -> None:
        """Stored for good when it returns. Raises where this try has lost its lease: nothing may be sent then."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be asked of a marketplace with this account.

    `places`: images in a gallery at most. `pulls`: it fetches images from `Picture.url`, and `pushes`: the bytes are
    sent to it; with both False nothing can be published, and `why_not` says what is needed. `changes_files`: the bytes
    of a file change in place, so that `Shown.shared_with` must be known: the catalog tells it where the shop does not.
    `removes`: images of ours that no product shows any more can be taken out of its library; where its files stay
    (`Publisher.files_stay`) and that cannot be done with this account, `removal_needs` says what is missing.
    """

    places: int
    variant_images: bool
    extra_slots: tuple[str, ...] = ()
    dry_run: bool = False
    pulls: bool = False
    pushes: bool = False
    why_not: str = ""
    changes_files: bool = False
    removes: bool = False
    removal_needs: str = ""
    media_types: frozenset[str] = frozenset({"image/jpeg", "image/png", "image/webp"})


class Publisher(ABC):
    """One marketplace's publishing. Raises MarketplaceError, and nothing else, for what goes wrong there.

    `files_stay`: the file of an image that was replaced stays in the shop's library until somebody removes it.
    """

    files_stay = False

    @abstractmethod
    def capabilities(self, account: Account) -> Capabilities:
        """Without a call to the shop."""

    @abstractmethod
    def shown(self, account: Account, place: Place) -> Shown:
        """Raises MarketplaceError with the code `gone` where the product or variant is not there any more."""

    @abstractmethod
    def publish(self, account: Account, place: Place, picture: Picture, before: Shown, memory: Memory) -> Sent:
        """Puts the picture into the place. `before`: what was there before the first try; its alt text, name, order
        and variant links are kept. Nothing else of the listing changes.
        """

    @abstractmethod
    def follow(self, account: Account, place: Place, picture: Picture, memory: Memory) -> Sent:
        """Asks again about what `publish` has submitted. Changes nothing but what the shop's own steps need to end."""

    @abstractmethod
    def restore(self, account: Account, place: Place, before: Shown, kept: Picture | None, memory: Memory) -> Sent:
        """Puts back what `before` shows, into its position; an empty place becomes empty again. `kept`: our copy of the
        old image, where one was taken. Never touches an image that somebody else has put there since: REJECTED with
        the issue code `changed_since`. `memory`: that of the publication, shared with `publish`. After SUBMITTED it is
        called again later, until it says more.
        """

    def preview(self, account: Account, place: Place, picture: Picture) -> Sent:
        """A dry run at the marketplace, where `capabilities` says there is one."""
        raise NotImplementedError

    def remove(self, account: Account, remote_id: str, product: str, memory: Mapping[str, str]) -> Removal:
        """Takes a file that a publication of ours has brought out of the shop's library, for good; only where
        `capabilities` says that it can be done. One that is gone already is gone. `product`: the one that it was
        brought for, `memory`: what that publication remembers. Asks first whether it is that very file, and whether
        anything shows it: what is in use is left.
        """
        raise NotImplementedError
