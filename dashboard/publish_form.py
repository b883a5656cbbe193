"""The publish form: what was chosen so far, and what can be chosen next. Every choice is in the address."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.access.actor import Actor
from accounts.kit.errors import Conflict, NotFound
from dashboard.publication_words import slot_words
from integrations import registry
from integrations.actions.publishing.request import Shop, shop
from integrations.models import CatalogImage, CatalogProduct, CatalogVariant, Connection
from integrations.publishing import MAIN
from integrations.queries.catalog import products, with_main_images
from integrations.queries.connections import connections
from integrations.queries.products import product, shared_with, with_sku
from integrations.queries.verdicts import rules_key, verdict_before
from processing.models import Asset
from processing.queries.assets import asset
from processing.queries.compliance import Judged

_RESULTS = 8
# Shops may hold hundreds of images of a product; further places are reached with the API.
_MOST_PLACES = 24
_NUMBER = re.compile(r"[_\- ]\d{1,2}$")  # of the place, at the end of a file's name
_NAMES = ("image", "connection", "product", "variant", "slot", "q")


@dataclass(frozen=True, slots=True)
class ShopChoice:
    row: Connection
    title: str
    why_not: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """`image`: what the catalog shows there; None for an empty place."""

    slot: str
    words: str
    image: CatalogImage | None
    chosen: bool


@dataclass(slots=True)
class PublishForm:
    """`typed`: every field as it came, so that nothing is lost. `problems`: by field, from a refusal."""

    typed: dict[str, str]
    image: Asset
    shops: list[ShopChoice]
    shop: Shop | None = None
    results: list[CatalogProduct] = field(default_factory=list)
    guessed: bool = False
    product: CatalogProduct | None = None
    variant: CatalogVariant | None = None
    places: list[PlaceChoice] = field(default_factory=list)
    shared: int = 0
    judged: Judged | None = None
    has_rules: bool = False
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> PlaceChoice | None:
        return next((each for each in self.places if each.chosen), None)

    @property
    def variants(self) -> list[CatalogVariant]:
        """Those that can be chosen."""
        if self.product is None or self.shop is None or not self.shop.capabilities.variant_images:
            return []
        return list(self.product.variants.all())

    @property
    def why_not(self) -> str:
        """What is still to be chosen; empty when it can be published."""
        if not self.shops:
            return gettext("Connect a shop first.")
        if self.shop is None:
            return gettext("Choose a shop first.")
        if self.product is None:
            return gettext("Choose a product first.")
        return "" if self.place else gettext("Choose a place first.")

    @property
    def shared_words(self) -> str:
        """What becomes of the other products that show the old file."""
        return ngettext(
            "{count:,} other product shows the file that is there now, as of the last sync. "
            "Look at them too after this.",
            "{count:,} other products show the file that is there now, as of the last sync. "
            "Look at them too after this.",
            self.shared,
        ).format(count=self.shared)

    @property
    def failed(self) -> bool:
        return self.judged is not None and self.judged.verdict == "fail"

    def address(self, **changed: str) -> str:
        """This form with other choices."""
        chosen = {name: self.typed.get(name, "") for name in _NAMES} | changed
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{reverse('publish')}?{query}"

    @property
    def another_image(self) -> str:
        """The choice of images, for the same place."""
        return self.address(image="", q="")

    @property
    def another_product(self) -> str:
        return self.address(product="", variant="", slot="")


def read_form(actor: Actor, given: Mapping[str, str]) -> PublishForm:
    """Choices that do not hold (any more) are as if they were not made. Raises NotFound for the image."""
    typed = {name: _clean(given.get(name, "")) for name in (*_NAMES, "override_reason", "dry_run")}
    image_id = _uuid(typed["image"])
    if image_id is None:
        raise NotFound(gettext("There is no such image."))
    form = PublishForm(typed, asset(actor, image_id), [])
    rows = list(connections(actor))
    wanted = typed["connection"] or (str(rows[0].pk) if len(rows) == 1 else "")
    for row in rows:
        form.shops.append(_shop_choice(actor, form, row, chosen=str(row.pk) == wanted))
    if form.shop is None:
        return form
    _choose_product(actor, form)
    if form.product is None:
        _search(actor, form)
        return form
    _choose_place(form)
    place = form.place
    if place:
        form.has_rules = bool(rules_key(form.shop.kind, place.slot))
        form.judged = verdict_before(actor, form.image, form.shop.kind, place.slot)
        form.shared = shared_with(actor, form.product, place.image) if place.image else 0
    return form


def _shop_choice(actor: Actor, form: PublishForm, row: Connection, *, chosen: bool) -> ShopChoice:
    kind = registry.MARKETPLACES.get(row.marketplace)
    title = kind.title if kind else row.marketplace
    try:
        found = shop(actor, row.pk)
    except (Conflict, NotFound) as error:
        return ShopChoice(row, title, error.detail, chosen=False)
    if chosen:
        form.shop = found
    return ShopChoice(row, title, "", chosen)


def _choose_product(actor: Actor, form: PublishForm) -> None:
    assert form.shop is not None
    try:
        form.product = product(actor, form.shop.row, form.typed["product"]) if form.typed["product"] else None
    except NotFound as error:
        form.problems["productId"] = error.detail
        return
    form.variant = next((each for each in form.variants if each.remote_id == form.typed["variant"]), None)


def _search(actor: Actor, form: PublishForm) -> None:
    """What was looked for; before that, the products whose SKU is the image's name."""
    assert form.shop is not None
    found = products(actor, search=form.typed["q"], connection=str(form.shop.row.pk))
    found = with_main_images(found).order_by("-pk")
    if not form.typed["q"]:
        stems = dict.fromkeys((form.image.stem, _NUMBER.sub("", form.image.stem)))
        each = (list(with_sku(actor, found, stem)[:_RESULTS]) for stem in stems)
        form.results = next((rows for rows in each if rows), [])
        form.guessed = bool(form.results)
    form.results = form.results or list(found[:_RESULTS])


def _choose_place(form: PublishForm) -> None:
    assert form.shop is not None
    assert form.product is not None
    wanted = form.typed["slot"] or MAIN
    variant = form.variant.remote_id if form.variant else ""
    there = [each for each in form.product.images.all() if each.variant == variant]
    if variant:
        image = there[0] if there else None
        form.places = [PlaceChoice(MAIN, slot_words(MAIN, variant), image, chosen=True)]
        return
    can = form.shop.capabilities
    by_position = {each.position: each for each in there}
    # One more than the last: between two images places may be empty.
    count = min(max(by_position, default=-1) + 2, can.places, _MOST_PLACES)
    slots = [MAIN, *(str(number) for number in range(2, count + 1)), *can.extra_slots]
    if wanted not in slots:
        wanted = MAIN
    for index, slot in enumerate(slots):
        image = by_position.get(index) if index < count else None
        form.places.append(PlaceChoice(slot, slot_words(slot), image, slot == wanted))


def _clean(text: str) -> str:
    return "".join(character for character in text if character.isprintable() or character in "\n\t").strip()[:1000]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
