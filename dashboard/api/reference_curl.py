"""A call as a curl command that works when it is pasted."""

from __future__ import annotations

import json
import re
from typing import Any

from dashboard.api.openapi_samples import sample

_SOME_ID = "01985b6c-7a3e-7c1d-9b0a-2f6c1d4e5f60"
_PHOTO = "photo.jpg"
_ONE_LINE = 48


def curl(document: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> str:
    """With line breaks; `<YOUR_API_KEY>` and `<TOKEN>` stand for what only the reader has."""
    known = {each["name"]: each["schema"].get("examples", [_SOME_ID])[0] for each in operation["parameters"]}
    address = document["servers"][0]["url"] + re.sub(r"{(\w+)}", lambda found: known[found[1]], path)
    asked = "&".join(
        f"{each['name']}={sample(each['schema'], document)}"
        for each in operation["parameters"]
        if each["in"] == "query" and each["required"]
    )
    if asked:
        address = f"'{address}?{asked}'"
    lines = [f"curl {'-X DELETE ' if method == 'delete' else ''}{address}"]
    if [list(each) for each in operation["security"]] == [["bearerJwt"]]:
        lines.append('-X POST -H "Authorization: Bearer <TOKEN>"')
    elif operation["security"]:
        scheme = document["components"]["securitySchemes"][next(iter(operation["security"][0]))]
        before = f"{scheme['name']}: {scheme.get('x-prefix', '')}" if "name" in scheme else "Authorization: Bearer "
        lines.append(f'-H "{before}<YOUR_API_KEY>"')
    lines += _body(document, operation.get("requestBody", {}).get("content", {}))
    if method == "post" and len(lines) == 1:
        lines.append("-X POST")
    return " \\\n  ".join(lines)


def _body(document: dict[str, Any], content: dict[str, Any]) -> list[str]:
    if "multipart/form-data" in content:
        fields = content["multipart/form-data"]["schema"]["properties"]
        first = next(name for name, schema in fields.items() if "binary" in json.dumps(schema))
        shown = {"preset": "amazon-main"} if "preset" in fields else content["multipart/form-data"].get("example", {})
        rest = "".join(f" -F {name}={value}" for name, value in shown.items() if name != first)
        return [f"-F {first}=@{_PHOTO}{rest}"]
    if "application/json" in content:
        media = content["application/json"]
        named = [example["value"] for example in media.get("examples", {}).values()]
        value = named[0] if named else media.get("example") or sample(media["schema"], document)
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > _ONE_LINE:
            text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return [f"--json '{text}'"]
    return []
