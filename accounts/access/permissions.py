"""What can be allowed, what an API key may be given, what each role may do."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext, gettext_noop


class Permission(StrEnum):
    """The first block are the scopes of API keys (shared by the dashboard); the rest are for people alone."""

    IMAGES_WRITE = "images:write"
    IMAGES_READ = "images:read"
    COMPLIANCE_READ = "compliance:read"
    JOBS_WRITE = "jobs:write"
    JOBS_READ = "jobs:read"
    CREDITS_READ = "credits:read"
    CATALOG_READ = "catalog:read"
    PUBLISH_WRITE = "publish:write"
    WEBHOOKS_WRITE = "webhooks:write"
    PROVIDERS_READ = "providers:read"
    PROVIDERS_WRITE = "providers:write"

    PRESETS_WRITE = "presets:write"
    REVIEWS_WRITE = "reviews:write"
    KEYS_READ = "keys:read"
    KEYS_WRITE = "keys:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    AUDIT_READ = "audit:read"
    APPROVALS_WRITE = "approvals:write"
    ORGANIZATION_WRITE = "organization:write"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def label(self) -> str:
        return gettext(_ROLE_LABELS[self.value][0])

    @property
    def with_article(self) -> str:
        """As in "You are an owner"."""
        return gettext(_ROLE_LABELS[self.value][1])

    def covers(self, other: Role) -> bool:
        """Whether this role may do all that the other one may."""
        return ROLE_PERMISSIONS[self] >= ROLE_PERMISSIONS[other]


_ROLE_LABELS = {
    "owner": (gettext_noop("Owner"), gettext_noop("an owner")),
    "admin": (gettext_noop("Admin"), gettext_noop("an admin")),
    "editor": (gettext_noop("Editor"), gettext_noop("an editor")),
    "viewer": (gettext_noop("Viewer"), gettext_noop("a viewer")),
}
P = Permission
SCOPES: tuple[Permission, ...] = (
    P.IMAGES_WRITE,
    P.IMAGES_READ,
    P.COMPLIANCE_READ,
    P.JOBS_WRITE,
    P.JOBS_READ,
    P.CREDITS_READ,
    P.CATALOG_READ,
    P.PUBLISH_WRITE,
    P.WEBHOOKS_WRITE,
    P.PROVIDERS_READ,
    P.PROVIDERS_WRITE,
)
ALL_SCOPES = "*"

_VIEWER = frozenset({P.IMAGES_READ, P.COMPLIANCE_READ, P.JOBS_READ, P.CREDITS_READ, P.CATALOG_READ, P.MEMBERS_READ})
_EDITOR = _VIEWER | {P.IMAGES_WRITE, P.JOBS_WRITE, P.PUBLISH_WRITE, P.PRESETS_WRITE, P.REVIEWS_WRITE, P.KEYS_READ}
_ADMIN = _EDITOR | {
    P.KEYS_WRITE,
    P.WEBHOOKS_WRITE,
    P.PROVIDERS_READ,
    P.PROVIDERS_WRITE,
    P.MEMBERS_WRITE,
    P.AUDIT_READ,
    P.APPROVALS_WRITE,
}
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN | {P.ORGANIZATION_WRITE},
}


# What is left to the people and programs of an organization that is being closed: looking, taking along, and (owners)
# keeping it after all.
WHILE_CLOSING = frozenset(
    {
        P.IMAGES_READ,
        P.JOBS_READ,
        P.CREDITS_READ,
        P.CATALOG_READ,
        P.PROVIDERS_READ,
        P.KEYS_READ,
        P.MEMBERS_READ,
        P.AUDIT_READ,
        P.ORGANIZATION_WRITE,
    }
)


def granted(scopes: list[str], role: Role) -> frozenset[Permission]:
    """What a key may do: its scopes AND the role of its maker (two gates)."""
    wanted = frozenset(SCOPES) if ALL_SCOPES in scopes else frozenset(P(scope) for scope in scopes)
    return wanted & ROLE_PERMISSIONS[role]


# What each scope allows, in the words of the page that hands them out.
SCOPE_WORDS: dict[Permission, str] = {
    P.IMAGES_WRITE: gettext_noop("Upload photos and run every image operation"),
    P.IMAGES_READ: gettext_noop("Read files"),
    P.COMPLIANCE_READ: gettext_noop("Check images against marketplace rules"),
    P.JOBS_WRITE: gettext_noop("Submit and cancel jobs"),
    P.JOBS_READ: gettext_noop("Read jobs"),
    P.CREDITS_READ: gettext_noop("Read the credit balance"),
    P.CATALOG_READ: gettext_noop("Read connected shops, products and publications"),
    P.PUBLISH_WRITE: gettext_noop("Publish images to shops"),
    P.WEBHOOKS_WRITE: gettext_noop("Manage webhook endpoints"),
    P.PROVIDERS_READ: gettext_noop("Read face-swap accounts, tokens masked"),
    P.PROVIDERS_WRITE: gettext_noop("Manage face-swap accounts"),
}
# What only people may do, in the words of the role matrix.
MEMBER_WORDS: dict[Permission, str] = {
    P.PRESETS_WRITE: gettext_noop("Make and change presets and marketplace profiles"),
    P.REVIEWS_WRITE: gettext_noop("Show images to clients outside, and ask for their answers"),
    P.KEYS_READ: gettext_noop("See API keys"),
    P.KEYS_WRITE: gettext_noop("Make, rotate and revoke API keys"),
    P.MEMBERS_READ: gettext_noop("See who belongs to the organization"),
    P.MEMBERS_WRITE: gettext_noop("Invite people, change roles, remove members"),
    P.AUDIT_READ: gettext_noop("Read the audit log"),
    P.APPROVALS_WRITE: gettext_noop("Approve what others want to publish or spend"),
    P.ORGANIZATION_WRITE: gettext_noop("Change the organization itself"),
}
ROLE_WORDS: dict[Role, str] = {
    Role.OWNER: gettext_noop("Everything, and the organization itself"),
    Role.ADMIN: gettext_noop("People, API keys, webhooks, and all of an editor's work"),
    Role.EDITOR: gettext_noop("Makes and publishes images, writes presets"),
    Role.VIEWER: gettext_noop("Looks at everything that is made, changes nothing"),
}
