from django.conf import settings
from django.db import migrations, models

from accounts.kit.large_tables import AddIndexBeside, AddTrigrams


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('accounts', '0022_large_tables'),
        ('processing', '0021_worker_draining'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexBeside(
            model_name='job',
            index=models.Index(condition=models.Q(('preset_label', ''), _negated=True), fields=['organization', 'preset_label', '-id'], name='job_by_label'),
        ),
        AddIndexBeside(
            model_name='job',
            index=models.Index(condition=models.Q(('purpose', 'preview')), fields=['created_at'], name='job_previews'),
        ),
        AddIndexBeside(
            model_name='job',
            index=models.Index(condition=models.Q(('operation', 'face_swap')), fields=['finished_at'], name='job_face_swaps'),
        ),
        AddIndexBeside(
            model_name='jobimage',
            index=models.Index(condition=models.Q(('in_library', True)), fields=['organization', 'finished_at'], name='job_image_finished'),
        ),
        AddIndexBeside(
            model_name='jobimage',
            index=models.Index(condition=models.Q(('in_library', True), models.Q(('label', ''), _negated=True)), fields=['organization', 'label', '-id'], name='job_image_label'),
        ),
        AddIndexBeside(
            model_name='jobimage',
            index=models.Index(condition=models.Q(('in_library', True)), fields=['organization', 'review', '-id'], name='job_image_reviewed'),
        ),
        AddTrigrams("job_image_by_name", "processing_jobimage", "name"),
        AddTrigrams("job_by_label_words", "processing_job", "preset_label"),
    ]
