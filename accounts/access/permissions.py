"""What can be allowed, what an API key may be given, what each role may do."""

from __future__ import annotations

from enum import StrEnum


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
        return self.value.capitalize()

    @property
    def with_article(self) -> str:
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"

    def covers(self, other: Role) -> bool:
        """Whether this role may do all that the other one may."""
        return ROLE_PERMISSIONS[self] >= ROLE_PERMISSIONS[other]


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
    P.IMAGES_WRITE: "Upload photos and run every image operation",
    P.IMAGES_READ: "Read files",
    P.COMPLIANCE_READ: "Check images against marketplace rules",
    P.JOBS_WRITE: "Submit and cancel jobs",
    P.JOBS_READ: "Read jobs",
    P.CREDITS_READ: "Read the credit balance",
    P.CATALOG_READ: "Read connected shops, products and publications",
    P.PUBLISH_WRITE: "Publish images to shops",
    P.WEBHOOKS_WRITE: "Manage webhook endpoints",
    P.PROVIDERS_READ: "Read face-swap accounts, tokens masked",
    P.PROVIDERS_WRITE: "Manage face-swap accounts",
}
# What only people may do, in the words of the role matrix.
MEMBER_WORDS: dict[Permission, str] = {
    P.PRESETS_WRITE: "Make and change presets and marketplace profiles",
    P.REVIEWS_WRITE: "Show images to clients outside, and ask for their answers",
    P.KEYS_READ: "See API keys",
    P.KEYS_WRITE: "Make, rotate and revoke API keys",
    P.MEMBERS_READ: "See who belongs to the organization",
    P.MEMBERS_WRITE: "Invite people, change roles, remove members",
    P.AUDIT_READ: "Read the audit log",
    P.APPROVALS_WRITE: "Approve what others want to publish or spend",
    P.ORGANIZATION_WRITE: "Change the organization itself",
}
ROLE_WORDS: dict[Role, str] = {
    Role.OWNER: "Everything, and the organization itself",
    Role.ADMIN: "People, API keys, webhooks, and all of an editor's work",
    Role.EDITOR: "Makes and publishes images, writes presets",
    Role.VIEWER: "Looks at everything that is made, changes nothing",
}
