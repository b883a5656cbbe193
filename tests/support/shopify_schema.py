"""Shopify's real schema: every document is validated against it, priced, and executed over a peer's state."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    build_client_schema,
    execute_sync,
    get_named_type,
    parse,
    validate,
)

_FILE = Path(__file__).parent / "contracts" / "shopify" / "admin_2026-10.json.gz"
MOST_COST = 1000


@cache
def schema() -> GraphQLSchema:
    """Once per process: it takes half a second."""
    found = json.loads(gzip.decompress(_FILE.read_bytes()))
    return build_client_schema(found.get("data", found), assume_valid=True)


@cache
def checked(source: str) -> DocumentNode:
    """The document. Raises AssertionError with what Shopify would say of it."""
    document = parse(source)
    errors = validate(schema(), document)
    assert not errors, "; ".join(error.message for error in errors)
    return document


def run(source: str, root: Mapping[str, Any], variables: Mapping[str, Any] | None = None) -> ExecutionResult:
    """`root`: the fields of QueryRoot and Mutation, as functions of (info, **arguments) or as values."""
    return execute_sync(
        schema(),
        checked(source),
        root_value=root,
        variable_values=dict(variables or {}),
        type_resolver=lambda value, *_: value["__typename"],
    )


def is_mutation(source: str) -> bool:
    return _operation(checked(source)).operation is OperationType.MUTATION


@cache
def cost(source: str) -> int:
    """The points asked for, counted generously: an object is 1, a connection 2 and its size times what is in it."""
    operation = _operation(checked(source))
    mutation = operation.operation is OperationType.MUTATION
    kind = schema().mutation_type if mutation else schema().query_type
    return (10 if mutation else 0) + _of(operation.selection_set, kind)


def _operation(document: DocumentNode) -> OperationDefinitionNode:
    found = document.definitions[0]
    assert isinstance(found, OperationDefinitionNode)
    return found


def _of(selected: SelectionSetNode | None, kind: Any) -> int:
    total = 0
    for each in selected.selections if selected else ():
        assert not isinstance(each, FragmentSpreadNode)
        if isinstance(each, InlineFragmentNode):
            inner = schema().type_map[each.type_condition.name.value] if each.type_condition else kind
            total += _of(each.selection_set, inner)
        elif isinstance(each, FieldNode) and each.selection_set and not each.name.value.startswith("__"):
            inner = get_named_type(kind.fields[each.name.value].type)
            total += _size(each) * _of(each.selection_set, inner) + (2 if inner.name.endswith("Connection") else 1)
    return total


def _size(field: FieldNode) -> int:
    for argument in field.arguments or ():
        if argument.name.value in {"first", "last"}:
            assert isinstance(argument.value, IntValueNode)
            return int(argument.value.value)
    return 1
