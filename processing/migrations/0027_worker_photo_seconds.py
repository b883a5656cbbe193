from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("processing", "0026_image_retention")]

    operations = [
        migrations.AddField(
            model_name="worker",
            name="photo_seconds",
            field=models.FloatField(db_default=0, default=0),
        ),
    ]
