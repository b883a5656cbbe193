"""The actor: who does this, for which organization, with which credential. First argument of every query and action."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from accounts.access.permissions import ROLE_PERMISSIONS, SCOPES, WHILE_CLOSING, Permission, Role
from accounts.kit.errors import NotPermitted
from accounts.kit.public_organization import PUBLIC_ORGANIZATION_ID

if TYPE_CHECKING:
    from accounts.models import ApiKey, Organization, User


class MissingPermission(NotPermitted):
    """The credential is good, but does not reach this far."""

    code = "missing_scope"

    def __init__(self, permission: Permission, detail: str) -> None:
        super().__init__(detail)
        self.permission = permission


@dataclass(frozen=True, slots=True)
class Actor:
    """One way in for people (session), programs (API key) and those outside (a link). `endpoint`: what a program has
    called."""

    organization: Organization
    user: User | None
    role: Role
    permissions: frozenset[Permission]
    api_key: ApiKey | None = None
    ip: str | None = None
    request_id: str = ""
    sandbox: bool = field(default=False)
    endpoint: str = ""
    # What somebody without an account came in by.
    outside: str = ""

    @property
    def pays(self) -> bool:
        """Nothing is charged in the sandbox, nor for callers without a key."""
        return not self.sandbox and self.organization.pk != PUBLIC_ORGANIZATION_ID

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raises MissingPermission (403) unless allowed."""
        if permission in self.permissions:
            return
        if self.organization.closes_at and permission in ROLE_PERMISSIONS[self.role]:
            raise MissingPermission(
                permission,
                gettext(
                    "{name} is being closed: nothing can be changed or made any more, unless an owner keeps it."
                ).format(name=self.organization.name),
            )
        if self.api_key and permission in SCOPES and permission in ROLE_PERMISSIONS[self.role]:
            raise MissingPermission(
                permission, gettext("This API key lacks the scope {value}.").format(value=permission.value)
            )
        raise MissingPermission(
            permission,
            gettext("The role {role} does not allow {permission}. Ask an admin of the organization.").format(
                role=self.role.label.lower(), permission=permission.value
            ),
        )

    @property
    def credential(self) -> str:
        """For the audit log: the key's public prefix, what somebody outside came in by, 'session', or 'command'."""
        if self.outside:
            return self.outside
        if self.api_key:
            return self.api_key.prefix
        return "session" if self.ip or self.request_id else "command"


def outside_actor(organization: Organization, by: str, *, ip: str | None, request_id: str) -> Actor:
    """The actor of somebody without an account, who may do nothing but what the link `by` which they came is for."""
    return Actor(
        organization=organization,
        user=None,
        role=Role.VIEWER,
        permissions=frozenset(),
        ip=ip,
        request_id=request_id,
        outside=by,
    )


def member_actor(
    user: User, organization: Organization, role: Role, *, ip: str | None = None, request_id: str = ""
) -> Actor:
    """The actor of a person acting in one of their organizations."""
    return Actor(
        organization=organization,
        user=user,
        role=role,
        permissions=ROLE_PERMISSIONS[role] & WHILE_CLOSING if organization.closes_at else ROLE_PERMISSIONS[role],
        ip=ip,
        request_id=request_id,
    )
