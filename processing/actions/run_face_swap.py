"""A worker's part of a face swap: with the account that the job holds, else with the next one that is free."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from accounts.kit.encryption import Undecipherable
from accounts.kit.errors import NotFound, PackshotError
from processing.actions import blobs, face_swap_pool
from processing.imaging.decode import decode
from processing.imaging.digital_source import COMPOSITE_WITH_TRAINED_ALGORITHMIC
from processing.imaging.encode import encode
from processing.imaging.watermark import watermark
from processing.models import FaceSwap, FaceSwapAccount, JobImage
from processing.operations.base import Result
from processing.providers import insightfaceswap
from processing.providers.base import Login, Picture, Provider, ProviderFailed, Swapped

if TYPE_CHECKING:
    from processing.actions.run_image import ImageContext

_QUALITY = 92


def run(source: bytes, image: JobImage, context: ImageContext) -> Result:
    """Raises what the provider failed of or refused, once no further account can be tried."""
    swap = FaceSwap.unscoped.select_related("target__blob").get(job=image.job_id)
    provider = insightfaceswap.provider()
    if provider is None:
        raise ProviderFailed("This installation makes no face swaps any more.")
    if swap.target is None or image.source is None:
        raise NotFound(gettext("A picture of this swap was deleted before it was worked on."))
    with context.step("decode"):
        face = Picture(f"source.{image.source.format}", source)
        target = Picture(f"target.{swap.target.format}", blobs.read(swap.target.blob))
    with context.step("compose"):
        if image.attempt > 1:  # the call before may have been made, so this one is another
            face_swap_pool.release(swap.job_id)
        made = _made(provider, swap, face, target, context)
    with context.step("encode"):
        return _result(made.data, context, engine=provider.name)


def _made(provider: Provider, swap: FaceSwap, face: Picture, target: Picture, context: ImageContext) -> Swapped:
    tried: list[uuid.UUID] = []
    trouble: PackshotError | None = None
    account = face_swap_pool.held_by(swap.job_id)
    while True:
        if account is None:
            account = _next(swap, tried, trouble)
        try:
            made = provider.swap(_login(account), source=face, target=target, go_on=context.go_on)
        except ProviderFailed as error:
            face_swap_pool.failed(account, error)
            tried.append(account.pk)
            account, trouble = None, error
            if swap.chosen:
                raise
        else:
            face_swap_pool.worked(account, made.credits)
            return made


def _next(swap: FaceSwap, tried: list[uuid.UUID], trouble: PackshotError | None) -> FaceSwapAccount:
    try:
        account = face_swap_pool.take(
            swap.organization_id, holder=swap.job_id, channel=swap.channel if swap.chosen else "", but=tried
        )
    except PackshotError as error:
        raise trouble or error from None
    FaceSwap.unscoped.filter(pk=swap.pk).update(channel=account.channel)
    return account


def _login(account: FaceSwapAccount) -> Login:
    try:
        return Login(account.readable_token(), account.server, account.channel)
    except Undecipherable:
        raise ProviderFailed("The account's token cannot be read: FIELD_ENCRYPTION_KEYS has changed.") from None


def _result(data: bytes, context: ImageContext, *, engine: str) -> Result:
    """Written anew: without what the provider wrote into the file, and with a word on how it came about."""
    photo = decode(data, context.limits)
    if context.sandbox:
        watermark(photo.rgb, photo.alpha)
    chosen = "jpg" if photo.alpha is None else "png"
    height, width = photo.rgb.shape[:2]
    return Result(
        data=encode(
            photo.rgb,
            photo.alpha,
            format=chosen,
            quality=_QUALITY,
            digital_source_type=COMPOSITE_WITH_TRAINED_ALGORITHMIC,
        ),
        format=chosen,
        width=width,
        height=height,
        box=None,
        coverage=None,
        confidence=None,
        engine=engine,
        runtime="",
        scale=1.0,
    )
