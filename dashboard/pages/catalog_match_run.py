"""What was matched becomes a run: its first images go out and are looked at before the rest does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from accounts.access.actor import Actor
from accounts.access.permissions import Permission
from accounts.kit.errors import Conflict, InvalidInput, PackshotError
from dashboard.access import member
from dashboard.match_request import chosen_connection
from dashboard.match_rows import Item, items
from dashboard.pages.catalog_match import shown
from integrations.actions import runs

_OF_ITEM = re.compile(r"items\[(\d+)\]")
_MOST_PROBLEMS = 20


@require_POST
@member(Permission.PUBLISH_WRITE)
def publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Starts the run; where that is refused the page comes back with everything that was typed."""
    values = [value for value in request.POST.getlist("item") if value]
    chosen: Sequence[Item] = ()
    try:
        connection = chosen_connection(request, actor)
        chosen = items(actor, connection, values)
        run = runs.start(
            actor,
            connection_id=connection.pk,
            items=[_item(each) for each in chosen],
            first=_number(request, "first", gettext("how many go out first")),
            most_failures=_number(request, "most_failures", gettext("at how many failures in a hundred it stops")),
            name=request.POST.get("name", ""),
            override_reason=request.POST.get("override_reason", ""),
            dry_run="dry_run" in request.POST,
        )
    except (Conflict, InvalidInput) as error:
        details = _of_items(error, chosen)
        return shown(
            request, actor, problem=error.detail, problems=details, chosen=frozenset(values), status=error.status
        )
    return redirect("publish_run", run.pk)


def _item(chosen: Item) -> runs.Item:
    place, output = chosen.place, chosen.image.output_id
    if output is None:
        raise InvalidInput(
            gettext("The image of {name} was deleted. Leave it out.").format(name=chosen.image.name), field="item"
        )
    return runs.Item(output, place.product, place.variant, place.slot, chosen.image.job_id)


def _of_items(error: PackshotError, chosen: Sequence[Item]) -> list[str]:
    """What is wrong with single images, by their names."""
    found = []
    for each in error.errors[:_MOST_PROBLEMS]:
        number = _OF_ITEM.match(each.field)
        if number and int(number[1]) < len(chosen):
            found.append(f"{chosen[int(number[1])].image.name}: {each.detail}")
    return found


def _number(request: HttpRequest, name: str, words: str) -> int:
    """Nothing is read into a mistake: with another number the whole run would go out at once."""
    text = request.POST.get(name, "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text)):
        raise InvalidInput(gettext("Type a number from 1 on: {words}.").format(words=words), field=name)
    return int(text)
