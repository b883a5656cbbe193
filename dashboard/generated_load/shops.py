"""Products with their images and variants, and what was published to them."""

from __future__ import annotations

import uuid

from dashboard.generated_load.insert import array, fill, quoted, unburdened
from dashboard.generated_load.people import People
from dashboard.generated_load.sizes import Sizes
from dashboard.generated_load.work import key, person
from integrations.models import (
    CatalogImage,
    CatalogProduct,
    CatalogSync,
    CatalogVariant,
    Publication,
    PublicationAttempt,
    PublishRun,
)

_TITLE = (
    "(ARRAY['Mug','Bowl','Plate','Vase','Jug','Platter','Teapot','Cup'])[1 + n % 8] || ' ' || "
    "(ARRAY['blue','red','green','white','black','ochre','grey','sand','coral'])[1 + n / 8 % 9] || ' ' || "
    "(ARRAY['stoneware','porcelain','earthenware','glass','enamel'])[1 + n / 72 % 5] || ' no. ' || n || "
    "CASE WHEN n % 100000 = 7 THEN ' zephyr' ELSE '' END"
)
_IMAGES = "CASE n % 97 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 2 + n % 3 END"
# Of the publication with that number, which is of the product with five times it.
_STATE = "CASE WHEN {0} % 50 = 9 THEN 'rejected' WHEN {0} % 70 = 9 THEN 'failed' ELSE 'confirmed' END"
_VERDICT = "(ARRAY['pass', 'pass', 'warn', 'fail'])[1 + {0} % 4]"
_EXCHANGE = '[{"request": "PUT /products/1", "status": 200, "answer": "{}", "milliseconds": 300}]'


def make_shops(people: People, sizes: Sizes) -> None:
    with unburdened(CatalogProduct, CatalogImage, CatalogVariant, CatalogSync):
        _catalog(people, sizes)
    with unburdened(Publication, PublicationAttempt, PublishRun):
        _publications(people, sizes)


def _connection(people: People) -> str:
    """Six of ten products are in the first shop."""
    many = len(people.connections)
    return f"{array(people.connections)}[CASE WHEN n % 10 < 6 THEN 1 ELSE 1 + n % {many} END]::uuid"


def _product(sizes: Sizes, of: str = "n") -> str:
    return f"pg_temp.seven(pg_temp.ms({of}, {sizes.products}), 'product' || {of})"


def _catalog(people: People, sizes: Sizes) -> None:
    organization, sync = f"'{people.owner.organization.pk}'::uuid", uuid.uuid4()
    barcode = "lpad(n::text, 13, '4')"
    fill(
        CatalogProduct,
        {"id": _product(sizes), "organization_id": organization, "connection_id": _connection(people),
         "remote_id": "n::text", "title": "title", "sku": "sku", "sku_key": "'sku' || lpad(n::text, 7, '0')",
         "barcode": barcode, "handle": "'thing-' || n", "status": "CASE n % 20 WHEN 0 THEN 'draft' ELSE 'publish' END",
         "url": "'https://shop.load.example/' || n",
         "words": f"lower(title || ' ' || sku || ' ' || {barcode} || ' thing-' || n)",
         "image_count": _IMAGES, "variant_count": "CASE WHEN n % 4 = 0 THEN 2 ELSE 0 END", "seen_in": f"'{sync}'::uuid",
         "ours": f"CASE WHEN n % 5 = 0 AND n / 5 <= {sizes.publications} AND ({_STATE.format('(n / 5)')}) = "
                 f"'confirmed' THEN {_VERDICT.format('(n / 5)')} ELSE '' END",
         "asked_at": "now()"},
        f"(SELECT n, 'SKU-' || lpad(n::text, 7, '0') AS sku, {_TITLE} AS title "
        f"FROM generate_series(1, {sizes.products}) AS n) AS each",
    )  # fmt: skip
    fill(
        CatalogImage,
        {"organization_id": organization, "product_id": _product(sizes), "remote_id": "n || '-' || i", "position": "i",
         "url": "'https://shop.load.example/images/' || n || '-' || i || '.jpg'", "alt": "'View ' || i",
         "name": "n || '-' || i || '.jpg'"},
        f"generate_series(1, {sizes.products}) AS n, generate_series(0, {_IMAGES} - 1) AS i",
    )  # fmt: skip
    fill(
        CatalogVariant,
        {"organization_id": organization, "product_id": _product(sizes), "remote_id": "n || 'v' || v",
         "title": "'Size ' || v", "sku": "'SKU-' || lpad(n::text, 7, '0') || '-' || v",
         "sku_key": "'sku' || lpad(n::text, 7, '0') || v", "position": "v"},
        f"(SELECT n FROM generate_series(4, {sizes.products}, 4) AS n) AS each, generate_series(1, 2) AS v",
    )  # fmt: skip
    for connection in people.connections:
        fill(
            CatalogSync,
            {"id": "pg_temp.seven(pg_temp.ms(d, 365), 'sync' || d || '" + str(connection) + "')",
             "organization_id": organization, "connection_id": f"'{connection}'::uuid", "status": "'succeeded'",
             "read": "1000", "total": "1000", "created_at": "pg_temp.moment(d, 365)",
             "finished_at": "pg_temp.moment(d, 365)"},
            "generate_series(1, 365) AS d",
        )  # fmt: skip


