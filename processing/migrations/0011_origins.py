"""Images that are there already: with which photo each began, and of which image it was made."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    assets = apps.get_model("processing", "Asset").unscoped
    images = apps.get_model("processing", "JobImage").unscoped
    work = images.filter(job__purpose="work")
    photo = assets.filter(pk=OuterRef("source_id")).values("blob__sha256")[:1]
    work.filter(source__isnull=False).update(origin=Subquery(photo))
    # In the order in which they were made, so that what an image was made of has its origin by then.
    of_outputs = work.filter(source__kind="output").order_by("pk")
    for pk, source in list(of_outputs.values_list("pk", "source_id")):
        parent = images.filter(output_id=source).first()
        if parent and parent.origin:
            images.filter(pk=pk).update(origin=parent.origin, parent=parent)
    for pk in list(work.filter(source__isnull=True, output__isnull=False).values_list("pk", flat=True)):
        images.filter(pk=pk).update(origin=pk.hex)


class Migration(migrations.Migration):
    dependencies = [("processing", "0010_versions_and_verdicts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
