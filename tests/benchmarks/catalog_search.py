"""The catalog's search over a million products on PostgreSQL. python -m tests.benchmarks.catalog_search [products]

On the server of DATABASE_URL, in a test database of its own. Each search is what the page asks: its rows and the count
that ends at 10,000. Printed: milliseconds (median of seven, the first not counted) and the ratio to the same search
over a tenth of the products, which must stay far from ten. A loaded machine stretches the milliseconds, not the ratios.
"""

from __future__ import annotations

import tests.support.environment  # isort: skip  # noqa: F401  (before Django's settings)

import os
import sys
import time
import uuid
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from accounts.access.actor import Actor  # noqa: E402
from accounts.kit.paging import count, page  # noqa: E402
from accounts.kit.sorted_paging import Order, cursor_of, sorted_page  # noqa: E402
from integrations.models import CatalogProduct, Connection  # noqa: E402
from integrations.queries.catalog import ORDERS, order_of, products, with_main_images  # noqa: E402
from integrations.queries.match import match_products, wishes_of  # noqa: E402
from tests.support.cast import make_cast  # noqa: E402
from tests.support.catalog import stocked  # noqa: E402

PRODUCTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
TURNS = 7
_MIDDLES: dict[Order, str] = {}
SEARCHES = {
    "everything": {},
    "a SKU": {"search": "sku-{last}"},
    "part of a SKU": {"search": "ku-00{middle}"},
    "a rare word": {"search": "zephyr"},
    "two words": {"search": "mug blue"},
    "a common word": {"search": "mug"},
    "two letters": {"search": "ug"},
    "nothing": {"search": "there is no such thing"},
    "no image": {"state": "none"},
    "few images": {"state": "few"},
    "published here": {"state": "ours"},
    "breaks a rule": {"state": "breaks"},
    "passes": {"state": "passes"},
    "unchecked": {"state": "unchecked"},
    **{f"by {name}": {"sort": name} for name in ORDERS},
    **{f"by {name}, end": {"sort": f"-{name}"} for name in ORDERS},
    "by title, word": {"sort": "title", "search": "zephyr"},
    "by title, last": {"sort": "title", "search": "vase grey enamel"},
    "by title, many": {"sort": "title", "search": "vase"},
    "by title, deep": {"sort": "title", "deep": "1"},
    "by images, deep": {"sort": "images", "deep": "1"},
}
# Titles of six words out of lists, the way shops write them; image counts as they are: few have none.
_FILL = """
INSERT INTO integrations_catalogproduct (id, organization_id, connection_id, remote_id, title, sku, sku_key, barcode,
    handle, status, url, words, image_count, variant_count, seen_in, asked_at, verdict)
SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' ||
        substr(md5(n::text), 4, 15))::uuid, %s, %s, n::text, title, sku, 'sku' || lpad(n::text, 7, '0'),
    lpad(n::text, 13, '4'), 'thing-' || n, CASE n %% 20 WHEN 0 THEN 'draft' ELSE 'publish' END, '',
    lower(title || ' ' || sku || ' ' || lpad(n::text, 13, '4') || ' thing-' || n),
    CASE n %% 97 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 3 + n %% 5 END, 0, %s, now() - n * interval '1 second',
    CASE WHEN n %% 97 = 0 THEN '' WHEN n %% 50 < 30 THEN 'pass' WHEN n %% 50 < 40 THEN 'warn'
        WHEN n %% 50 < 41 THEN 'fail' ELSE '' END
FROM (SELECT n, 'SKU-' || lpad(n::text, 7, '0') AS sku,
    (ARRAY['Mug','Bowl','Plate','Vase','Jug','Platter','Teapot','Cup'])[1 + n %% 8] || ' ' ||
    (ARRAY['blue','red','green','white','black','ochre','grey','sand','coral'])[1 + n / 8 %% 9] || ' ' ||
    (ARRAY['stoneware','porcelain','earthenware','glass','enamel'])[1 + n / 72 %% 5] || ' no. ' || n ||
    CASE WHEN n %% 100000 = 7 THEN ' zephyr' ELSE '' END AS title
    FROM generate_series(%s::int, %s::int) AS n) AS made
"""


def main() -> None:
    if connection.vendor != "postgresql":
        sys.exit("Set DATABASE_URL to a PostgreSQL server.")
    connection.creation.create_test_db(verbosity=0)
    try:
        bob = make_cast().bob
        row = stocked(bob)
        print(f"{'':>16} {PRODUCTS // 10:>12,} {PRODUCTS:>12,}  ratio")
        small = _measured(bob, row, 1, PRODUCTS // 10)
        large = _measured(bob, row, PRODUCTS // 10 + 1, PRODUCTS)
        for name in large:
            print(f"{name:>16} {small[name]:>9.1f} ms {large[name]:>9.1f} ms  {large[name] / small[name]:.1f}")
        print(f"slowest: {max(large.values()):.0f} ms")
    finally:
        connection.creation.destroy_test_db(settings.DATABASES["default"]["NAME"], verbosity=0)


def _measured(actor: Actor, row: Connection, first: int, last: int) -> dict[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [actor.organization.pk, row.pk, uuid.uuid4(), first, last])
        cursor.execute("VACUUM ANALYZE integrations_catalogproduct")
    found = {}
    for name, asked in SEARCHES.items():
        wanted = {key: text.format(last=f"{last:07}", middle=f"{last // 2:05}"[:4]) for key, text in asked.items()}
        found[name] = _median(lambda wanted=wanted: _page(actor, wanted))
    names = [(f"SKU-{number:07}_2.jpg", None) for number in range(last // 2, last // 2 + 900)]
    found["900 names"] = _median(lambda: match_products(actor, connection=row, wishes=wishes_of(names)))
    return found


def _page(actor: Actor, wanted: dict[str, str]) -> list[CatalogProduct]:
    wanted = dict(wanted)
    sort, deep = wanted.pop("sort", ""), wanted.pop("deep", "")
    found = products(actor, **wanted)
    counted = count(found)
    order = order_of(sort, matches=counted if "search" in wanted else None)
    if order is None:
        return page(with_main_images(found), size=50).rows
    # Far into the list: the cursor of a row in its middle.
    cursor = _middle(found, order) if deep else ""
    return sorted_page(with_main_images(found), order, size=50, older_than=cursor).rows


def _middle(found: QuerySet[CatalogProduct], order: Order) -> str:
    """Looked for once: it is not what is measured."""
    if order not in _MIDDLES:
        pk = found.order_by("pk").values_list("pk", flat=True)[PRODUCTS // 20]
        _MIDDLES[order] = cursor_of(found, order, pk)
    return _MIDDLES[order]


def _median(work: object) -> float:
    times = []
    for _ in range(TURNS + 1):
        began = time.perf_counter()
        work()  # type: ignore[operator]
        times.append((time.perf_counter() - began) * 1000)
    return median(times[1:])


if __name__ == "__main__":
    main()