def _publications(people: People, sizes: Sizes) -> None:
    organization, many = f"'{people.owner.organization.pk}'::uuid", sizes.publications
    moment, first = f"pg_temp.moment(n, {many})", f"'{people.connections[0]}'::uuid"
    run = f"pg_temp.seven(pg_temp.ms(r, {sizes.runs}), 'run' || r)"
    of_run = run.replace("r,", f"(1 + (n - 1) * {sizes.runs} / {many}),").replace(
        "|| r)", f"|| (1 + (n - 1) * {sizes.runs} / {many}))"
    )
    fill(
        PublishRun,
        {"id": run, "organization_id": organization, "connection_id": first, "name": "'Run ' || r",
         "status": "'finished'", "size": "500", "created_by_id": person(people, "r"),
         "created_at": f"pg_temp.moment(r, {sizes.runs})", "finished_at": f"pg_temp.moment(r, {sizes.runs})"},
        f"generate_series(1, {sizes.runs}) AS r",
    )  # fmt: skip
    publication = f"pg_temp.seven(pg_temp.ms(n, {many}), 'publication' || n)"
    state = _STATE.format("n")
    # Every fifth product, all of them of the first shop: their numbers end in 0 or 5.
    number = "(n * 5)"
    fill(
        Publication,
        {"id": publication, "organization_id": organization, "connection_id": first, "run_id": of_run,
         "product": f"{number}::text", "slot": "'main'", "title": f"'Mug blue stoneware no. ' || {number}",
         "sku": f"'SKU-' || lpad({number}::text, 7, '0')", "filename": "'IMG_' || n || '_0.jpg'",
         "sha256": "md5('sent' || n) || md5('sent2' || n)", "status": state,
         "verdict": _VERDICT.format("n"), "created_by_id": person(people),
         "api_key_id": key(people), "created_at": moment, "finished_at": moment, "submitted_at": moment},
        f"generate_series(1, {many}) AS n",
    )  # fmt: skip
    fill(
        PublicationAttempt,
        {"id": f"pg_temp.seven(pg_temp.ms(n, {many}), 'attempt' || n)", "organization_id": organization,
         "publication_id": publication, "task": "'publish'", "number": "1", "outcome": state,
         "exchanges": f"{quoted(_EXCHANGE)}::jsonb", "milliseconds": "300", "actor_id": person(people),
         "created_at": moment},
        f"generate_series(1, {many}) AS n",
    )  # fmt: skip
