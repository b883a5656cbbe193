from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside, AddTrigrams


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0021_organization_logo'),
    ]

    operations = [
        AddIndexBeside(
            model_name='auditentry',
            index=models.Index(fields=['organization', 'user', '-id'], name='audit_by_user'),
        ),
        AddIndexBeside(
            model_name='auditentry',
            index=models.Index(fields=['organization', 'credential', '-id'], name='audit_by_credential'),
        ),
        AddIndexBeside(
            model_name='auditentry',
            index=models.Index(fields=['organization', 'action', '-id'], name='audit_by_action'),
        ),
        AddIndexBeside(
            model_name='auditentry',
            index=models.Index(fields=['organization', 'created_at'], name='audit_by_time'),
        ),
        AddIndexBeside(
            model_name='ledgerentry',
            index=models.Index(fields=['organization', 'kind', '-id'], name='ledger_by_kind'),
        ),
        AddIndexBeside(
            model_name='webhookdelivery',
            index=models.Index(fields=['organization', 'status', '-id'], name='webhook_delivery_by_status'),
        ),
        AddIndexBeside(
            model_name='webhookdelivery',
            index=models.Index(fields=['endpoint', 'last_try_at', 'status'], name='webhook_delivery_health'),
        ),
        AddIndexBeside(
            model_name='webhookevent',
            index=models.Index(fields=['organization', 'type', '-id'], name='webhook_event_by_type'),
        ),
        AddTrigrams("webhook_delivery_by_url", "accounts_webhookdelivery", "url"),
    ]
