"""Bulk operations of the Shopify peer: the inner query is executed and written down as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support import shopify_schema
from tests.support.shopify_answers import Answers


@dataclass
class Operation:
    id: str
    data: bytes
    asked: int = 0
    status: str = "RUNNING"


@dataclass
class Bulks:
    """`questions`: how often it is asked about before it has finished. `ends_as`: its status then. `ranges`: whether
    the file can be read from the middle."""

    operations: dict[str, Operation] = field(default_factory=dict)
    questions: int = 1
    ends_as: str = "COMPLETED"
    busy: bool = False
    ranges: bool = True
    cut: int | None = None

    def root(self, answers: Answers, address: str) -> dict[str, Any]:
        def start(info: Any, query: str, groupObjects: bool) -> dict[str, Any]:
            if self.busy:
                error = {"code": "LIMIT_REACHED", "field": None, "message": "Too many"}
                return {"bulkOperation": None, "userErrors": [error]}
            assert groupObjects
            result = shopify_schema.run(query, answers.root())
            assert not result.errors, result.errors
            assert result.data
            number = len(self.operations) + 1
            found = Operation(f"gid://shopify/BulkOperation/{number}", _lines(result.data["products"]))
            self.operations[found.id] = found
            return {"bulkOperation": {"id": found.id, "status": "CREATED"}, "userErrors": []}

        def status(info: Any, id: str) -> dict[str, Any] | None:
            found = self.operations.get(id)
            if found is None:
                return None
            found.asked += 1
            if found.asked > self.questions:
                found.status = self.ends_as
            done = found.status == "COMPLETED"
            return {
                "id": id,
                "status": found.status,
                "errorCode": "INTERNAL_SERVER_ERROR" if found.status == "FAILED" else None,
                "rootObjectCount": "0",
                "url": f"{address}/bulk/{id.rpartition('/')[2]}.jsonl" if done and found.data else None,
            }

        return {"bulkOperationRunQuery": start, "bulkOperation": status}

    def file(self, path: str, wanted: str) -> tuple[int, bytes]:
        number = path.removeprefix("/bulk/").removesuffix(".jsonl")
        data = self.operations[f"gid://shopify/BulkOperation/{number}"].data[: self.cut]
        start = int(wanted.removeprefix("bytes=").removesuffix("-") or 0) if self.ranges else 0
        return (206 if start else 200), data[start:]


def _lines(products: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in _rows(products, None))


def _rows(connection: dict[str, Any], parent: str | None) -> Iterator[dict[str, Any]]:
    for edge in connection["edges"]:
        node = edge["node"]
        inner = {name: value for name, value in node.items() if isinstance(value, dict) and "edges" in value}
        own = {name: value for name, value in node.items() if name not in inner}
        yield {**own, **({"__parentId": parent} if parent else {})}
        for each in inner.values():
            yield from _rows(each, node["id"])
