from collections import defaultdict

from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside

_AT_ONCE = 1000


def fill(apps, schema_editor):
    """What was published before, by the thousand: each statement locks its own products, and only shortly. What is
    published meanwhile by a server of the version before is filled in by the shop's next sync."""
    model = apps.get_model("integrations", "Publication").unscoped
    products = apps.get_model("integrations", "CatalogProduct").unscoped
    confirmed = model.filter(status="confirmed", variant="", slot="main", dry_run=False, sandbox=False)
    last = None
    while some := list(
        (confirmed.filter(pk__gt=last) if last else confirmed)
        .order_by("pk")
        .values_list("pk", "connection_id", "product", "verdict")[:_AT_ONCE]
    ):
        last = some[-1][0]
        # Later ones of the same product come later, also in later portions.
        states = {(connection, product): verdict or "other" for _, connection, product, verdict in some}
        changed = defaultdict(list)
        for (connection, product), state in states.items():
            changed[connection, state].append(product)
        for (connection, state), remote_ids in changed.items():
            there = products.filter(connection_id=connection, remote_id__in=remote_ids)
            there.exclude(ours=state).update(ours=state)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("integrations", "0015_product_ours")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexBeside(
            model_name="catalogproduct",
            index=models.Index(
                fields=["organization", "ours", "-id"],
                condition=models.Q(("ours", ""), _negated=True),
                name="catalog_by_ours",
            ),
        ),
    ]
