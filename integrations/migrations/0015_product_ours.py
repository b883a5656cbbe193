from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("integrations", "0014_large_tables")]

    operations = [
        # With a default of the database's own: no row is rewritten, and a server of the version before goes on adding.
        migrations.AddField(
            model_name="catalogproduct",
            name="ours",
            field=models.CharField(blank=True, db_default="", default="", max_length=5),
        ),
    ]
