"""What a member can be told of by e-mail, when, and what holds for whoever has chosen nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access.permissions import Role


class Delivery(StrEnum):
    NOW = "now"
    DAILY = "daily"
    NONE = "none"


class Kind(StrEnum):
    JOB_DONE = "job_done"
    JOB_FAILED = "job_failed"
    PUBLISHING = "publishing"
    CONNECTION_BROKEN = "connection_broken"
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_DECIDED = "approval_decided"
    REVIEW_ANSWERED = "review_answered"
    CREDITS = "credits"
    STORAGE = "storage"
    WEBHOOK_DISABLED = "webhook_disabled"
    INVITATION_ACCEPTED = "invitation_accepted"


@dataclass(frozen=True, slots=True)
class About:
    """`defaults`: by role; a role that is not in it is never told of this."""

    title: Promise | str
    text: Promise | str
    defaults: dict[Role, Delivery]


def _for(
    owners_and_admins: Delivery, editors: Delivery | None = None, viewers: Delivery | None = None
) -> dict[Role, Delivery]:
    every = {Role.OWNER: owners_and_admins, Role.ADMIN: owners_and_admins, Role.EDITOR: editors, Role.VIEWER: viewers}
    return {role: delivery for role, delivery in every.items() if delivery}


_NOW, _DAILY, _NONE = Delivery.NOW, Delivery.DAILY, Delivery.NONE
KINDS: dict[Kind, About] = {
    Kind.JOB_DONE: About(
        _("A batch is done"), _("Every image of a job of several that you have started is made."), _for(_NONE, _NONE)
    ),
    Kind.JOB_FAILED: About(
        _("Images failed"), _("Some image of a job that you have started could not be made."), _for(_DAILY, _DAILY)
    ),
    Kind.PUBLISHING: About(
        _("A publish run needs you"),
        _("A run that you have started waits for a look at its first images, or has stopped by itself."),
        _for(_NOW, _NOW),
    ),
    Kind.CONNECTION_BROKEN: About(
        _("A shop does not let us in"),
        _("For owners, admins and whoever has connected it."),
        _for(_NOW, _NOW),
    ),
    Kind.APPROVAL_ASKED: About(
        _("Something waits for your approval"), _("What others want to publish or spend."), _for(_NOW)
    ),
    Kind.APPROVAL_DECIDED: About(
        _("Your request was decided"), _("Approved, refused, or ended unanswered."), _for(_NOW, _NOW)
    ),
    Kind.REVIEW_ANSWERED: About(
        _("A client has answered"), _("Images that you have sent to a client for review."), _for(_NOW, _NOW)
    ),
    Kind.CREDITS: About(
        _("Credits and budgets"),
        _("A low balance; a budget of a team you lead or a key you made that reaches a limit."),
        _for(_NOW, _NOW, _NOW),
    ),
    Kind.STORAGE: About(
        _("The storage is nearly full"), _("Images fill nine tenths of what the plan has room for."), _for(_NOW)
    ),
    Kind.WEBHOOK_DISABLED: About(
        _("A webhook endpoint was switched off"), _("Its receiver has not answered for long."), _for(_NOW)
    ),
    Kind.INVITATION_ACCEPTED: About(
        _("An invitation was accepted"), _("Somebody whom you have invited has joined."), _for(_DAILY)
    ),
}


def default(kind: Kind, role: Role) -> Delivery:
    return KINDS[kind].defaults.get(role, Delivery.NONE)


def kinds_for(role: Role) -> list[Kind]:
    return [kind for kind, about in KINDS.items() if role in about.defaults]
