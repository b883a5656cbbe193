from django.conf import settings
from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside, AddTrigrams


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0022_large_tables'),
        ('integrations', '0013_shop_images'),
        ('processing', '0022_large_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexBeside(
            model_name='publication',
            index=models.Index(fields=['organization', 'product', '-id'], name='publication_of_product'),
        ),
        AddIndexBeside(
            model_name='publication',
            index=models.Index(fields=['organization', 'status', '-id'], name='publication_by_status'),
        ),
        AddTrigrams("publication_by_title", "integrations_publication", "title"),
        AddTrigrams("publication_by_sku", "integrations_publication", "sku"),
    ]
