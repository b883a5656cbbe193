"""When a shop may be called: not in its quiet hours, and no faster than its connection says, whoever calls."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from datetime import time as clock

from django.db import transaction

from integrations.models import CallPace, Connection


def may_call(connection: Connection, now: datetime) -> bool:
    return quiet_ends(connection, now) is None


def quiet_ends(connection: Connection, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in, by the clock of the organization; None outside of them."""
    if not connection.quiet_from or not connection.quiet_until or connection.quiet_from == connection.quiet_until:
        return None
    begin, end = clock.fromisoformat(connection.quiet_from), clock.fromisoformat(connection.quiet_until)
    here = now.astimezone(connection.organization.zone)
    at = here.time()
    quiet = begin <= at < end if begin < end else at >= begin or at < end
    if not quiet:
        return None
    day = here.date() + timedelta(days=1 if begin > end and at >= begin else 0)
    ends = datetime.combine(day, end, here.tzinfo)
    # Where the clock is put back the hour comes twice: never an end that is over.
    return ends if ends > now else ends.replace(fold=1)


class Pace:
    """For `Account.before_call`: waits until the connection's next call may be made, and takes that place.

    All workers take their places in one row, so that a sync and publications together keep to the calls a minute.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._apart = 60 / connection.calls_per_minute

    def __call__(self) -> None:
        wait = self._take() - time.time()
        if wait > 0:
            time.sleep(wait)

    def _take(self) -> float:
        """The moment (unix seconds) that is this call's own."""
        with transaction.atomic():
            row = CallPace.unscoped.select_for_update().filter(connection=self._connection.pk).first()
            if row is None:
                row = CallPace.unscoped.get_or_create(
                    connection=self._connection, defaults={"organization_id": self._connection.organization_id}
                )[0]
                row = CallPace.unscoped.select_for_update().get(pk=row.pk)
            own = max(time.time(), row.free_at)
            row.free_at = own + self._apart
            row.save(update_fields=["free_at"])
        return own
