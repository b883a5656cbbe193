"""What happens to somebody's account: an e-mail to them, an entry in the audit log of their organizations."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.actions.account_security import mail_later, record_for
from accounts.models import User
from dashboard.addresses import base
from dashboard.session import client_ip, request_id
from dashboard.user_agent import words_for_browser

# Templates of e-mails whose event stands in the audit log too.
_ACTIONS = {
    "account/email/password_changed": "password.changed",
    "account/email/password_set": "password.set",
    "account/email/password_reset": "password.reset",
    "account/email/new_browser": "sign_in.new_browser",
    "socialaccount/email/account_connected": "sign_in.service_connected",
    "mfa/email/totp_activated": "two_factor.app_added",
    "mfa/email/totp_deactivated": "two_factor.app_removed",
    "mfa/email/webauthn_added": "two_factor.passkey_added",
    "mfa/email/webauthn_removed": "two_factor.passkey_removed",
    "mfa/email/recovery_codes_generated": "two_factor.codes_made",
    "mfa/email/recovery_code_used": "two_factor.code_used",
}


def tell(
    request: HttpRequest, user: User, template: str, *, context: dict[str, Any] | None = None, email: str | None = None
) -> None:
    """`template`: of the e-mail, without `_subject.txt` and `_message.txt`. `email`: where not to the person's own."""
    browser = words_for_browser(request.headers.get("User-Agent", ""))
    if action := _ACTIONS.get(template):
        record_for(user, action, ip=client_ip(request), request_id=request_id(request), details={"browser": browser})
    words = {
        "user": user,
        "site": settings.SITE_NAME,
        "when": timezone.now(),
        "ip": client_ip(request) or gettext("an unknown address"),
        "browser": browser,
        "security_url": base(request) + reverse("settings_security"),
        "reset_url": base(request) + reverse("account_reset_password"),
    } | (context or {})
    with timezone.override(user.time_zone or "UTC"):
        subject = " ".join(render_to_string(f"{template}_subject.txt", words).split())
        text = render_to_string(f"{template}_message.txt", words)
    mail_later(email or EmailAddress.objects.get_primary_email(user) or user.email, subject, text)
