from django.db import migrations
from django.db.models import Min


def choose_first(apps, schema_editor):
    """Members that are in a team already spend from the one that they were put into first."""
    places = apps.get_model("accounts", "TeamPlace")._base_manager
    first = places.values("membership").annotate(first=Min("pk")).values_list("first", flat=True)
    places.filter(pk__in=list(first)).update(spends=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_budgets")]

    operations = [migrations.RunPython(choose_first, migrations.RunPython.noop)]
