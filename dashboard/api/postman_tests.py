"""The test scripts of the Postman collection: what newman checks after each request."""

from __future__ import annotations

import json
from typing import Any


def lines(operation: dict[str, Any]) -> list[str]:
    """JavaScript for Postman: the answer is one of those described, the key was taken, ids are kept for later."""
    statuses = sorted(int(status) for status in operation["responses"] if status.isdigit())
    script = [
        'pm.test("The answer is a described one", () => {',
        f"  pm.expect(pm.response.code).to.be.oneOf({json.dumps(statuses)});",
        "});",
        'pm.test("The answer names the request", () => {',
        '  pm.expect(pm.response.headers.get("X-Request-Id")).to.be.a("string").that.is.not.empty;',
        "});",
    ]
    if operation["security"]:
        script += [
            'pm.test("The key is good", () => {',
            "  pm.expect(pm.response.code).to.not.equal(401);",
            "});",
        ]
    if fields := _required(operation):
        script += [
            f"if (pm.response.code === {fields[0]}) {{",
            '  pm.test("The answer has its fields", () => {',
            f"    pm.expect(pm.response.json()).to.include.keys({json.dumps(fields[1])});",
            "  });",
            "}",
        ]
    return [*script, *_KEEP_IDS]


_KEEP_IDS = [
    'const kind = pm.response.headers.get("Content-Type") || "";',
    'if (pm.response.code < 300 && pm.response.code !== 204 && kind.includes("json")) {',
    "  const answer = pm.response.json();",
    "  const kept = { jobId: answer.jobId, fileId: answer.fileId, accessToken: answer.access_token };",
    "  kept.publicationId = answer.publicationId;",
    "  if (answer.connections?.length) kept.connectionId = answer.connections[0].connectionId;",
    "  if (answer.products?.length) kept.productId = answer.products[0].productId;",
    "  if (answer.file_paths) kept.path = answer.file_paths[0];",
    '  if (pm.request.method === "POST" && answer.id) kept.webhookId = answer.id;',
    "  for (const [name, value] of Object.entries(kept)) {",
    "    if (value) pm.collectionVariables.set(name, value);",
    "  }",
    "}",
]


def _required(operation: dict[str, Any]) -> tuple[int, list[str]] | None:
    """The first good status that answers with JSON, and the fields that are always in it."""
    for status, answer in operation["responses"].items():
        example = answer.get("content", {}).get("application/json", {}).get("example")
        if status.startswith("2") and isinstance(example, dict) and example and len(answer["content"]) == 1:
            always = [name for name, value in example.items() if value is not None and name != "errors"]
            return int(status), always
    return None
