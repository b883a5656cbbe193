"""Indexes on tables that may be large: on PostgreSQL they are made beside the running server, which goes on writing."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState


class AddIndexBeside(migrations.AddIndex):
    """AddIndex that keeps nobody waiting. Its migration says `atomic = False`.

    One that was interrupted leaves an invalid index behind: it is made anew at the next try.
    """

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.add_index(model, self.index)
            return
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor != "postgresql":
            schema_editor.remove_index(model, self.index)
            return
        schema_editor.remove_index(model, self.index, concurrently=True)  # type: ignore[call-arg]


class AddTrigrams(migrations.RunSQL):
    """Lets PostgreSQL find what is anywhere within a text (`icontains`). Its migration says `atomic = False`.

    Without the right to make the extension the search works the same, and slower: an operator may make both by hand.
    """

    def __init__(self, name: str, table: str, column: str) -> None:
        self.index_name, self.table, self.column = name, table, column
        super().__init__(migrations.RunSQL.noop, migrations.RunSQL.noop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.index_name, self.table, self.column], {}

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        connection = schema_editor.connection
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            try:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            except DatabaseError as error:
                print(f"{self.table}.{self.column} is searched without an index: {error}")  # noqa: T201
                return
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index_name}")
            # As `icontains` asks.
            cursor.execute(
                f"CREATE INDEX CONCURRENTLY {self.index_name} ON {self.table} "
                f"USING gin (upper({self.column}) gin_trgm_ops)"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {self.index_name}")
