"""The tables as they were when a backup was made: by the migrations that it names, whatever came since."""

from __future__ import annotations

from django.apps import apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from dashboard.backup.manifest import Manifest


class TooNew(Exception):
    """The backup's product has migrations that this one does not know."""


class NotUpToDate(Exception):
    """Migrations of this product have not run on this database."""


def refuse_waiting_migrations() -> None:
    """Raises NotUpToDate."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotUpToDate("The database is not up to date: run manage.py prepare (or start Packshot once) first.")


def refuse_newer(said: Manifest) -> None:
    """Raises TooNew."""
    known = set(MigrationExecutor(connection).loader.disk_migrations)
    unknown = sorted(f"{app}.{name}" for app, name in said.migrations if (app, name) not in known)
    if unknown:
        raise TooNew(
            f"The backup was made by a newer Packshot ({said.product}), which has changes of the database that this "
            f"one does not know: {', '.join(unknown[:3])}. Install that version, or a newer one."
        )


def is_in_use() -> bool:
    """Whether people have signed up in this database."""
    user = apps.get_model("accounts", "User")
    there = user._meta.db_table in connection.introspection.table_names()
    return there and bool(user._base_manager.exists())


def make_as_it_was(said: Manifest) -> dict[str, type[models.Model]]:
    """Makes the tables in an empty database; the models that fit them, by their table's name."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    wanted = {(app, name) for app, name in said.migrations} & set(graph.nodes)
    last = [
        node
        for node in sorted(wanted)
        if not any(child.key in wanted and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]
    executor.migrate(last)
    state = MigrationExecutor(connection).loader.project_state(last)
    found = state.apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in found if model._meta.managed and not model._meta.proxy}


def drop_everything() -> None:
    """Removes our tables, and what triggers of theirs called."""
    ours = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
    ours.add(MigrationRecorder.Migration._meta.db_table)
    there = ours & set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name in sorted(there):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
        cursor.execute("DROP FUNCTION IF EXISTS accounts_audit_append_only()")
