"""Credits, days of usage, and the audit log: what each of the jobs has left there."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Sum

from accounts.actions import usage
from accounts.models import AuditEntry, LedgerEntry, Organization, UsageDay
from accounts.models.usage_day import BUCKETS, DASHBOARD, NO_KEY
from dashboard.generated_load.insert import array, continue_numbers, fill, unburdened
from dashboard.generated_load.people import LABELS, People
from dashboard.generated_load.sizes import Sizes
from dashboard.generated_load.work import images_of, job_id, key, person, status

_GRANT_PER_JOB = 10
_ENDPOINTS = ["POST /api/v1/process", "POST /api/v1/jobs", "GET /api/v1/jobs/{job_id}", "GET /api/v1/user/credits"]
_ACTIONS = [
    "job.canceled", "api_key.created", "image.deleted", "preset.created", "connection.changed", "member.role_changed",
    "publication.created", "webhook.changed", "team.member_added", "approval.approved",
]  # fmt: skip
_LABELS = 6


def make_money(people: People, sizes: Sizes) -> None:
    with unburdened(LedgerEntry, UsageDay, AuditEntry):
        _ledger(people, sizes)
        _usage(people, sizes)
        _audit(people, sizes)
        continue_numbers(LedgerEntry, AuditEntry)
    while usage.roll_up(datetime.now(UTC).date()):  # as the sweeper does each day
        pass
    mine = LedgerEntry.unscoped.filter(organization=people.owner.organization)
    balance = mine.aggregate(sum=Sum("amount"))["sum"] or 0
    Organization.objects.filter(pk=people.owner.organization.pk).update(credit_balance=balance)


def _ledger(people: People, sizes: Sizes) -> None:
    """A grant first, then two entries for each job: reserved, and captured or given back."""
    grant = _GRANT_PER_JOB * sizes.jobs
    organization = f"'{people.owner.organization.pk}'::uuid"
    first = LedgerEntry.unscoped.order_by("-pk").values_list("pk", flat=True).first() or 0
    fill(
        LedgerEntry,
        {"id": f"{first} + 1", "organization_id": organization, "kind": "'grant'", "amount": f"{grant}",
         "balance_after": f"{grant}", "note": "'For a year'", "created_at": "pg_temp.moment(0, 1)"},
        "(SELECT 1) AS one",
    )  # fmt: skip
    cost = images_of(sizes)
    state = status(sizes)
    given_back = f"{state} IN ('failed', 'canceled')"
    amount = f"CASE WHEN part = 0 THEN -{cost} WHEN {given_back} THEN {cost} ELSE 0 END"
    fill(
        LedgerEntry,
        {
            "id": f"{first} + n::bigint * 2 + part",
            "organization_id": organization,
            "kind": f"CASE WHEN part = 0 THEN 'reserve' WHEN {given_back} THEN 'release' ELSE 'capture' END",
            "amount": "amount",
            "charged": f"CASE WHEN part = 0 OR {given_back} THEN 0 ELSE {cost} END",
            "balance_after": f"{grant} + sum(amount) OVER (ORDER BY n, part)",
            "job_id": job_id(sizes),
            "api_key_id": key(people),
            "created_at": f"pg_temp.moment(n, {sizes.jobs}) + part * interval '4 s'",
        },
        f"(SELECT n, part, {amount} AS amount FROM generate_series(1, {sizes.jobs}) AS n, generate_series(0, 1) AS part"
        f" WHERE part = 0 OR n <= {sizes.jobs} - {sizes.open_images}) AS each",
    )


def _usage(people: People, sizes: Sizes) -> None:
    """Calls fall into three buckets of the histogram, so that percentiles are there."""
    organization = f"'{people.owner.organization.pk}'::uuid"
    today = "(now() AT TIME ZONE 'UTC')::date"
    calls = {"calls": "100", "errors_4xx": "2", "credits": "CASE WHEN e < 3 THEN 97 ELSE 0 END", "total_ms": "90000"}
    middle = {BUCKETS[9]: "30", BUCKETS[12]: "60", BUCKETS[15]: "10"}
    busy = people.keys[:20]
    fill(
        UsageDay,
        {"organization_id": organization, "day": f"{today} - d", "key": f"{array(busy)}[k]::uuid",
         "endpoint": f"{array(_ENDPOINTS)}[e]", "label": f"CASE WHEN l = 0 THEN '' ELSE {array(LABELS)}[l] END",
         **calls, **middle},
        f"generate_series(0, {sizes.days - 1}) AS d, generate_series(1, {len(busy)}) AS k, "
        f"generate_series(1, {len(_ENDPOINTS)}) AS e, generate_series(0, {_LABELS - 1}) AS l",
    )  # fmt: skip
    fill(
        UsageDay,
        {"organization_id": organization, "day": f"{today} - d", "key": f"'{NO_KEY}'::uuid",
         "endpoint": f"'{DASHBOARD}'", "label": "''", "credits": "1400"},
        f"generate_series(0, {sizes.days - 1}) AS d",
    )  # fmt: skip


def _audit(people: People, sizes: Sizes) -> None:
    by_key = key(people)
    fill(
        AuditEntry,
        {"organization_id": f"'{people.owner.organization.pk}'::uuid",
         "action": f"{array(_ACTIONS)}[1 + pg_temp.chance('action' || n, {len(_ACTIONS)})]", "target_kind": "'job'",
         "target_id": "n::text", "details": """'{"name": "Something"}'::jsonb""", "user_id": person(people),
         "credential": f"CASE WHEN {by_key} IS NULL THEN 'session' ELSE 'ps_load_' || lpad((n % 50)::text, 4, '0') END",
         "ip": "'192.0.2.7'::inet", "request_id": "md5('request' || n)",
         "created_at": f"pg_temp.moment(n, {sizes.audit_entries})"},
        f"generate_series(1, {sizes.audit_entries}) AS n",
    )  # fmt: skip
