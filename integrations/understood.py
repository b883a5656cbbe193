"""A shop's answer of another form than its interface promises is an error of the shop's, said in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import structlog

from integrations.base import Blame, MarketplaceError

log = structlog.get_logger(__name__)
P = ParamSpec("P")
R = TypeVar("R")


def understood(call: Callable[P, R]) -> Callable[P, R]:
    """Around what reads answers: a number where a list belongs, or a field that is not there, must neither end a sync
    half way nor be a page about an error of ours. The log has the place, for it may be ours after all."""

    @wraps(call)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
            log.warning("answer_not_understood", call=call.__qualname__, exc_info=error)
            raise MarketplaceError(
                "unexpected",
                "The shop's answer has another form than its interface promises. A plugin or a proxy in between may "
                "have changed it.",
                blame=Blame.SHOP,
                permanent=True,
            ) from error

    return reading
