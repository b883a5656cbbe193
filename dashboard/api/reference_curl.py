"""A call as a curl command that works when it is pasted."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

from dashboard.api.openapi_samples import form_fields, is_file, sample

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
    body = _body(document, operation.get("requestBody", {}).get("content", {}))
    # curl posts by itself what has a body.
    told = "" if method == "get" or (method == "post" and body) else f"-X {method.upper()} "
    lines = [f"curl {told}{address}"]
    if [list(each) for each in operation["security"]] == [["bearerJwt"]]:
        lines.append('-H "Authorization: Bearer <TOKEN>"')
    elif operation["security"]:
        scheme = document["components"]["securitySchemes"][next(iter(operation["security"][0]))]
        before = f"{scheme['name']}: {scheme.get('x-prefix', '')}" if "name" in scheme else "Authorization: Bearer "
        lines.append(f'-H "{before}<YOUR_API_KEY>"')
    return " \\\n  ".join(lines + body)


def _body(document: dict[str, Any], content: dict[str, Any]) -> list[str]:
    if "multipart/form-data" in content:
        files = [name for name, each in content["multipart/form-data"]["schema"]["properties"].items() if is_file(each)]
        shown = form_fields(content)
        sent = [name for name in files if name in shown] or files[:1]
        parts = [f"{name}=@{_file_name(name)}" for name in sent]
        parts += [shlex.quote(f"{name}={value}") for name, value in shown.items() if name not in files]
        return [" ".join(f"-F {part}" for part in parts)]
    if "application/json" in content:
        media = content["application/json"]
        named = [example["value"] for example in media.get("examples", {}).values()]
        value = named[0] if named else media.get("example") or sample(media["schema"], document)
        text = json.dumps(value, ensure_ascii=False)
        if len(text) > _ONE_LINE:
            text = json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        return [f"--json '{text}'"]
    return []


def _file_name(field: str) -> str:
    """source_image is another picture than target_image, and has another name."""
    return f"{field.removesuffix('_image')}.jpg" if field.endswith("_image") else _PHOTO
