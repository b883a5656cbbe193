"""The people of the tests: Alice owns a shop, Bob edits there, Victor only looks; Charlie is a stranger."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions.api_keys import create_api_key
from accounts.actions.organizations import create_organization
from accounts.models import Membership, User

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    alice: Actor
    bob: Actor
    victor: Actor
    charlie: Actor

    def bob_as(self, role: Role) -> Actor:
        """Bob with another role, in the database too."""
        Membership.unscoped.filter(organization=self.bob.organization, user=self.bob.user).update(role=role)
        assert self.bob.user is not None
        return member_actor(self.bob.user, self.bob.organization, role)

    def key(self, actor: Actor | None = None, *scopes: str) -> str:
        """A live API key made by `actor` (Alice), with all scopes unless some are named."""
        return create_api_key(actor or self.alice, name="Test", scopes=list(scopes) or ["*"])[1]


def user(name: str) -> User:
    return User.objects.create_user(f"{name}@example.com", PASSWORD, name=name.capitalize())


def make_cast(*, credits: int = 100) -> Cast:
    alice = create_organization(user("alice"), name="Alice's shop", credit_grant=credits)
    charlie = create_organization(user("charlie"), name="Charlie's shop", credit_grant=credits)

    def joins(name: str, role: Role) -> Actor:
        person = user(name)
        Membership.unscoped.create(organization=alice.organization, user=person, role=role)
        return member_actor(person, alice.organization, role)

    return Cast(alice=alice, bob=joins("bob", Role.EDITOR), victor=joins("victor", Role.VIEWER), charlie=charlie)
