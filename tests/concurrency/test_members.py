"""People who act at the same moment: an owner always stays, an invitation is accepted once."""

from __future__ import annotations

import pytest

from accounts.access.actor import Actor, member_actor
from accounts.access.permissions import Role
from accounts.actions.invitations import accept, invite
from accounts.actions.members import change_role, leave, remove_member
from accounts.kit.errors import NotFound, PackshotError
from accounts.models import Invitation, Membership
from accounts.queries.invitations import token_digest
from tests.support.at_once import at_once
from tests.support.cast import make_cast, user

pytestmark = pytest.mark.django_db(transaction=True)
OWNERS = 6


def _owners() -> list[tuple[Actor, Membership]]:
    alice = make_cast().alice
    people = [user(f"owner{number}") for number in range(OWNERS)]
    Membership.unscoped.filter(user=alice.user).delete()
    return [
        (
            member_actor(person, alice.organization, Role.OWNER),
            Membership.unscoped.create(organization=alice.organization, user=person, role=Role.OWNER),
        )
        for person in people
    ]


def _left(owners: list[tuple[Actor, Membership]]) -> int:
    return Membership.objects.of(owners[0][0]).filter(role=Role.OWNER).count()


def test_owners_who_leave_or_step_down_at_once_leave_one() -> None:
    owners = _owners()

    def go(number: int) -> object:
        actor, own = owners[number]
        return leave(actor) if number % 2 else change_role(actor, membership_id=own.pk, role="viewer")

    results = at_once(OWNERS, go)
    refused = [result for result in results if isinstance(result, PackshotError)]
    assert (_left(owners), len(refused)) == (1, 1), results


def test_owners_who_remove_each_other_at_once_leave_one() -> None:
    owners = _owners()
    at_once(OWNERS, lambda number: remove_member(owners[number][0], membership_id=owners[number - 1][1].pk))
    assert _left(owners) >= 1


def test_an_invitation_is_accepted_once_and_an_address_invited_once() -> None:
    cast = make_cast()
    judged = at_once(OWNERS, lambda number: invite(cast.alice, emails=["dora@example.com"], role="editor"))
    assert sum(each.invited for some in judged for each in some) == 1, judged  # type: ignore[attr-defined]
    Invitation.objects.of(cast.alice).update(digest=token_digest("token"))
    dora = user("dora")
    results = at_once(OWNERS, lambda number: accept(dora, token="token", ip=None, request_id=""))
    assert len([result for result in results if isinstance(result, NotFound)]) == OWNERS - 1, results
    assert Membership.objects.of(cast.alice).filter(user=dora).count() == 1
