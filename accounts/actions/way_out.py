"""The end of every e-mail that can be switched off: where, and a link that does it."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.access.notification_kinds import KINDS, Kind
from accounts.kit.letters import address_of
from accounts.kit.unsubscribe_token import DIGEST, token_for
from accounts.models import Membership


def with_way_out(message: EmailMessage, member: Membership, kind: Kind | None) -> EmailMessage:
    """The same with a link that ends e-mails of its kind (RFC 8058: mail programs can follow it by one click); None:
    the daily e-mail."""
    end = address_of(reverse("unsubscribe", args=[token_for(member.pk, kind or DIGEST)]))
    words = {
        "organization": member.organization,
        "kind": KINDS[kind].title if kind else None,
        "settings": address_of(reverse("settings_notifications")),
        "end": end,
    }
    message.body = f"{message.body.rstrip()}\n\n{render_to_string('emails/way_out.txt', words)}"
    message.extra_headers |= {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return message
