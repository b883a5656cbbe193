"""Jobs, their photos and their images, over a year.

Every tenth job is a batch of three, the newest one a batch of hundreds. Two jobs in a row share a photo, so photos have
versions. Of a hundred jobs two failed and one was canceled; the newest wait. There are rows for files and no files.
"""

from __future__ import annotations

from dashboard.generated_load.insert import array, continue_numbers, fill, quoted, unburdened
from dashboard.generated_load.people import LABELS, People
from dashboard.generated_load.sizes import Sizes
from processing.models import Asset, Blob, Job, JobImage, VersionChoice

_STEPS = (
    '[{"name": "decode", "ms": 40.0}, {"name": "segment", "ms": 1200.0}, {"name": "refine", "ms": 200.0}, '
    '{"name": "compose", "ms": 60.0}, {"name": "encode", "ms": 100.0}]'
)
_FINDING = (
    '{"rule": "size", "key": "size", "title": "Size", "status": "pass", "severity": "required", "measured": '
    '"2000 px", "wanted": "1000 px", "detail": "It is large enough.", "source": "", "checkedOn": null, "fix": null, '
    '"region": null, "confidence": null, "values": {}}'
)
# As processing/actions/run_check.py writes it.
_REPORT = (
    '{"asOf": "2026-01-01", "sha256": "", "width": 2000, "height": 2000, "reports": {"amazon/main": {"title": "Amazon '
    'main image", "marketplace": "amazon", "slot": "main", "profileVersion": "1", "findings": ['
    f'{_FINDING}], "plan": {{"steps": [], "cannot": [], "notes": []}}, "unchecked": []}}}}}}'
)
_FAILED = '{"code": "no_subject", "detail": "No product was found."}'
_STATUS = (
    "CASE WHEN n > {jobs} - {waiting} THEN 'queued' WHEN n % 100 IN (17, 58) THEN 'failed' "
    "WHEN n % 100 = 73 THEN 'canceled' ELSE 'succeeded' END"
)
_PHOTO = "(n + 1) / 2"


def make_work(people: People, sizes: Sizes) -> None:
    with unburdened(Job, JobImage, Asset, Blob, VersionChoice):
        last_blob = Blob.unscoped.order_by("-pk").values_list("pk", flat=True).first() or 0
        _photos(people, sizes, last_blob)
        _jobs(people, sizes)
        _images(people, sizes, last_blob + sizes.jobs)
        _checks(people, sizes)
        _choices(people, sizes)
        continue_numbers(Blob)


def largest(sizes: Sizes) -> int:
    """The number of the job with the largest batch: the newest one that has ended."""
    return max(sizes.jobs - sizes.open_images, 1)


def job_id(sizes: Sizes) -> str:
    return f"pg_temp.seven(pg_temp.ms(n, {sizes.jobs}), 'job' || n)"


def status(sizes: Sizes) -> str:
    return _STATUS.format(jobs=sizes.jobs, waiting=sizes.open_images)


def images_of(sizes: Sizes) -> str:
    """How many photos the n-th job has."""
    batch = f"CASE WHEN n = {largest(sizes)} THEN {sizes.largest_batch} WHEN n % 10 = 0 THEN 3 ELSE 1 END"
    return f"({batch})"


def person(people: People, of: str = "n") -> str:
    return f"{array(people.users)}[1 + pg_temp.chance('person' || {of}, {len(people.users)})]::bigint"


def key(people: People, of: str = "n") -> str:
    """Of every second row a key, else NULL."""
    keys = array(people.keys)
    return f"CASE WHEN {of} % 2 = 0 THEN {keys}[1 + pg_temp.chance('key' || {of}, {len(people.keys)})]::uuid END"


def _photos(people: People, sizes: Sizes, last_blob: int) -> None:
    photos = sizes.jobs // 2 + 1
    organization, moment = f"'{people.owner.organization.pk}'::uuid", f"pg_temp.moment(n, {photos})"
    fill(
        Blob,
        {"id": f"{last_blob} + n", "organization_id": organization, "sha256": "md5('photo' || n) || md5('photo2' || n)",
         "bytes": "2000000 + n % 1000000", "created_at": moment},
        f"generate_series(1, {photos}) AS n",
    )  # fmt: skip
    fill(
        Asset,
        {"id": f"pg_temp.seven(pg_temp.ms(n, {photos}), 'photo' || n)", "organization_id": organization,
         "blob_id": f"{last_blob} + n",
         "kind": "'upload'", "name": "'IMG_' || n || '.jpg'", "format": "'jpg'", "width": "4000", "height": "3000",
         "created_by_id": person(people), "created_at": moment},
        f"generate_series(1, {photos}) AS n",
    )  # fmt: skip


