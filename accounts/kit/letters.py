"""E-mails that the product writes by itself: templates/emails/NAME_subject.txt and NAME.txt, one to each address."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.utils import translation

log = structlog.get_logger(__name__)


def address_of(path: str, *, of: uuid.UUID | None = None) -> str:
    """A path of the dashboard as a whole address, outside of a request. `of`: the organization that a page without an
    id is to show, for people who have several (dashboard/elsewhere.py)."""
    whole = (settings.BASE_URL or f"http://127.0.0.1:{settings.PORT}") + path
    return f"{whole}?organization={of}" if of else whole


def letter(name: str, context: Mapping[str, object], address: str) -> EmailMessage:
    """In the language of whoever has the address."""
    with translation.override(_language_of(address)):
        subject = " ".join(render_to_string(f"emails/{name}_subject.txt", dict(context)).split())
        return EmailMessage(subject, render_to_string(f"emails/{name}.txt", dict(context)), None, [address])


def _language_of(address: str) -> str:
    if len(settings.LANGUAGES) < 2:
        return settings.LANGUAGE_CODE
    chosen = get_user_model().objects.filter(email=address).values_list("language", flat=True).first()
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def send_letters(name: str, context: Mapping[str, object], addresses: Iterable[str]) -> None:
    send([letter(name, context, address) for address in addresses], name)


def send(letters: list[EmailMessage], name: str) -> None:
    """Over one connection. A mail server that does not take them is logged, never raised: pages say it too."""
    try:
        with get_connection() as connection:
            for each in letters:
                connection.send_messages([each])
    except (SMTPException, OSError) as error:
        log.warning("letter_not_sent", letter=name, error=str(error))
