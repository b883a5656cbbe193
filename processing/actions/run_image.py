"""A worker's way through one photo: claim, run the operation with no transaction open, finish."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import cv2
import numpy as np
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Min
from numpy.typing import NDArray

from accounts.kit import shared_clock
from accounts.kit.errors import PackshotError
from processing.actions import (
    blobs,
    cut_shelf,
    engine_shelf,
    finish,
    images_endpoint,
    mask_shelf,
    recycle,
    run_check,
    run_face_swap,
    tempo,
    worker_identity,
)
from processing.actions.assets import limits
from processing.actions.claim import Claim, claim_next, give_back, held
from processing.actions.given_up import TookTooLong
from processing.actions.memory import lacks_memory, lose
from processing.engines.base import Engine
from processing.engines.text_to_image import TextToImage
from processing.imaging.arrays import Alpha, Mask
from processing.imaging.upscaling.tiles import Upscaler
from processing.models import FACE_SWAP, Job, JobImage
from processing.operations.registry import find as find_operation
from processing.operations.work.subject import Subject
from processing.queries.previews import PROXY_SIDE

log = structlog.get_logger(__name__)

_SMALL_MATTE = f"{PROXY_SIDE}.png"

_STORAGE_PATIENCE = timedelta(minutes=10)
_STORAGE_PAUSE_SECONDS = 2.0
_DATABASE_PAUSE_SECONDS = 0.5
_BRIEF = frozenset({"decode", "encode"})

_running: dict[int, Claim] = {}  # by thread
_ends: dict[Claim, float] = {}  # when the time of what is in hand is over; of time.monotonic
_ended_at = 0.0  # the last one; of time.monotonic
_draining = threading.Event()  # takes no further photo
_stopping = threading.Event()  # and ends what it has
_paused = threading.Event()  # the same, until an operator lets it go on


class WorkerStopping(Exception):
    """The process is asked to end: the photo goes back into the queue."""


def run_next_image() -> bool:
    """Takes one photo and works on it; False when there was none to take."""
    if _draining.is_set() or _paused.is_set() or recycle.retiring():
        return False
    claim = claim_next(worker_identity.name())
    if claim is None:
        return False
    work_on(claim)
    return True


def work_on(claim: Claim, *, limited: bool = True) -> None:
    """To its end, whatever that is. While it lasts, `claims_in_hand` names it.

    `limited`: within JOB_SECONDS. Whoever waits for somebody else has limits of his own.
    """
    if limited:
        _ends[claim] = time.monotonic() + settings.JOB_SECONDS
    _running[threading.get_ident()] = claim
    began, done = time.monotonic(), False
    try:
        done = _run(claim)
    finally:
        global _ended_at
        _ended_at = time.monotonic()
        if limited and done:
            tempo.note(_ended_at - began)
        structlog.contextvars.unbind_contextvars("job", "organization")
        del _running[threading.get_ident()]
        _ends.pop(claim, None)
        recycle.photo_ended(in_hand=len(_running))


def claims_in_hand() -> list[Claim]:
    """What the threads of this process are working on: their leases are to be renewed."""
    return list(_running.values())


def overdue(*, by: float = 0) -> list[Claim]:
    """What is still in hand so many seconds after its time was over."""
    now = time.monotonic()
    return [claim for claim, ends in list(_ends.items()) if now >= ends + by]


def rests(*, since: float) -> bool:
    """Whether no photo is in hand, nor was one in the last `since` seconds: whoever sends one after the other sends the
    next one at once."""
    return not _running and time.monotonic() - _ended_at >= since


def drain() -> None:
    """Takes no further photo; what is in hand goes on."""
    _draining.set()


def draining() -> bool:
    return _draining.is_set()


def drained(*, within: float, but: int = 0) -> bool:
    """Waits at most that many seconds for what is in hand, `but` so many of them; whether it has ended."""
    end = time.monotonic() + within
    while len(_running) > but and time.monotonic() < end:
        time.sleep(0.05)
    return len(_running) <= but


def stop() -> None:
    """Takes no further photo, and ends the one in hand at its next step."""
    _draining.set()
    _stopping.set()


def pause(paused: bool) -> None:
    """While it is set no further photo is taken; what is in hand is finished."""
    if paused:
        _paused.set()
    else:
        _paused.clear()


def stopping(*, within: float) -> bool:
    """Waits at most that many seconds; whether the process has been asked to end."""
    return _stopping.wait(within)


def _run(claim: Claim) -> bool:
    """Whether an image was made of it."""
    started = time.perf_counter()
    try:
        image = JobImage.unscoped.select_related(
            "job__background__blob", "source__blob", "matte", "job__organization"
        ).get(pk=claim.image_id)
        structlog.contextvars.bind_contextvars(job=str(image.job_id), organization=str(image.organization_id))
        if image.source is None and not image.without_photo:
            finish.fail(claim, code="source_deleted", detail="The photo was deleted before it was worked on.")
            return False
        source = blobs.read(image.source.blob) if image.source else b""
        context = ImageContext(claim, image)
        if image.job.purpose == Job.Purpose.CHECK:
            finish.checked(claim, run_check.report(source, image, context), steps=context.steps)
            return False
        if image.job.operation == FACE_SWAP:
            finish.succeed(claim, run_face_swap.run(source, image, context), steps=context.steps)
            return True
        operation = find_operation(image.job.operation)
        parameters = operation.Parameters.model_validate(image.job.parameters)
        if image.phase == JobImage.Phase.MEASURE:
            finish.measured(claim, scale=operation.measure(source, parameters, context))
        else:
            finish.succeed(claim, operation.run(source, parameters, context), steps=context.steps)
    except finish.LostClaim:
        log.info("photo_given_up", image=str(claim.image_id), attempt=claim.attempt)
    except WorkerStopping:
        give_back(claim)
    except (OperationalError, InterfaceError) as error:
        log.warning("photo_interrupted", image=str(claim.image_id), error=str(error))
        _give_back_unless_away(claim)
    except blobs.StorageFailed as error:
        _wait_for_storage(claim, error)
    except PackshotError as error:
        if lacks_memory(error):
            lose(claim)
        else:
            finish.fail(claim, code=error.code, detail=error.detail)
    except Exception as error:
        # The one place that may catch everything: a photo must end, and the cause must be found in the log.
        if lacks_memory(error):
            lose(claim)
            return False
        log.exception("photo_failed", image=str(claim.image_id))
        finish.fail(claim, code="internal_error", detail="Something went wrong with this photo. Run the job again.")
    else:
        log.info("photo_done", image=str(claim.image_id), ms=round(1000 * (time.perf_counter() - started)))
        return True
    return False


def _give_back_unless_away(claim: Claim) -> None:
    """The database's trouble is not the photo's: a connection that was cut costs it none of JOB_ATTEMPTS. Where the
    database stays away its lease runs out and brings it back into the queue."""
    connection.close()
    _stopping.wait(_DATABASE_PAUSE_SECONDS)
    try:
        give_back(claim)
    except (OperationalError, InterfaceError):
        connection.close()


def _wait_for_storage(claim: Claim, error: blobs.StorageFailed) -> None:
    """A store that is away, or a full disk that somebody makes room on, is not the photo's fault: it goes back into
    the queue, for a while. A face swap does not: each try costs an account of somebody else."""
    now = shared_clock.now()
    # From the first time on, and not from its place in the queue: a batch may have waited there for an hour.
    held(claim).filter(storage_away_since=None).update(storage_away_since=now)
    since = now - _STORAGE_PATIENCE
    patient = held(claim).filter(storage_away_since__gte=since).exclude(job__operation=FACE_SWAP)
    if not patient.exists():
        finish.fail(claim, code=error.code, detail=error.detail)
        return
    log.warning("photo_waits_for_storage", image=str(claim.image_id), error=str(error.__cause__))
    _stopping.wait(_STORAGE_PAUSE_SECONDS)
    give_back(claim)


class ImageContext:
    """What an operation may ask of its surroundings (processing.operations.base.Context)."""

    def __init__(self, claim: Claim, image: JobImage) -> None:
        self._claim = claim
        self._image = image
        self.steps: list[dict[str, object]] = []  # that have ended
        self._note: dict[str, str] = {}  # of the step that runs
        self._mask: tuple[tuple[str, str], NDArray[np.uint8]] | None = None
        self.sandbox = image.job.sandbox
        self.limits = limits()

    def engine(self, name: str | None) -> Engine:
        return engine_shelf.engine(name)

    def upscaler(self, name: str) -> Upscaler:
        return engine_shelf.upscaler(name)

    @contextmanager
    def step(self, name: str, *, brief: bool = False) -> Iterator[None]:
        """Reports the step, and ends the work here when it was canceled, taken over, or the process stops.

        A brief one is over before anybody looks: it is kept with the next one, or with the photo's end.
        """
        if _stopping.is_set():
            raise WorkerStopping
        if self._claim in overdue():
            raise TookTooLong
        if not (brief or name in _BRIEF) and not held(self._claim).update(step=name, steps=self.steps):
            raise finish.LostClaim
        started = time.perf_counter()
        yield
        self.steps.append({"name": name, "ms": round(1000 * (time.perf_counter() - started), 1), **self._note})
        self._note = {}

    def go_on(self) -> None:
        """For a step that waits for somebody else: ends it as `step` does."""
        if _stopping.is_set():
            raise WorkerStopping
        if not held(self._claim).exists():
            raise finish.LostClaim

    def cached_mask(self, engine: Engine) -> Mask | None:
        """The mask of this job's earlier cut, else the kept one: float32 (h, w) in 0..1, of 8 bit precision."""
        made = self._mask
        if made is not None and made[0] == (engine.name, engine.runtime):
            self._note["mask"] = "of this job"
            return mask_shelf.shares(made[1])
        if self._image.source is None:
            return None
        kept = mask_shelf.kept(self._image.source.blob, engine)
        if kept is None:
            return None
        self._note["mask"] = "kept"
        return mask_shelf.shares(kept)

    def keep_mask(self, engine: Engine, mask: Mask) -> Mask:
        """Keeps the mask beside the photo and answers with what a later `cached_mask` will say, to the bit."""
        values = mask_shelf.levels(mask)
        self._mask = (engine.name, engine.runtime), values
        if self._image.source is not None:
            mask_shelf.keep(self._image.source.blob, engine, values)
        return mask_shelf.shares(values)

    def file(self, role: str) -> bytes | None:
        if role == "background" and self._image.job.background is not None:
            return blobs.read(self._image.job.background.blob)
        return None

    def matte(self) -> Alpha | None:
        """The corrected cut; for a preview small, as it was made for the first one."""
        kept = self._image.matte
        if kept is None:
            return None
        if self._image.job.purpose != Job.Purpose.PREVIEW:
            return _grey(blobs.read(kept))
        small = blobs.read_derived(kept, _SMALL_MATTE)
        if small is None:
            small = _png(_fitting(_grey(blobs.read(kept)), PROXY_SIDE))
            blobs.keep_derived(kept, _SMALL_MATTE, small)
        return _grey(small)

    def kept_cut(self, model: str | None, edges: str) -> Subject | None:
        key = self._cut_key(model, edges)
        return cut_shelf.kept(key) if key else None

    def keep_cut(self, model: str | None, edges: str, subject: Subject) -> None:
        if key := self._cut_key(model, edges):
            cut_shelf.keep(key, subject)

    def _cut_key(self, model: str | None, edges: str) -> cut_shelf.Key | None:
        """By what the pixels are. None outside of previews: whole photos are large and seldom come twice."""
        image = self._image
        if image.source is None or image.job.purpose != Job.Purpose.PREVIEW:
            return None
        matte = image.matte.sha256 if image.matte else ""
        return image.source.blob.sha256, matte, model, edges

    def text_to_image(self) -> TextToImage | None:
        return images_endpoint.text_to_image()

    def group_scale(self) -> float | None:
        """The scale that all photos of the job share, or None when each has its own."""
        if self._image.group_scale is None:
            return None
        smallest = JobImage.unscoped.filter(job_id=self._image.job_id).aggregate(scale=Min("group_scale"))["scale"]
        return None if smallest is None else float(smallest)


def _grey(data: bytes) -> Alpha:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)


def _png(values: NDArray[np.uint8]) -> bytes:
    return bytes(cv2.imencode(".png", values, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes())


def _fitting(alpha: Alpha, side: int) -> Alpha:
    scale = min(1.0, side / max(alpha.shape))
    size = max(1, round(alpha.shape[1] * scale)), max(1, round(alpha.shape[0] * scale))
    return np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.uint8)
