"""How much a caller may still call, counted before anything else is done and said on every answer."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.access.credentials import Unauthorized
from accounts.kit.errors import PackshotError
from accounts.limits.rate_limit import Allowance, Limit, peek, take
from dashboard.api.auth import actor_of_credential
from dashboard.api.call import Call
from dashboard.session import client_ip


class RateLimited(PackshotError):
    """Too many calls. Retry-After says how many seconds to wait."""

    code = "rate_limited"
    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def of_a_key() -> Limit:
    return Limit("key", settings.RATE_LIMIT_KEY_PER_MINUTE, 60)


def of_an_address() -> Limit:
    return Limit("ip", settings.RATE_LIMIT_IP_PER_MINUTE, 60)


def of_failed_authentication() -> Limit:
    return Limit("failed-auth", settings.RATE_LIMIT_FAILED_AUTH_PER_HOUR, 3600)


def admit(request: HttpRequest, call: Call) -> None:
    """Finds out who calls and counts the call. Raises RateLimited (429).

    A credential that is not good is no error yet: calls that need none are open to everyone.
    """
    address = client_ip(request) or "unknown"
    try:
        call.actor = actor_of_credential(request)
    except Unauthorized as error:
        call.refusal = error
    if call.actor and call.actor.api_key:
        call.allowance = take(str(call.actor.api_key.pk), of_a_key())
        _refuse(call.allowance, "This API key has made {limit} calls in a minute, which is its limit.")
        return
    call.allowance = take(address, of_an_address())
    _refuse(call.allowance, "Your address has made {limit} calls without a key in a minute, which is the limit.")
    if call.refusal:
        count_failure(request, call)


def count_failure(request: HttpRequest, call: Call) -> None:
    """A credential that is not good, wherever it was sent. Raises RateLimited (429) when there were too many."""
    failures = take(client_ip(request) or "unknown", of_failed_authentication())
    if not failures.allowed:
        call.allowance = failures
    _refuse(failures, "Your address has sent {limit} wrong credentials in an hour, which is the limit.")


def put_headers(request: HttpRequest, response: HttpResponseBase, call: Call) -> None:
    """The four x-ratelimit headers and the pair of the IETF draft."""
    left = call.allowance or peek(client_ip(request) or "unknown", of_an_address())
    policy = left.policy
    response["x-ratelimit-limit"] = str(policy.limit)
    response["x-ratelimit-remaining"] = str(left.remaining)
    response["x-ratelimit-reset"] = str(left.reset)
    response["x-ratelimit-retry-after"] = str(left.retry_after)
    response["RateLimit-Policy"] = f'"{policy.name}";q={policy.limit};w={policy.window}'
    response["RateLimit"] = f'"{policy.name}";r={left.remaining};t={left.retry_after or left.reset}'


def _refuse(allowance: Allowance, sentence: str) -> None:
    if not allowance.allowed:
        said = sentence.format(limit=allowance.policy.limit)
        raise RateLimited(f"{said} Try again in {allowance.retry_after} s.", retry_after=allowance.retry_after)
