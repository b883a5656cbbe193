"""Errors that a person or a program is told about: a code, an HTTP status, a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong with one field of the input."""

    field: str
    detail: str


class PackshotError(Exception):
    """Base of every error that is shown. `detail` is one sentence that says what is wanted."""

    code = "error"
    status = 500
    title = "Something went wrong"
    retryable = False
    # Seconds after which the same call may work, for the header of that name.
    retry_after: int | None = None

    def __init__(self, detail: str, *, field: str | None = None, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.errors = errors or ((FieldError(field, detail),) if field else ())


class InvalidInput(PackshotError):
    """The request cannot be understood; `errors` names each field."""

    code = "invalid_input"
    status = 400
    title = "Invalid input"


class InvalidImage(PackshotError):
    """The bytes are not an image that can be worked on."""

    code = "invalid_image"
    status = 400
    title = "Invalid image"


class NotFound(PackshotError):
    """It does not exist, or it belongs to somebody else: the two are never told apart."""

    code = "not_found"
    status = 404
    title = "Not found"


class NotPermitted(PackshotError):
    """Known, but not allowed to do this."""

    code = "forbidden"
    status = 403
    title = "Not allowed"


class Conflict(PackshotError):
    """The thing is in a state in which this cannot be done."""

    code = "conflict"
    status = 409
    title = "Conflict"


class InsufficientCredits(PackshotError):
    """The organization's balance does not cover the work."""

    code = "insufficient_credits"
    status = 402
    title = "Not enough credits"


class BudgetSpent(InsufficientCredits):
    """The month's budget of the API key or of the team does not cover the work."""

    code = "budget_spent"
    title = "The budget is spent"
