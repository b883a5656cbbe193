"""The three lists of the page of matching, with what each row shows and sends back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.access.actor import Actor
from accounts.kit.errors import InvalidInput
from integrations.matching.match import Choice, Matched, Wish
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant, Connection
from integrations.publishing import Place
from processing.models import JobImage
from processing.queries.library import chosen_images


@dataclass(frozen=True, slots=True)
class Option:
    """A place as it is offered: `value` is sent back, `now` is the catalog's image that is there."""

    choice: Choice
    value: str
    now: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class MatchRow:
    """`options`: one of a match, several of a doubt, none of what is unmatched. `typed`: instead of the file's name."""

    wish: Wish
    image: JobImage | None
    options: Sequence[Option]
    also: Sequence[Choice] = ()
    why: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Lists:
    matched: list[MatchRow]
    ambiguous: list[MatchRow]
    unmatched: list[MatchRow]

    @property
    def ready(self) -> int:
        """Matched ones that have an image to publish."""
        return sum(row.image is not None for row in self.matched)

    @property
    def without_image(self) -> int:
        return sum(row.image is None for row in self.matched)


@dataclass(frozen=True, slots=True)
class Item:
    """An image for a place, as a form has sent it back and the catalog knows it."""

    image: JobImage
    product: CatalogProduct
    variant: CatalogVariant | None
    slot: str

    @property
    def place(self) -> Place:
        return Place(self.product.remote_id, self.variant.remote_id if self.variant else "", self.slot)


def lists(
    actor: Actor,
    matched: Matched,
    images: Sequence[JobImage],
    *,
    renamed: Mapping[uuid.UUID, str],
    chosen: Collection[str] | None = None,
) -> Lists:
    """`chosen`: values that a form has sent back; None where nobody was asked yet, then every match is chosen."""
    by_id = {image.pk: image for image in images}
    now = _shown_now(actor, matched)

    def row(wish: Wish, choices: Sequence[Choice], also: Sequence[Choice] = (), why: str = "") -> MatchRow:
        image = by_id.get(wish.image_id) if wish.image_id else None
        alone = len(choices) == 1 and not why
        options = []
        for choice in choices:
            value = value_of(image.pk, choice) if image else ""
            there = now.get((choice.target.product_id, choice.target.variant, _position(choice)))
            options.append(Option(choice, value, there, alone if chosen is None else value in chosen))
        return MatchRow(wish, image, options, also, why, renamed.get(image.pk, "") if image else "")

    return Lists(
        [row(each.wish, [each.choice], each.also) for each in matched.matched],
        [row(each.wish, each.choices, why=each.why) for each in matched.ambiguous],
        [row(each.wish, (), why=each.why) for each in matched.unmatched],
    )


def value_of(image_id: uuid.UUID, choice: Choice) -> str:
    target = choice.target
    return f"{image_id} {target.product_id} {target.variant_id or '-'} {choice.slot}"


def items(actor: Actor, connection: Connection, values: Sequence[str]) -> list[Item]:
    """What was chosen. Raises InvalidInput (field `item`) for none, two for one place, and what is gone since."""
    split = [tuple(value.split(" ", 3)) for value in dict.fromkeys(values) if value]
    if not split:
        raise InvalidInput(gettext("Choose at least one image."), field="item")
    try:
        asked = [(uuid.UUID(image), uuid.UUID(product), variant, slot) for image, product, variant, slot in split]
        variant_ids = {int(variant) for _, _, variant, _ in asked if variant != "-"}
    except ValueError:
        raise InvalidInput(gettext("Match the images again: the list was changed on its way."), field="item") from None
    images = {image.pk: image for image in chosen_images(actor, [image for image, _, _, _ in asked])}
    found = CatalogProduct.objects.of(actor).filter(connection=connection)
    products = {row.pk: row for row in found.filter(pk__in={product for _, product, _, _ in asked})}
    rows = CatalogVariant.objects.of(actor).filter(pk__in=variant_ids, product__in=products)
    variants = {str(row.pk): row for row in rows}
    chosen: dict[Place, Item] = {}
    for image_id, product_id, variant_id, slot in asked:
        image, product, variant = images.get(image_id), products.get(product_id), variants.get(variant_id)
        if (
            image is None
            or product is None
            or (variant_id != "-" and (not variant or variant.product_id != product_id))
        ):
            raise InvalidInput(gettext("An image or a product is not there any more. Match again."), field="item")
        item = Item(image, product, variant, slot)
        if item.place in chosen:
            raise InvalidInput(
                gettext("{name} and {name_2} are both chosen for one place of {title}. Leave one out.").format(
                    name=chosen[item.place].image.name, name_2=image.name, title=product.title
                ),
                field="item",
            )
        chosen[item.place] = item
    # A gallery is filled from its front: image 2 of an empty one would become its main image.
    order = {product: number for number, product in enumerate(dict.fromkeys(place.product for place in chosen))}
    return sorted(chosen.values(), key=lambda item: (order[item.place.product], item.place.position or 0))


def _position(choice: Choice) -> int | None:
    return Place("", slot=choice.slot).position


def _shown_now(actor: Actor, matched: Matched) -> dict[tuple[uuid.UUID, str, int | None], int]:
    """The catalog's images of every product that is meant, by product, variant and position."""
    choices = [each.choice for each in matched.matched] + [one for each in matched.ambiguous for one in each.choices]
    found = CatalogImage.objects.of(actor).filter(product__in={choice.target.product_id for choice in choices})
    rows = found.values_list("product_id", "variant", "position", "pk")
    return {(product, variant, position): pk for product, variant, position, pk in rows}
