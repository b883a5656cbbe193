"""The edit page of a library image, as tests fill it in."""

from __future__ import annotations

from django.test import Client

from dashboard.edit_operations import edit_operations
from processing.models import JobImage

NAMES = sorted(operation.name for operation in edit_operations())
# What a person fills in at least, where the usual values alone are refused.
NEEDED: dict[str, dict[str, str]] = {"watermark": {"text": "© Northwind"}, "resize": {"width": "40"}}


def address(image: JobImage, operation: str = "", part: str = "") -> str:
    return f"/library/{image.pk}/edit/" + (f"{operation}/" if operation else "") + part


def filled(client: Client, page: str, **changes: str) -> dict[str, str]:
    """The form as the page shows it, as a browser would send it, with changes."""
    form = client.get(page).context["edit"].form
    shown = {field.html_name: field.value() for field in form}
    sent = {
        name: "true" if value is True else str(value) for name, value in shown.items() if value not in (None, False)
    }
    return sent | changes
