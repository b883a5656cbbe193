"""The frames of the film strip, and which of them look different from what a browser has seen."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from dashboard.templatetags.time_of_images import deleted_after
from processing.models import STEPS, Asset, JobImage, Status, StudioPhoto
from processing.queries.review import is_doubtful
from processing.queries.studio import progress, result


@dataclass(frozen=True, slots=True)
class Frame:
    """`code`: the state as one character. `words`: the state in words. `step`: 1 to 5 while it is worked on."""

    photo: StudioPhoto
    code: str
    state: str
    words: str
    step: int = 0

    @property
    def percent(self) -> int:
        return 100 * max(self.step - 1, 0) // len(STEPS)

    @property
    def made(self) -> JobImage | None:
        """What was last made of it, for its badge."""
        return result(self.photo)

    @property
    def picture(self) -> Asset:
        """What its thumbnail shows: the newest image, else the photo."""
        made = result(self.photo)
        return made.output if made and made.output else self.photo.asset

    @property
    def ended(self) -> bool:
        return self.state not in ("queued", "running")


def frame(photo: StudioPhoto) -> Frame:
    latest = photo.latest
    if latest is None:
        return Frame(photo, "n", "new", gettext("Not processed yet"))
    if latest.status == Status.QUEUED:
        if latest.parked:
            return Frame(photo, "w", "queued", gettext("Measured, waits for its group"))
        return Frame(photo, "q", "queued", gettext("Queued"))
    if latest.status == Status.RUNNING:
        step = STEPS.index(latest.step) + 1 if latest.step in STEPS else 0
        words = (
            gettext("{step}, {step_2} of {steps}").format(step=latest.step, step_2=step, steps=len(STEPS))
            if step
            else "starting"
        )
        return Frame(photo, str(step), "running", words.capitalize(), step)
    if latest.status == Status.FAILED:
        return Frame(photo, "f", "failed", gettext("Failed"))
    if latest.status == Status.CANCELED:
        return Frame(photo, "c", "canceled", gettext("Canceled"))
    if latest.output_id is None and latest.deleted_after:
        return Frame(photo, "s", "succeeded", deleted_after(latest.deleted_after))
    if is_doubtful(latest):
        return Frame(photo, "d", "doubtful", gettext("Done, wants a look"))
    return Frame(photo, "s", "succeeded", gettext("Done"))


def seen(frames: Sequence[Frame]) -> str:
    """What a browser that shows these frames has seen: which photos, their states run by run, and how far their jobs
    are: a job may go on with photos that were taken off the strip."""
    runs = "".join(f"{code}{sum(1 for _ in same)}-" for code, same in groupby(one.code for one in frames))
    jobs = progress([one.photo for one in frames])
    return f"{len(frames)}.{_digest(frames)}.{runs}.{jobs.ended}-{jobs.total}"


def unseen(frames: Sequence[Frame], token: str) -> list[Frame] | None:
    """The frames that a browser with this token does not show as they are; None when it must be given all of them.

    Photos come to the end of the strip, so what was added since is among them. Anything else that happened to the
    strip elsewhere, and a token that makes no sense, ask for the whole.
    """
    count, _, rest = token.partition(".")
    digest, _, rest = rest.partition(".")
    runs = rest.partition(".")[0]
    if not count.isascii() or not count.isdigit() or len(count) > 9:
        return None
    known = frames[: int(count)]
    codes = _codes(runs, longest=len(known))
    if len(known) != int(count) or len(codes) != len(known) or digest != _digest(known):
        return None
    changed = [one for one, code in zip(known, codes, strict=True) if one.code != code]
    return [*changed, *frames[len(known) :]]


def _digest(frames: Sequence[Frame]) -> str:
    return f"{zlib.crc32(b''.join(one.photo.pk.bytes for one in frames)):08x}"


def _codes(runs: str, *, longest: int) -> str:
    codes = ""
    for run in runs.split("-")[:-1]:
        if not run[1:].isascii() or not run[1:].isdigit() or len(run) > 9 or len(codes) + int(run[1:]) > longest:
            return ""
        codes += run[0] * int(run[1:])
    return codes
