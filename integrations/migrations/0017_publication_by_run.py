from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("integrations", "0016_product_ours_filled")]

    operations = [
        AddIndexBeside(
            model_name="publication",
            index=models.Index(fields=["run", "-id"], name="publication_by_run"),
        ),
    ]
