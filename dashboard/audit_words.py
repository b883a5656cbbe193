"""What was done, in the words of the audit page, by area."""

from __future__ import annotations

_AREAS: dict[str, tuple[str, dict[str, str]]] = {
    "member": (
        "Members",
        {"role_changed": "Role changed", "removed": "Member removed", "left": "Member left"},
    ),
    "team": (
        "Teams",
        {
            "created": "Team made",
            "renamed": "Team renamed",
            "deleted": "Team deleted",
            "member_added": "Member put into a team",
            "member_removed": "Member taken out of a team",
            "lead_changed": "Lead of a team changed",
            "spending_changed": "Team that a member spends from changed",
        },
    ),
    "invitation": (
        "Invitations",
        {
            "sent": "Invitation sent",
            "sent_again": "Invitation sent again",
            "revoked": "Invitation revoked",
            "accepted": "Invitation accepted",
        },
    ),
    "organization": (
        "Organization",
        {
            "created": "Organization made",
            "changed": "Organization changed",
            "closing": "Organization closed, to be deleted",
            "kept": "Organization kept after all",
            "exported": "Organization exported",
            "logo_changed": "Logo changed",
            "logo_removed": "Logo removed",
            "plan_changed": "Plan changed by the operator",
            "two_factor_required": "Two-factor required of everybody",
            "two_factor_optional": "Two-factor no longer required",
        },
    ),
    "profile": ("Profiles", {"changed": "Profile of a person changed"}),
    "notifications": ("E-mails", {"changed": "Choice of e-mails changed"}),
    "sessions": ("Sessions", {"ended": "Signed out everywhere"}),
    "sign_in": (
        "Sign-ins",
        {"new_browser": "Signed in from a new browser", "service_connected": "Signs in through another service"},
    ),
    "password": (
        "Passwords",
        {"changed": "Password changed", "set": "Password set", "reset": "Password reset by e-mail"},
    ),
    "two_factor": (
        "Two-factor",
        {
            "app_added": "Authenticator app added",
            "app_removed": "Authenticator app removed",
            "passkey_added": "Passkey added",
            "passkey_removed": "Passkey removed",
            "codes_made": "New recovery codes made",
            "code_used": "Recovery code used",
        },
    ),
    "credits": ("Credits", {"granted": "Credits added", "monthly_changed": "Credits of each month changed"}),
    "approval": (
        "Approvals",
        {
            "asked": "Approval asked for",
            "approved": "Approved",
            "refused": "Refused",
            "withdrawn": "Taken back before it was approved",
            "rules_changed": "Rules of approvals changed",
        },
    ),
    "client_review": (
        "Client reviews",
        {
            "made": "Client asked for a review",
            "renewed": "New link to a review made",
            "extended": "Time of a review extended",
            "revoked": "Link to a review revoked",
            "approved": "Image approved by a client",
            "refused": "Image refused by a client",
            "commented": "Image commented on by a client",
            "done": "Review ended by a client",
        },
    ),
    "budget": ("Budgets", {"changed": "Budget changed"}),
    "api_key": (
        "API keys",
        {
            "created": "API key made",
            "edited": "API key changed",
            "rotated": "API key rotated",
            "revoked": "API key revoked",
        },
    ),
    "webhook": (
        "Webhooks",
        {
            "created": "Webhook endpoint added",
            "changed": "Webhook events changed",
            "disabled": "Webhook endpoint disabled",
            "enabled": "Webhook endpoint enabled",
            "deleted": "Webhook endpoint deleted",
            "tested": "Webhook test sent",
            "secret_rotated": "Webhook secret rotated",
            "default_secret_rotated": "Default webhook secret rotated",
            "sent_again": "Webhook sent again",
        },
    ),
    "face_swap_account": (
        "Face-swap accounts",
        {
            "added": "Face-swap account added",
            "changed": "Face-swap account changed",
            "removed": "Face-swap account removed",
            "paused": "Face-swap account paused",
            "resumed": "Face-swap account resumed",
            "tested": "Face-swap account tested",
        },
    ),
    "face_swap": ("Face swaps", {"submitted": "Face swap sent", "consent_rule_changed": "Consent rule changed"}),
    "job": (
        "Jobs",
        {"submitted": "Job sent", "canceled": "Job canceled", "queued_again": "Job queued again by the operator"},
    ),
    "worker": ("Workers", {"draining": "Worker takes no further photo", "resumed": "Worker takes photos again"}),
    "image": (
        "Images",
        {
            "labeled": "Image labeled",
            "deleted": "Image deleted",
            "opened_in_studio": "Image opened in the Studio",
            "accepted": "Image accepted",
            "rejected": "Image rejected",
            "review_undone": "Review undone",
            "made_current": "Version made the current one",
            "versions_shown": "Every version shown again",
        },
    ),
    "file": ("Files", {"uploaded": "Photo uploaded", "deleted": "File deleted"}),
    "preset": (
        "Presets",
        {
            "created": "Preset made",
            "changed": "Preset changed",
            "deleted": "Preset deleted",
            "copied": "Preset copied to another organization",
            "passed_on": "Preset passed to everybody",
        },
    ),
    "connection": (
        "Shops",
        {
            "made": "Shop connected",
            "changed": "Shop connection changed",
            "broke": "Shop does not let us in",
            "recovered": "Shop lets us in again",
            "passed_on": "Shop passed to the owners",
            "paused": "Publishing to a shop paused",
            "resumed": "Publishing to a shop resumed",
            "ended": "Shop disconnected",
            "images_removal_asked": "Replaced images to be removed from a shop",
            "images_kept": "Replaced images kept in a shop",
            "image_removed": "Replaced image removed from a shop",
        },
    ),
    "publication": (
        "Publications",
        {
            "made": "Image published",
            "overridden": "Published in spite of the rules",
            "sent_again": "Publication tried again",
            "reverted": "Old image put back",
        },
    ),
    "publish_run": (
        "Publish runs",
        {
            "started": "Publish run started",
            "went_on": "Publish run gone on with",
            "stopped": "Publish run stopped",
            "reverted": "Publish run put back",
        },
    ),
    "catalog": ("Catalog", {"sync_started": "Catalog sync started", "check_asked": "Images of a shop to be checked"}),
    "compliance": (
        "Compliance",
        {"waived": "Finding waived", "waiver_removed": "Waiver removed", "default_chosen": "Default profile chosen"},
    ),
    "compliance_profile": (
        "Marketplace profiles",
        {"created": "Profile made", "changed": "Profile changed", "deleted": "Profile deleted"},
    ),
}
WORDS: dict[str, str] = {
    f"{area}.{name}": words for area, (_, actions) in _AREAS.items() for name, words in actions.items()
}
# (area, [(action, words)]) as the page's select shows them; `area.` stands for all of it.
CHOICES = [
    (title, [(f"{area}.", f"All of {title}"), *((f"{area}.{name}", words) for name, words in actions.items())])
    for area, (title, actions) in _AREAS.items()
]


def words_for(action: str) -> str:
    """Entries outlive the words of their action."""
    return WORDS.get(action) or action.replace(".", ": ").replace("_", " ").capitalize()