def _jobs(people: People, sizes: Sizes) -> None:
    ended = f"CASE WHEN n <= {sizes.jobs} - {sizes.open_images} THEN made + interval '{{}} s' END"
    fill(
        Job,
        {
            "id": job_id(sizes),
            "organization_id": f"'{people.owner.organization.pk}'::uuid",
            "operation": "'process'",
            "parameters": """'{"width": 2000, "height": 2000, "background": "#ffffff", "format": "jpg"}'::jsonb""",
            "preset": "(ARRAY['amazon-main', 'shopify-square', '', 'own-1'])[1 + n % 4]",
            "preset_label": f"{array(LABELS)}[1 + pg_temp.chance('label' || n / 20, {len(LABELS)})]",
            "status": status(sizes),
            "image_count": images_of(sizes),
            "error": f"CASE WHEN {status(sizes)} = 'failed' THEN {quoted(_FAILED)}::jsonb END",
            "credits_reserved": images_of(sizes),
            "credits_charged": f"CASE WHEN {status(sizes)} = 'succeeded' THEN {images_of(sizes)} ELSE 0 END",
            "created_by_id": person(people),
            "api_key_id": key(people),
            "endpoint": "CASE WHEN n % 2 = 0 THEN 'POST /api/v1/process' ELSE '' END",
            "created_at": "made",
            "started_at": ended.format(1),
            "finished_at": ended.format(4),
        },
        f"(SELECT n, pg_temp.moment(n, {sizes.jobs}) AS made FROM generate_series(1, {sizes.jobs}) AS n) AS each",
    )


def _images(people: People, sizes: Sizes, last_blob: int) -> None:
    organization = f"'{people.owner.organization.pk}'::uuid"
    photos = sizes.jobs // 2 + 1
    each = (
        f"(SELECT n, i, 1 + ({_PHOTO} + i * 7919 - 1) % {photos} AS photo, "
        f"{last_blob} + n::bigint * 4 + i AS blob, {status(sizes)} AS status, "
        f"pg_temp.moment(n, {sizes.jobs}) + interval '4 s' AS ended, pg_temp.ms(n, {sizes.jobs}) + 4000 AS ended_ms "
        f"FROM generate_series(1, {sizes.jobs}) AS n, generate_series(0, {images_of(sizes)} - 1) AS i) AS each"
    )
    made = f"{each} WHERE status = 'succeeded'"
    output = "pg_temp.seven(ended_ms, 'output' || n || '.' || i)"
    fill(
        Blob,
        {"id": "blob", "organization_id": organization, "sha256": "md5('output' || blob) || md5('output2' || blob)",
         "bytes": "300000 + n % 300000", "created_at": "ended"},
        made,
    )  # fmt: skip
    fill(
        Asset,
        {"id": output, "organization_id": organization, "blob_id": "blob", "kind": "'output'",
         "name": "'IMG_' || n || '_' || i || '.jpg'", "format": "'jpg'", "width": "2000", "height": "2000",
         "created_by_id": person(people), "created_at": "ended"},
        made,
    )  # fmt: skip
    done = "status = 'succeeded'"
    fill(
        JobImage,
        {
            "id": "pg_temp.seven(ended_ms - 4000, 'image' || n || '.' || i)",
            "organization_id": organization,
            "job_id": job_id(sizes),
            "index": "i",
            "name": "'IMG_' || n || '_' || i || '.jpg'",
            "source_id": f"pg_temp.seven(pg_temp.ms(photo, {photos}), 'photo' || photo)",
            "output_id": f"CASE WHEN {done} THEN {output} END",
            "status": "status",
            "attempt": "CASE WHEN status = 'queued' THEN 0 ELSE 1 END",
            "queued_at": "ended - interval '4 s'",
            # Not to be taken by a worker: there is no file behind it.
            "parked": "status = 'queued'",
            "steps": f"CASE WHEN {done} THEN '{_STEPS}'::jsonb ELSE '[]'::jsonb END",
            "frame": f"CASE WHEN {done} THEN '[100, 100, 1800, 1800]'::jsonb END",
            "subject_box": f"CASE WHEN {done} THEN '[100, 100, 1800, 1800]'::jsonb END",
            "coverage": f"CASE WHEN {done} THEN 0.6 END",
            "confidence": f"CASE WHEN {done} THEN CASE WHEN n % 20 = 3 THEN 0.5 + (n % 97) / 400.0 ELSE 0.95 END END",
            "engine": f"CASE WHEN {done} THEN 'isnet-general-use' ELSE '' END",
            "runtime": f"CASE WHEN {done} THEN 'openvino-cpu-bf16' ELSE '' END",
            "error": f"CASE WHEN status = 'failed' THEN {quoted(_FAILED)}::jsonb END",
            "verdict": f"CASE WHEN {done} THEN (ARRAY['pass', 'pass', 'warn', 'fail', ''])[1 + n % 5] ELSE '' END",
            "judged_by": f"CASE WHEN {done} AND n % 5 < 4 THEN 'amazon/main' ELSE '' END",
            # Of the newest alone: a report has kilobytes.
            "report": f"CASE WHEN {done} AND n % 5 < 4 AND n > {sizes.jobs - 20_000} THEN '{_REPORT}'::jsonb END",
            "review": "CASE WHEN n % 7 = 0 THEN 'accepted' WHEN n % 101 = 0 THEN 'rejected' ELSE 'pending' END",
            "label": f"{array(LABELS)}[1 + pg_temp.chance('label' || n / 20, {len(LABELS)})]",
            "in_library": done,
            "origin": "md5('photo' || photo) || md5('photo2' || photo)",
            "superseded": f"{done} AND n % 50 = 1",
            "started_at": "CASE WHEN status <> 'queued' THEN ended - interval '3 s' END",
            "finished_at": "CASE WHEN status <> 'queued' THEN ended END",
        },
        each,
    )


