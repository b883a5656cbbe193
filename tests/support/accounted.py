"""What became of everything that was accepted: the one question after every fault.

Whoever was told "yes" gets one end, is charged once, hears of it once; nothing of it lies about afterwards.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.support.fleet import Fleet
from tests.support.receiver import Receiver

_OPEN = ("queued", "running")


@dataclass
class Account:
    """`lost`: sentences, one for each thing that is not as it must be."""

    said: str = ""
    ends: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def want(self, true: bool, sentence: str) -> None:
        if not true:
            self.lost.append(sentence)


def accounted(
    fleet: Fleet,
    organization: str,
    jobs: Sequence[str],
    *,
    fault: str,
    receiver: Receiver | None = None,
    failed: Mapping[str, str] | None = None,
    within: float = 300,
) -> Account:
    """Waits for the end of `jobs`, all that were ever accepted from this organization (its slug), and fails where
    anything was lost. `failed`: job → code, of those that must fail. Prints what it found."""
    account = Account()
    with psycopg.connect(fleet.database, autocommit=True) as database:
        took = _ended(database, organization, jobs, within, fleet)
        _jobs(account, database, organization, jobs, failed or {})
        _money(account, database, organization)
        if receiver:
            _told(account, database, organization, jobs, receiver)
        _left_over(account, fleet, database)
    account.said = (
        f"{fault}: {len(jobs)} jobs accepted, {sum(account.ends.values())} ended ({dict(account.ends)}), "
        f"all within {took:.1f} s after the last one was accepted; lost: {len(account.lost)}"
    )
    print(account.said)
    assert not account.lost, "\n".join([account.said, *account.lost, fleet.logs()])
    return account


def _ended(database: Any, organization: str, jobs: Sequence[str], within: float, fleet: Fleet) -> float:
    began = time.monotonic()
    while open_jobs := _rows(
        database,
        "SELECT job.id, job.status, array_agg(image.status || ' ' || image.step || ' ' || image.losses)"
        " FROM processing_job job JOIN processing_jobimage image ON image.job_id = job.id"
        " JOIN accounts_organization owner ON owner.id = job.organization_id"
        " WHERE owner.slug = %s AND job.status = ANY(%s) GROUP BY 1, 2",
        organization,
        list(_OPEN),
    ):
        waited = time.monotonic() - began
        assert waited < within, f"after {waited:.0f} s {len(open_jobs)} are open: {open_jobs[:5]}\n{fleet.logs()}"
        time.sleep(0.1)
    return time.monotonic() - began


def _jobs(account: Account, database: Any, organization: str, jobs: Sequence[str], failed: Mapping[str, str]) -> None:
    account.want(len(set(jobs)) == len(jobs), f"{len(jobs) - len(set(jobs))} jobs answered two calls")
    rows = _rows(
        database,
        "SELECT job.id::text, job.status, job.error->>'code', count(image.id), count(image.output_id),"
        " count(DISTINCT image.output_id), bool_and(image.finished_at IS NOT NULL AND image.lease_expires_at IS NULL)"
        " FROM processing_job job LEFT JOIN processing_jobimage image ON image.job_id = job.id"
        " JOIN accounts_organization owner ON owner.id = job.organization_id WHERE owner.slug = %s GROUP BY job.id",
        organization,
    )
    found = {row[0]: row for row in rows}
    for job in jobs:
        account.want(job in found, f"job {job} was accepted and is gone")
    for job in found:
        account.want(job in jobs, f"job {job} was made although no call was answered with it")
    for job, status, code, images, outputs, different, ended in rows:
        account.ends[status] += 1
        wanted = ("failed", failed[job]) if job in failed else ("succeeded", None)
        account.want((status, code) == wanted, f"job {job} ended as {status} ({code}) instead of {wanted}")
        made = images if status == "succeeded" else 0
        account.want(outputs == different == made, f"job {job} ({status}) has {outputs} outputs of {images} photos")
        account.want(bool(ended), f"a photo of job {job} has no end, or is leased after it")


def _money(account: Account, database: Any, organization: str) -> None:
    ((balance, total),) = _rows(
        database,
        "SELECT owner.credit_balance, (SELECT sum(amount) FROM accounts_ledgerentry WHERE organization_id = owner.id)"
        " FROM accounts_organization owner WHERE owner.slug = %s",
        organization,
    )
    account.want(balance == total, f"the balance is {balance}, and the ledger adds up to {total}")
    rows = _rows(
        database,
        "SELECT job.id::text, job.status, job.credits_reserved, job.credits_charged,"
        " coalesce(sum(entry.amount), 0), coalesce(sum(entry.charged), 0), array_agg(entry.kind ORDER BY entry.id)"
        " FROM processing_job job JOIN accounts_organization owner ON owner.id = job.organization_id"
        " LEFT JOIN accounts_ledgerentry entry ON entry.job_id = job.id"
        " WHERE owner.slug = %s AND job.purpose = 'work' GROUP BY job.id",
        organization,
    )
    for job, status, reserved, charged, moved, captured, kinds in rows:
        right = reserved if status == "succeeded" else 0
        account.want(charged == captured == right, f"job {job} ({status}) was charged {charged}, ledger {captured}")
        account.want(moved == -right, f"job {job} moved {moved} credits: {kinds}")
        account.want(len(kinds) == len(set(kinds)), f"job {job} has entries twice: {kinds}")


def _told(
    account: Account, database: Any, organization: str, jobs: Sequence[str], receiver: Receiver, within: float = 300
) -> None:
    """One event a job, delivered; the same message may come twice, and says so by its id."""
    began = time.monotonic()
    query = (
        "SELECT event.job_id::text, event.id, delivery.status FROM accounts_webhookevent event"
        " JOIN accounts_webhookdelivery delivery ON delivery.event_id = event.id"
        " JOIN accounts_organization owner ON owner.id = event.organization_id"
        " WHERE owner.slug = %s AND event.type LIKE 'job.%%'"
    )
    rows = _rows(database, query, organization)
    while {row[2] for row in rows} - {"succeeded"} and time.monotonic() - began < within:
        time.sleep(0.1)
        rows = _rows(database, query, organization)
    events = Counter(row[0] for row in rows)
    heard: dict[str, set[str]] = {}
    for each in receiver.seen:
        data = json.loads(each.body)["data"]
        heard.setdefault(str(data.get("jobId") or data.get("id")), set()).add(each.message)
    for job in jobs:
        account.want(events[job] == 1, f"job {job} has {events[job]} events")
        account.want(len(heard.get(job, ())) == 1, f"job {job} was told of {len(heard.get(job, ()))} times")
    late = [row for row in rows if row[2] != "succeeded"]
    account.want(not late, f"{len(late)} webhooks were not delivered: {Counter(row[2] for row in late)}")


def _left_over(account: Account, fleet: Fleet, database: Any) -> None:
    ((calls,),) = _rows(database, "SELECT count(*) FROM accounts_idempotentcall WHERE status IS NULL")
    account.want(not calls, f"{calls} calls with an Idempotency-Key have no answer")
    ((unused,),) = _rows(
        database,
        "SELECT count(*) FROM processing_blob blob WHERE NOT EXISTS"
        " (SELECT 1 FROM processing_asset WHERE blob_id = blob.id) AND NOT EXISTS"
        " (SELECT 1 FROM processing_jobimage WHERE matte_id = blob.id)",
    )
    account.want(not unused, f"{unused} rows of files belong to nothing")
    files: dict[str, list[str]] = json.loads(fleet.beside(_FILES))
    for what, paths in files.items():
        account.want(not paths, f"{len(paths)} files {what}: {paths[:3]}")
    temporary = [path for path in fleet.folder.glob("*/uploads/*") if path.is_file()]
    account.want(not temporary, f"{len(temporary)} temporary files were left: {temporary[:3]}")


_FILES = """
import json
from django.core.files.storage import storages
from processing.actions.move_files import every_file
from processing.queries.stored_files import agreement, without_row
storage = storages["default"]
found = agreement(storage, read=True)
print(json.dumps({
    "are gone": found.missing,
    "are not what was stored": found.changed,
    "have no row": list(without_row(every_file(storage))),
}))
"""


def _rows(database: Any, query: str, *values: object) -> list[Any]:
    found: list[Any] = database.execute(query, values).fetchall()
    return found
