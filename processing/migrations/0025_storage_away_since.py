from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("processing", "0024_stored_bytes")]

    operations = [
        migrations.AddField(
            model_name="jobimage",
            name="storage_away_since",
            field=models.DateTimeField(null=True),
        ),
        AddIndexBeside(
            model_name="jobimage",
            index=models.Index(
                condition=models.Q(("status", "failed")), fields=["-finished_at"], name="job_image_failed"
            ),
        ),
    ]
