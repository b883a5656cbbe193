"""`{% edit_operations as operations %}`: what can be done to an image of the library, for menus."""

from __future__ import annotations

from typing import Any

from django import template

from dashboard import edit_operations as found
from processing.operations.base import Operation

register = template.Library()


@register.simple_tag
def edit_operations() -> list[Operation[Any]]:
    return found.edit_operations()
