import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0024_plan_storage'),
        ('processing', '0025_storage_away_since'),
    ]

    operations = [
        migrations.AddField(
            model_name='asset',
            name='renewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='jobimage',
            name='deleted_after',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name='ImageRetention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField()),
                ('next_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization',), name='one_image_retention_per_organization')],
            },
            managers=[
                ('unscoped', django.db.models.manager.Manager()),
            ],
        ),
    ]
