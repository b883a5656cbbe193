"""What was done, in the words of the audit page, by area."""

from __future__ import annotations

from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop

_AREAS: dict[str, tuple[str, dict[str, str]]] = {
    "member": (
        gettext_noop("Members"),
        {
            "role_changed": gettext_noop("Role changed"),
            "removed": gettext_noop("Member removed"),
            "left": gettext_noop("Member left"),
        },
    ),
    "team": (
        gettext_noop("Teams"),
        {
            "created": gettext_noop("Team made"),
            "renamed": gettext_noop("Team renamed"),
            "deleted": gettext_noop("Team deleted"),
            "member_added": gettext_noop("Member put into a team"),
            "member_removed": gettext_noop("Member taken out of a team"),
            "lead_changed": gettext_noop("Lead of a team changed"),
            "spending_changed": gettext_noop("Team that a member spends from changed"),
        },
    ),
    "invitation": (
        gettext_noop("Invitations"),
        {
            "sent": gettext_noop("Invitation sent"),
            "sent_again": gettext_noop("Invitation sent again"),
            "revoked": gettext_noop("Invitation revoked"),
            "accepted": gettext_noop("Invitation accepted"),
        },
    ),
    "organization": (
        gettext_noop("Organization"),
        {
            "created": gettext_noop("Organization made"),
            "changed": gettext_noop("Organization changed"),
            "closing": gettext_noop("Organization closed, to be deleted"),
            "kept": gettext_noop("Organization kept after all"),
            "exported": gettext_noop("Organization exported"),
            "logo_changed": gettext_noop("Logo changed"),
            "logo_removed": gettext_noop("Logo removed"),
            "plan_changed": gettext_noop("Plan changed by the operator"),
            "image_retention_changed": gettext_noop("Days after which images are deleted changed"),
            "old_images_deleted": gettext_noop("Old images deleted"),
            "two_factor_required": gettext_noop("Two-factor required of everybody"),
            "two_factor_optional": gettext_noop("Two-factor no longer required"),
        },
    ),
    "profile": (gettext_noop("Profiles"), {"changed": gettext_noop("Profile of a person changed")}),
    "notifications": (gettext_noop("E-mails"), {"changed": gettext_noop("Choice of e-mails changed")}),
    "sessions": (gettext_noop("Sessions"), {"ended": gettext_noop("Signed out everywhere")}),
    "sign_in": (
        "Sign-ins",
        {
            "new_browser": gettext_noop("Signed in from a new browser"),
            "service_connected": gettext_noop("Signs in through another service"),
        },
    ),
    "password": (
        gettext_noop("Passwords"),
        {
            "changed": gettext_noop("Password changed"),
            "set": gettext_noop("Password set"),
            "reset": gettext_noop("Password reset by e-mail"),
        },
    ),
    "two_factor": (
        "Two-factor",
        {
            "app_added": gettext_noop("Authenticator app added"),
            "app_removed": gettext_noop("Authenticator app removed"),
            "passkey_added": gettext_noop("Passkey added"),
            "passkey_removed": gettext_noop("Passkey removed"),
            "codes_made": gettext_noop("New recovery codes made"),
            "code_used": gettext_noop("Recovery code used"),
        },
    ),
    "credits": (
        gettext_noop("Credits"),
        {"granted": gettext_noop("Credits added"), "monthly_changed": gettext_noop("Credits of each month changed")},
    ),
    "approval": (
        gettext_noop("Approvals"),
        {
            "asked": gettext_noop("Approval asked for"),
            "approved": gettext_noop("Approved"),
            "refused": gettext_noop("Refused"),
            "withdrawn": gettext_noop("Taken back before it was approved"),
            "rules_changed": gettext_noop("Rules of approvals changed"),
        },
    ),
    "client_review": (
        gettext_noop("Client reviews"),
        {
            "made": gettext_noop("Client asked for a review"),
            "renewed": gettext_noop("New link to a review made"),
            "extended": gettext_noop("Time of a review extended"),
            "revoked": gettext_noop("Link to a review revoked"),
            "approved": gettext_noop("Image approved by a client"),
            "refused": gettext_noop("Image refused by a client"),
            "commented": gettext_noop("Image commented on by a client"),
            "done": gettext_noop("Review ended by a client"),
        },
    ),
    "budget": (gettext_noop("Budgets"), {"changed": gettext_noop("Budget changed")}),
    "api_key": (
        gettext_noop("API keys"),
        {
            "created": gettext_noop("API key made"),
            "edited": gettext_noop("API key changed"),
            "rotated": gettext_noop("API key rotated"),
            "revoked": gettext_noop("API key revoked"),
        },
    ),
    "webhook": (
        gettext_noop("Webhooks"),
        {
            "created": gettext_noop("Webhook endpoint added"),
            "changed": gettext_noop("Webhook events changed"),
            "disabled": gettext_noop("Webhook endpoint disabled"),
            "enabled": gettext_noop("Webhook endpoint enabled"),
            "deleted": gettext_noop("Webhook endpoint deleted"),
            "tested": gettext_noop("Webhook test sent"),
            "secret_rotated": gettext_noop("Webhook secret rotated"),
            "default_secret_rotated": gettext_noop("Default webhook secret rotated"),
            "sent_again": gettext_noop("Webhook sent again"),
        },
    ),
    "face_swap_account": (
        gettext_noop("Face-swap accounts"),
        {
            "added": gettext_noop("Face-swap account added"),
            "changed": gettext_noop("Face-swap account changed"),
            "removed": gettext_noop("Face-swap account removed"),
            "paused": gettext_noop("Face-swap account paused"),
            "resumed": gettext_noop("Face-swap account resumed"),
            "tested": gettext_noop("Face-swap account tested"),
        },
    ),
    "face_swap": (
        gettext_noop("Face swaps"),
        {"submitted": gettext_noop("Face swap sent"), "consent_rule_changed": gettext_noop("Consent rule changed")},
    ),
    "job": (
        gettext_noop("Jobs"),
        {
            "submitted": gettext_noop("Job sent"),
            "canceled": gettext_noop("Job canceled"),
            "queued_again": gettext_noop("Job queued again by the operator"),
        },
    ),
    "worker": (
        gettext_noop("Workers"),
        {
            "draining": gettext_noop("Worker takes no further photo"),
            "resumed": gettext_noop("Worker takes photos again"),
        },
    ),
    "image": (
        gettext_noop("Images"),
        {
            "labeled": gettext_noop("Image labeled"),
            "deleted": gettext_noop("Image deleted"),
            "opened_in_studio": gettext_noop("Image opened in the Studio"),
            "accepted": gettext_noop("Image accepted"),
            "rejected": gettext_noop("Image rejected"),
            "review_undone": gettext_noop("Review undone"),
            "made_current": gettext_noop("Version made the current one"),
            "versions_shown": gettext_noop("Every version shown again"),
        },
    ),
    "file": (
        gettext_noop("Files"),
        {"uploaded": gettext_noop("Photo uploaded"), "deleted": gettext_noop("File deleted")},
    ),
    "preset": (
        gettext_noop("Presets"),
        {
            "created": gettext_noop("Preset made"),
            "changed": gettext_noop("Preset changed"),
            "deleted": gettext_noop("Preset deleted"),
            "copied": gettext_noop("Preset copied to another organization"),
            "passed_on": gettext_noop("Preset passed to everybody"),
        },
    ),
    "connection": (
        gettext_noop("Shops"),
        {
            "made": gettext_noop("Shop connected"),
            "changed": gettext_noop("Shop connection changed"),
            "broke": gettext_noop("Shop does not let us in"),
            "recovered": gettext_noop("Shop lets us in again"),
            "passed_on": gettext_noop("Shop passed to the owners"),
            "paused": gettext_noop("Publishing to a shop paused"),
            "resumed": gettext_noop("Publishing to a shop resumed"),
            "ended": gettext_noop("Shop disconnected"),
            "images_removal_asked": gettext_noop("Replaced images to be removed from a shop"),
            "images_kept": gettext_noop("Replaced images kept in a shop"),
            "image_removed": gettext_noop("Replaced image removed from a shop"),
        },
    ),
    "publication": (
        gettext_noop("Publications"),
        {
            "made": gettext_noop("Image published"),
            "overridden": gettext_noop("Published in spite of the rules"),
            "sent_again": gettext_noop("Publication tried again"),
            "reverted": gettext_noop("Old image put back"),
        },
    ),
    "publish_run": (
        gettext_noop("Publish runs"),
        {
            "started": gettext_noop("Publish run started"),
            "went_on": gettext_noop("Publish run gone on with"),
            "stopped": gettext_noop("Publish run stopped"),
            "reverted": gettext_noop("Publish run put back"),
        },
    ),
    "catalog": (
        gettext_noop("Catalog"),
        {
            "sync_started": gettext_noop("Catalog sync started"),
            "check_asked": gettext_noop("Images of a shop to be checked"),
        },
    ),
    "compliance": (
        gettext_noop("Compliance"),
        {
            "waived": gettext_noop("Finding waived"),
            "waiver_removed": gettext_noop("Waiver removed"),
            "default_chosen": gettext_noop("Default profile chosen"),
        },
    ),
    "compliance_profile": (
        gettext_noop("Marketplace profiles"),
        {
            "created": gettext_noop("Profile made"),
            "changed": gettext_noop("Profile changed"),
            "deleted": gettext_noop("Profile deleted"),
        },
    ),
}
WORDS: dict[str, str] = {
    f"{area}.{name}": words for area, (_, actions) in _AREAS.items() for name, words in actions.items()
}
# (area, [(action, words)]) as the page's select shows them; `area.` stands for all of it.
CHOICES = [
    (
        gettext_lazy(title),
        [
            (f"{area}.", format_lazy(gettext_lazy("All of {area}"), area=gettext_lazy(title))),
            *((f"{area}.{name}", gettext_lazy(words)) for name, words in actions.items()),
        ],
    )
    for area, (title, actions) in _AREAS.items()
]


def words_for(action: str) -> str:
    """Entries outlive the words of their action."""
    if action in WORDS:
        return gettext(WORDS[action])
    return action.replace(".", ": ").replace("_", " ").capitalize()
