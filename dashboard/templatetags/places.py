"""Places of products in templates: their words, the form that publishes there, how a publication stands."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from dashboard import publication_words
from integrations.models import CatalogProduct, Publication

register = template.Library()


@register.simple_tag
def publish_address(product: CatalogProduct, variant: str, slot: str) -> str:
    """The form that publishes an image to this place."""
    query = {"connection": str(product.connection_id), "product": product.remote_id, "variant": variant, "slot": slot}
    return f"{reverse('publish')}?{urlencode({key: value for key, value in query.items() if value})}"


@register.filter
def slot_words(slot: str) -> str:
    return publication_words.slot_words(slot)


@register.filter
def stands(publication: Publication) -> publication_words.State:
    """`publication` with its connection and run."""
    return publication_words.state_of(publication)


@register.filter
def key_words(kind: str) -> str:
    """What a product was found by, as it is written: SKU, barcode, ASIN, handle."""
    return kind.upper() if kind in ("sku", "asin") else kind


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def value_of(values: Mapping[str, str], name: str) -> str:
    return values.get(name, "")
