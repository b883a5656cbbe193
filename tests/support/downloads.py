"""Pages as text and CSV downloads as rows."""

from __future__ import annotations

import csv
import io
import re

from django.test import Client


def text(client: Client, address: str, *, status: int = 200, **headers: str) -> str:
    """The page on one line."""
    answer = client.get(address, **headers)  # type: ignore[arg-type]
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def download(client: Client, address: str) -> list[dict[str, str]]:
    """The rows of a CSV that is streamed as a download."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.streaming
    sent = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert sent.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(sent[1:], newline="")))
