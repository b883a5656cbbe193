"""What was matched as files: a ZIP named after the products, and the list as a table to edit and upload again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import InvalidInput
from dashboard import match_request
from dashboard.access import member
from dashboard.csv_stream import csv_response
from dashboard.image_archive import image_archive
from dashboard.match_request import chosen_connection
from dashboard.match_rows import items
from dashboard.pages.catalog_match import shown
from dashboard.product_names import values
from integrations.matching.match import Choice, Wish
from integrations.matching.slots import number_of
from integrations.queries.able import able
from integrations.queries.match import match_products

_HEADER = ("file", "sku", "slot", "state", "product")


@require_POST
@member(Permission.CATALOG_READ)
def archive(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The ticked images; those without what the template asks for lie in a folder of their own."""
    ticked = [value for value in request.POST.getlist("item") if value]
    try:
        chosen = items(actor, chosen_connection(request, actor), ticked)
        products = {each.image.pk: values(each.product, each.variant, each.slot) for each in chosen}
        name = f"products-{timezone.localdate()}.zip"
        images = [each.image for each in chosen]
        return image_archive(
            images, name=name, template=request.POST.get("names_of_files", ""), products=products, pack_one=True
        )
    except InvalidInput as error:
        return shown(request, actor, problem=error.detail, chosen=frozenset(ticked), status=400)


@require_POST
@member(Permission.CATALOG_READ)
def table(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All three lists as CSV in the form that the page reads: fill in a SKU or a slot and upload it again."""
    wanted = match_request.read(request, actor)
    connection = chosen_connection(request, actor)
    matched = match_products(actor, connection=connection, wishes=wanted.wishes, able=able(connection))
    files = {image.pk: image.name for image in wanted.images}

    def row(wish: Wish, *cells: str) -> tuple[int, tuple[str, ...]]:
        return wish.number, (files.get(wish.image_id, wish.name) if wish.image_id else wish.name, *cells)

    rows = [row(m.wish, *_place(m.choice), "matched", m.choice.target.title) for m in matched.matched]
    for doubt in matched.ambiguous:
        titles = "; ".join(f"{each.target.title} ({' '.join(_place(each))})" for each in doubt.choices)
        rows.append(row(doubt.wish, "", "", gettext("Choose. {why}").format(why=doubt.why), titles))
    rows += [row(miss.wish, "", "", miss.why, "") for miss in matched.unmatched]
    rows.sort(key=lambda each: each[0])
    return csv_response(f"match-{timezone.localdate()}.csv", _HEADER, (cells for _, cells in rows))


def _place(choice: Choice) -> list[str]:
    return [choice.target.sku, number_of(choice.slot)]
