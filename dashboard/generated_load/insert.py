"""INSERT … SELECT from generate_series, in the columns of a model: the server makes the rows, nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

# Time-ordered ids as accounts.kit.ids makes them, but of a number: what belongs together finds itself without a join.
_FUNCTIONS = """
CREATE FUNCTION pg_temp.ms(n bigint, total bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS
    $$ SELECT {end} - {span} + ($1::numeric * {span} / greatest($2, 1))::bigint $$;
CREATE FUNCTION pg_temp.moment(n bigint, total bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT to_timestamp(pg_temp.ms($1, $2) / 1000.0) $$;
CREATE FUNCTION pg_temp.seven(ms bigint, salt text) RETURNS uuid LANGUAGE sql IMMUTABLE AS
    $$ SELECT (lpad(to_hex($1), 12, '0') || '7' || substr(md5($2), 1, 3) || '8' || substr(md5($2), 4, 15))::uuid $$;
CREATE FUNCTION pg_temp.chance(salt text, of int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('x' || substr(md5($1), 1, 7))::bit(28)::int % $2 $$;
"""


def make_functions(*, end: datetime, days: int) -> None:
    """`ms(n, total)` and `moment`: when the n-th of so many happened, evenly over the days. `seven(ms, salt)`: an id.
    `chance(salt, of)`: 0 to of − 1, always the same."""
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS.format(end=int(end.timestamp() * 1000), span=days * 86_400_000))


def array(values: list[Any]) -> str:
    """The values as an SQL array (as text: cast what is chosen of it)."""
    texts = ",".join(quoted(str(value)) for value in values)
    return f"(ARRAY[{texts}])"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def fill(model: type[models.Model], columns: Mapping[str, str], rows: str) -> int:
    """Rows of `model`: `columns` are SQL expressions by column over what `rows` (a FROM clause) offers.

    A column that is not named gets the field's own default, so that a new field of a model breaks nothing here.
    Raises ValueError for a column that has none.
    """
    names, expressions, parameters = [], [], []
    left = dict(columns)
    for field in model._meta.local_concrete_fields:
        if field.column in left:
            names.append(field.column)
            expressions.append(left.pop(field.column).replace("%", "%%"))
        elif not isinstance(field, models.AutoField | models.BigAutoField):
            names.append(field.column)
            expressions.append(f"%s::{field.db_type(connection)}")
            parameters.append(_default(field))
    if left:
        raise ValueError(f"{model.__name__} has no column {', '.join(left)}.")
    listed = ", ".join(f'"{name}"' for name in names)
    table = connection.ops.quote_name(model._meta.db_table)
    source = rows.replace("%", "%%")
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {', '.join(expressions)} FROM {source}", parameters)
        return int(cursor.rowcount)


@contextmanager
def unburdened(*filled: type[models.Model]) -> Iterator[None]:
    """Without the indexes that only make finding faster: made again at the end, which is several times cheaper.

    Foreign keys are not looked up meanwhile where the role may say so (a superuser): what is made here fits together.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if (found := cursor.fetchone()) and found[0]:
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary AND NOT EXISTS "
            "(SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            [[connection.ops.quote_name(model._meta.db_table) for model in filled]],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)


def continue_numbers(*filled: type[models.Model]) -> None:
    """The next automatic number of each comes after those that were given here."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(filled)):
            cursor.execute(statement)


def _default(field: models.Field[Any, Any]) -> Any:
    if field.null and not field.has_default():
        return None
    if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add):
        return timezone.now()
    if not field.has_default() and not field.empty_strings_allowed:
        raise ValueError(f"{field.model.__name__}.{field.name} has no default: name it.")
    value = field.get_default()
    return json.dumps(value) if isinstance(field, models.JSONField) else field.get_db_prep_save(value, connection)
