"""Which product a file is meant for, as far as its name tells: one, several, or none."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from integrations.matching.keys import Kind, loose, plain
from integrations.matching.templates import Reading
from integrations.publishing import MAIN


@dataclass(frozen=True, slots=True)
class Target:
    """A product, or one of its variants, as a key found it. `key`: the shop's own spelling. Ids are the catalog's.

    `images`: how many the product has now.
    """

    product_id: uuid.UUID
    product: str
    variant_id: int | None
    variant: str
    title: str
    key: str
    sku: str
    images: int

    @property
    def place(self) -> tuple[uuid.UUID, int | None]:
        return self.product_id, self.variant_id


@dataclass(frozen=True, slots=True)
class Choice:
    """A place that a file may be meant for. `by`: what it was found by."""

    target: Target
    slot: str
    by: Kind


@dataclass(frozen=True, slots=True)
class Wish:
    """What to match: an image that is there, a name alone, or a line of a table. `number`: the caller's own."""

    number: int
    name: str
    readings: Sequence[Reading]
    image_id: uuid.UUID | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """`also`: other places that the name could mean; the whole name came first."""

    wish: Wish
    choice: Choice
    also: Sequence[Choice] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    wish: Wish
    choices: Sequence[Choice]
    why: str


@dataclass(frozen=True, slots=True)
class Miss:
    wish: Wish
    why: str


@dataclass(slots=True)
class Matched:
    """Every wish is in one of the three, in the order in which they were asked for."""

    matched: list[Match] = field(default_factory=list)
    ambiguous: list[Doubt] = field(default_factory=list)
    unmatched: list[Miss] = field(default_factory=list)


# Why a place cannot be had at this marketplace, or an empty string.
Refuses = Callable[[Target, str], str]


def match(wishes: Iterable[Wish], found: Mapping[tuple[Kind, str], Sequence[Target]], refuses: Refuses) -> Matched:
    """Decides each wish on its own, then sets aside those that mean the same place, or one that would leave a gap.

    `found`: targets by kind and `loose` key. Nothing is guessed: a name that exactly one product is called goes first,
    then a name with a number that one product has; whatever else fits more than one is ambiguous.
    """
    result = Matched()
    for wish in wishes:
        decided = _decide(wish, found, refuses)
        if isinstance(decided, Match):
            result.matched.append(decided)
        elif isinstance(decided, Doubt):
            result.ambiguous.append(decided)
        else:
            result.unmatched.append(decided)
    _set_aside_the_same_place(result)
    _set_aside_what_leaves_a_gap(result)
    return result


def _decide(wish: Wish, found: Mapping[tuple[Kind, str], Sequence[Target]], refuses: Refuses) -> Match | Doubt | Miss:
    ranked: list[list[Choice]] = [[], [], []]
    no_place = ""
    for reading in wish.readings:
        for target in found.get((reading.kind, loose(reading.key)), ()):
            slot = reading.slot
            why = "Numbers begin at 1." if slot is None else refuses(target, slot)
            if slot is None or why:
                no_place = no_place or f"{target.title}: {why}"
                continue
            exact = plain(target.key) == plain(reading.key) or reading.kind is not Kind.SKU
            # A whole name that differs in its separators is no better than a number after a name that is exact.
            rank = 0 if exact and reading.whole else 1 if exact or reading.whole else 2
            ranked[rank].append(Choice(target, slot, reading.kind))
    whole, likely, similar = (_once(choices) for choices in ranked)
    if len(whole) == 1:
        return Match(wish, whole[0], [each for each in _once([*likely, *similar]) if not _same_place(each, whole[0])])
    if whole:
        return Doubt(wish, whole, "Several products are called so.")
    choices = likely or similar
    if len(choices) == 1:
        return Match(wish, choices[0])
    if choices:
        return Doubt(wish, choices, "It fits several places.")
    if no_place:
        return Miss(wish, no_place)
    return Miss(wish, "No product of this shop has it." if wish.readings else "The name holds no key of a product.")


def _same_place(one: Choice, other: Choice) -> bool:
    return one.slot == other.slot and one.target.place == other.target.place


def _once(choices: Sequence[Choice]) -> list[Choice]:
    """Each place once. A variant that bears its product's own key is that product: shops pass it down."""
    products = {(each.target.product_id, each.target.key) for each in choices if each.target.variant_id is None}
    found: dict[tuple[uuid.UUID, int | None, str], Choice] = {}
    for each in choices:
        target = each.target
        if target.variant_id is not None and (target.product_id, target.key) in products:
            continue
        found.setdefault((*target.place, each.slot), each)
    return list(found.values())


def _set_aside_the_same_place(result: Matched) -> None:
    """Two files for one place: which of them is meant nobody has said."""
    by_place: defaultdict[tuple[uuid.UUID, int | None, str], list[Match]] = defaultdict(list)
    for each in result.matched:
        by_place[(*each.choice.target.place, each.choice.slot)].append(each)
    for several in by_place.values():
        if len(several) < 2:
            continue
        why = f"{len(several)} files are meant for this place: choose one."
        result.ambiguous += [Doubt(each.wish, [each.choice, *each.also], why) for each in several]
    _settle(result)


def _set_aside_what_leaves_a_gap(result: Matched) -> None:
    """`SHIRT-38` is rather a size than image 38 of a product that has two."""
    by_product: defaultdict[uuid.UUID, list[Match]] = defaultdict(list)
    for each in result.matched:
        if each.choice.target.variant_id is None and (each.choice.slot == MAIN or each.choice.slot.isdecimal()):
            by_product[each.choice.target.product_id].append(each)
    for matches in by_product.values():
        reached = matches[0].choice.target.images
        for each in sorted(matches, key=_number):
            if _number(each) > reached + 1:
                images = "no image" if not reached else "1 image" if reached == 1 else f"{reached} images"
                why = f"It would be image {_number(each)} of a product that has {images}."
                result.ambiguous.append(Doubt(each.wish, [each.choice, *each.also], why))
            else:
                reached = max(reached, _number(each))
    _settle(result)


def _number(match: Match) -> int:
    return 1 if match.choice.slot == MAIN else int(match.choice.slot)


def _settle(result: Matched) -> None:
    doubtful = {doubt.wish.number for doubt in result.ambiguous}
    result.matched = [each for each in result.matched if each.wish.number not in doubtful]
    result.ambiguous.sort(key=lambda doubt: doubt.wish.number)
