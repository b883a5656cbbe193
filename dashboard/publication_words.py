"""Publications in words: where one stands and what happens next, places, tries."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop

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
    (_Status.QUEUED, gettext_lazy("Waiting")),
    (_Status.SENDING, gettext_lazy("Being sent")),
    (_Status.SUBMITTED, gettext_lazy("Sent, not shown yet")),
    (_Status.CONFIRMED, gettext_lazy("Live")),
    (_Status.REJECTED, gettext_lazy("Refused")),
    (_Status.FAILED, gettext_lazy("Failed")),
    (_Status.REVERTED, gettext_lazy("Put back")),
)
_TASKS = {
    "publish": gettext_noop("Sent"),
    "follow": gettext_noop("Asked whether it is shown"),
    "restore": gettext_noop("Put the old one back"),
    "preview": gettext_noop("Dry run"),
    "remove": gettext_noop("Removed from the media library"),
}


def slot_words(slot: str, variant: str = "") -> str:
    """ "Main image", "Image 3", "Swatch"; "Image of the variant" where there is only that one."""
    if slot == MAIN:
        return gettext("Image of the variant") if variant else gettext("Main image")
    return (
        gettext("Image {slot}").format(slot=slot)
        if slot.isdecimal()
        else slot.replace("_", " ").replace("-", " ").capitalize()
    )


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
                return State(
                    gettext("Being put back"),
                    "info",
                    "loader-circle",
                    gettext("The old image is on its way into its place."),
                )
            return State(
                gettext("Being sent"), "info", "loader-circle", gettext("The shop is being asked at this moment.")
            )
        case _Status.SUBMITTED:
            return _submitted(row, going_back)
        case _Status.CONFIRMED if going_back:
            return State(
                gettext("Not put back"),
                "warning",
                "triangle-alert",
                gettext("The old image did not go back into its place."),
            )
        case _Status.CONFIRMED:
            return State(gettext("Live"), "success", "circle-check", gettext("The shop shows the image in its place."))
        case _Status.REVERTED:
            return State(gettext("Put back"), "neutral", "undo-2", gettext("The shop shows what it showed before."))
        case _Status.REJECTED:
            return State(gettext("Refused"), "danger", "ban", gettext("Nothing was changed in the shop."))
        case _:
            return State(gettext("Failed"), "danger", "circle-alert", gettext("It is not tried again by itself."))


def _tried(row: Publication) -> State:
    why = gettext("A test key has asked") if row.sandbox else gettext("A dry run")
    match row.status:
        case _Status.CONFIRMED:
            return State(
                gettext("Tried, fine"),
                "success",
                "flask-conical",
                gettext("{why}: nothing was changed in the shop.").format(why=why),
            )
        case _Status.REJECTED:
            return State(
                gettext("Tried, refused"),
                "danger",
                "flask-conical",
                gettext("{why}: the shop would refuse this image.").format(why=why),
            )
        case _Status.FAILED:
            return State(
                gettext("Trial failed"),
                "danger",
                "flask-conical",
                gettext("{why}: it broke off. Nothing was changed.").format(why=why),
            )
        case _:
            return State(
                gettext("Being tried"),
                "info",
                "flask-conical",
                gettext("{why}: nothing is changed in the shop.").format(why=why),
            )


def _waiting(row: Publication, going_back: bool) -> State:
    if row.held and row.run and row.run.status == _Run.STOPPED:
        return State(
            gettext("Held"),
            "neutral",
            "hand",
            gettext("Its run was stopped. It goes out if somebody goes on with the run."),
        )
    if row.held and row.note == WAITS:
        return State(
            gettext("Waits for approval"),
            "warning",
            "user-check",
            gettext("A second person approves it, or it ends by itself."),
        )
    if row.held:
        return State(
            gettext("Held"),
            "neutral",
            "hand",
            gettext("It waits until somebody has looked at the first ones of its run."),
        )
    if row.connection.paused_at:
        return State(
            gettext("Held"),
            "warning",
            "circle-pause",
            gettext("Publishing to this shop is paused. It goes on from there."),
        )
    again = row.not_before > timezone.now()
    if row.failures and again:
        return State(
            gettext("Tried again soon"),
            "warning",
            "clock",
            gettext("The shop could not be asked. It is tried again by itself."),
        )
    words = gettext("Waits to be put back") if going_back else gettext("Waiting")
    return State(words, "neutral", "clock", gettext("It goes out as soon as a worker is free."))


def _submitted(row: Publication, going_back: bool) -> State:
    taken = (
        gettext("The shop has taken the old image and does not show it yet.")
        if going_back
        else gettext("The shop has taken the image and does not show it yet.")
    )
    slow = gettext("Amazon may take a day for that.") if row.connection.marketplace.startswith("amazon") else ""
    again = gettext("It is asked again by itself until it does.")
    return State(
        gettext("Sent, not shown yet"),
        "info",
        "hourglass",
        " ".join(part for part in (taken, slow, again) if part),
    )


def task_words(row: PublicationAttempt) -> str:
    """What a try did: "Sent", "Put the old one back"."""
    return gettext(_TASKS[row.task]) if row.task in _TASKS else row.task


def outcome_of(row: PublicationAttempt) -> State:
    """How one try has ended."""
    match row.outcome:
        case "":
            return State(gettext("Running"), "info", "loader-circle")
        case _ if row.task == Publication.Task.RESTORE and row.outcome == _Status.CONFIRMED:
            return State(gettext("Not put back"), "warning", "triangle-alert")
        case "removed":
            return State(gettext("Removed"), "neutral", "trash-2")
        case "left":
            return State(gettext("Left there"), "warning", "hand")
        case "lost":
            return State(gettext("Broke off"), "warning", "unplug")
        case _Status.QUEUED:
            return State(gettext("Tried again later"), "warning", "clock")
        case _Status.SUBMITTED:
            return State(gettext("Sent, not shown yet"), "info", "hourglass")
        case _Status.CONFIRMED:
            return State(gettext("Fine") if row.task == "preview" else gettext("Live"), "success", "check")
        case _Status.REVERTED:
            return State(gettext("Put back"), "neutral", "undo-2")
        case _Status.REJECTED:
            return State(gettext("Refused"), "danger", "ban")
        case _:
            return State(gettext("Failed"), "danger", "x")


def run_state(run: PublishRun) -> State:
    match run.status:
        case _Run.APPROVAL:
            return State(
                gettext("Waits for approval"),
                "warning",
                "user-check",
                gettext("A second person approves it, or it ends."),
            )
        case _Run.FIRST:
            words = (
                gettext("The first {first:,} go out; then it waits for you.").format(first=run.first)
                if run.first < run.size
                else ""
            )
            return State(gettext("The first ones go out"), "info", "loader-circle", words)
        case _Run.WAITING:
            return State(
                gettext("Waits for a look"),
                "warning",
                "eye",
                gettext("Look at the first ones in the shop, then go on or stop."),
            )
        case _Run.RUNNING:
            return State(
                gettext("Going out"), "info", "loader-circle", gettext("The rest goes out at the pace of the shop.")
            )
        case _Run.STOPPED:
            return State(
                gettext("Stopped"), "danger", "octagon-x", run.stopped_because or gettext("Nothing more goes out.")
            )
        case _Run.FINISHED:
            return State(gettext("Finished"), "success", "circle-check", gettext("Everything of this run has ended."))
        case _Run.REVERTING:
            return State(
                gettext("Being put back"), "info", "undo-2", gettext("The old images go back into their places.")
            )
        case _:
            return State(
                gettext("Put back"), "neutral", "undo-2", gettext("The shop shows what it showed before this run.")
            )
