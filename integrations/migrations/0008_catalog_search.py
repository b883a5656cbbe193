from django.db import DatabaseError, migrations, transaction

from integrations.matching.keys import loose

INDEX = "catalog_by_words"
_AT_ONCE = 1000


def fill(apps, schema_editor):
    """Keys of what was synced before; later syncs write their own."""
    for name in ("CatalogProduct", "CatalogVariant"):
        rows = []
        model = apps.get_model("integrations", name)
        for row in model.unscoped.exclude(sku="").only("pk", "sku").iterator(_AT_ONCE):
            row.sku_key = loose(row.sku)[:200]
            rows.append(row)
            if len(rows) == _AT_ONCE:
                model.unscoped.bulk_update(rows, ["sku_key"])
                rows = []
        model.unscoped.bulk_update(rows, ["sku_key"])


def index(apps, schema_editor):
    """Trigrams let PostgreSQL find a word within the words of a million products. Without the right to make the
    extension the search works the same, and slower: an operator may make both by hand."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        try:
            with transaction.atomic(using=schema_editor.connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(
                    f"CREATE INDEX IF NOT EXISTS {INDEX} ON integrations_catalogproduct USING gin (words gin_trgm_ops)"
                )
        except DatabaseError as error:
            print(f"The catalog's search has no trigram index: {error}")


def no_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("integrations", "0007_catalog_keys")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(index, no_index),
    ]
