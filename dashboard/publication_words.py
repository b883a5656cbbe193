"""Publications in words: where one stands and what happens next, places, tries."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from integrations import registry
from integrations.actions.approvals import WAITS
from integrations.models import Publication, PublicationAttempt, PublishRun
from integrations.publishing import MAIN

_Status = Publication.Status
_Run = PublishRun.Status


@dataclass(frozen=True, slots=True)
class State:
    """`words` stand on the badge, `next` says in a sentence or two what happens now."""

    words: str
    tone: str
    icon: str
    next: str = ""


# As the filter of the list names them.
STATES = (
    (_Status.QUEUED, "Waiting"),
    (_Status.SENDING, "Being sent"),
    (_Status.SUBMITTED, "Sent, not shown yet"),
    (_Status.CONFIRMED, "Live"),
    (_Status.REJECTED, "Refused"),
    (_Status.FAILED, "Failed"),
    (_Status.REVERTED, "Put back"),
)
_TASKS = {
    "publish": "Sent",
    "follow": "Asked whether it is shown",
    "restore": "Put the old one back",
    "preview": "Dry run",
    "remove": "Removed from the media library",
}


def slot_words(slot: str, variant: str = "") -> str:
    """ "Main image", "Image 3", "Swatch"; "Image of the variant" where there is only that one."""
    if slot == MAIN:
        return "Image of the variant" if variant else "Main image"
    return f"Image {slot}" if slot.isdecimal() else slot.replace("_", " ").replace("-", " ").capitalize()


def shop_kind(row: Publication) -> str:
    """The marketplace by its name."""
    found = registry.MARKETPLACES.get(row.connection.marketplace)
    return found.title if found else row.connection.marketplace.capitalize()


def state_of(row: Publication) -> State:
    """`row` with its connection and run."""
    if row.dry_run or row.sandbox:
        return _tried(row)
    going_back = row.task == Publication.Task.RESTORE
    match row.status:
        case _Status.QUEUED:
            return _waiting(row, going_back)
        case _Status.SENDING:
            if going_back:
                return State("Being put back", "info", "loader-circle", "The old image is on its way into its place.")
            return State("Being sent", "info", "loader-circle", "The shop is being asked at this moment.")
        case _Status.SUBMITTED:
            return _submitted(row, going_back)
        case _Status.CONFIRMED if going_back:
            return State("Not put back", "warning", "triangle-alert", "The old image did not go back into its place.")
        case _Status.CONFIRMED:
            return State("Live", "success", "circle-check", "The shop shows the image in its place.")
        case _Status.REVERTED:
            return State("Put back", "neutral", "undo-2", "The shop shows what it showed before.")
        case _Status.REJECTED:
            return State("Refused", "danger", "ban", "Nothing was changed in the shop.")
        case _:
            return State("Failed", "danger", "circle-alert", "It is not tried again by itself.")


def _tried(row: Publication) -> State:
    why = "A test key has asked" if row.sandbox else "A dry run"
    match row.status:
        case _Status.CONFIRMED:
            return State("Tried, fine", "success", "flask-conical", f"{why}: nothing was changed in the shop.")
        case _Status.REJECTED:
            return State("Tried, refused", "danger", "flask-conical", f"{why}: the shop would refuse this image.")
        case _Status.FAILED:
            return State("Trial failed", "danger", "flask-conical", f"{why}: it broke off. Nothing was changed.")
        case _:
            return State("Being tried", "info", "flask-conical", f"{why}: nothing is changed in the shop.")


def _waiting(row: Publication, going_back: bool) -> State:
    if row.held and row.run and row.run.status == _Run.STOPPED:
        return State("Held", "neutral", "hand", "Its run was stopped. It goes out if somebody goes on with the run.")
    if row.held and row.note == WAITS:
        return State(
            "Waits for approval", "warning", "user-check", "A second person approves it, or it ends by itself."
        )
    if row.held:
        return State("Held", "neutral", "hand", "It waits until somebody has looked at the first ones of its run.")
    if row.connection.paused_at:
        return State("Held", "warning", "circle-pause", "Publishing to this shop is paused. It goes on from there.")
    again = row.not_before > timezone.now()
    if row.failures and again:
        return State(
            "Tried again soon", "warning", "clock", "The shop could not be asked. It is tried again by itself."
        )
    words = "Waits to be put back" if going_back else "Waiting"
    return State(words, "neutral", "clock", "It goes out as soon as a worker is free.")


def _submitted(row: Publication, going_back: bool) -> State:
    what = "old image" if going_back else "image"
    slow = " Amazon may take a day for that." if row.connection.marketplace.startswith("amazon") else ""
    return State(
        "Sent, not shown yet",
        "info",
        "hourglass",
        f"The shop has taken the {what} and does not show it yet.{slow} It is asked again by itself until it does.",
    )


def task_words(row: PublicationAttempt) -> str:
    """What a try did: "Sent", "Put the old one back"."""
    return _TASKS.get(row.task, row.task)


def outcome_of(row: PublicationAttempt) -> State:
    """How one try has ended."""
    match row.outcome:
        case "":
            return State("Running", "info", "loader-circle")
        case _ if row.task == Publication.Task.RESTORE and row.outcome == _Status.CONFIRMED:
            return State("Not put back", "warning", "triangle-alert")
        case "removed":
            return State(gettext("Removed"), "neutral", "trash-2")
        case "left":
            return State(gettext("Left there"), "warning", "hand")
        case "lost":
            return State("Broke off", "warning", "unplug")
        case _Status.QUEUED:
            return State("Tried again later", "warning", "clock")
        case _Status.SUBMITTED:
            return State("Sent, not shown yet", "info", "hourglass")
        case _Status.CONFIRMED:
            return State("Fine" if row.task == "preview" else "Live", "success", "check")
        case _Status.REVERTED:
            return State("Put back", "neutral", "undo-2")
        case _Status.REJECTED:
            return State("Refused", "danger", "ban")
        case _:
            return State("Failed", "danger", "x")


def run_state(run: PublishRun) -> State:
    match run.status:
        case _Run.APPROVAL:
            return State("Waits for approval", "warning", "user-check", "A second person approves it, or it ends.")
        case _Run.FIRST:
            words = f"The first {run.first:,} go out; then it waits for you." if run.first < run.size else ""
            return State("The first ones go out", "info", "loader-circle", words)
        case _Run.WAITING:
            return State(
                "Waits for a look", "warning", "eye", "Look at the first ones in the shop, then go on or stop."
            )
        case _Run.RUNNING:
            return State("Going out", "info", "loader-circle", "The rest goes out at the pace of the shop.")
        case _Run.STOPPED:
            return State("Stopped", "danger", "octagon-x", run.stopped_because or "Nothing more goes out.")
        case _Run.FINISHED:
            return State("Finished", "success", "circle-check", "Everything of this run has ended.")
        case _Run.REVERTING:
            return State("Being put back", "info", "undo-2", "The old images go back into their places.")
        case _:
            return State("Put back", "neutral", "undo-2", "The shop shows what it showed before this run.")