def _checks(people: People, sizes: Sizes) -> None:
    organization = f"'{people.owner.organization.pk}'::uuid"
    photos = sizes.jobs // 2 + 1
    moment = f"pg_temp.moment(n, {sizes.checks})"
    check = f"pg_temp.seven(pg_temp.ms(n, {sizes.checks}), 'check' || n)"
    fill(
        Job,
        {"id": check, "organization_id": organization, "purpose": "'check'", "operation": "'compliance'",
         "parameters": """'{"profiles": ["amazon/main"], "asOf": "2026-01-01"}'::jsonb""", "status": "'succeeded'",
         "created_by_id": person(people), "api_key_id": key(people), "created_at": moment, "started_at": moment,
         "finished_at": f"{moment} + interval '1 s'"},
        f"generate_series(1, {sizes.checks}) AS n",
    )  # fmt: skip
    fill(
        JobImage,
        {"id": f"pg_temp.seven(pg_temp.ms(n, {sizes.checks}), 'checked' || n)", "organization_id": organization,
         "job_id": check, "index": "0", "name": "'IMG_' || n || '.jpg'",
         "source_id": f"pg_temp.seven(pg_temp.ms({_PHOTO}, {photos}), 'photo' || {_PHOTO})", "status": "'succeeded'",
         "attempt": "1", "queued_at": moment, "report": f"'{_REPORT}'::jsonb", "started_at": moment,
         "finished_at": f"{moment} + interval '1 s'"},
        f"generate_series(1, {sizes.checks}) AS n",
    )  # fmt: skip


def _choices(people: People, sizes: Sizes) -> None:
    """Of every fiftieth photo a version was chosen."""
    moment = f"pg_temp.moment(n, {sizes.jobs})"
    fill(
        VersionChoice,
        {"id": f"pg_temp.seven(pg_temp.ms(n, {sizes.jobs}), 'choice' || n)",
         "organization_id": f"'{people.owner.organization.pk}'::uuid",
         "origin": f"md5('photo' || {_PHOTO}) || md5('photo2' || {_PHOTO})", "every_version": "false",
         "created_by_id": person(people), "created_at": moment},
        f"(SELECT n FROM generate_series(1, {sizes.jobs}, 50) AS n) AS each",
    )  # fmt: skip
