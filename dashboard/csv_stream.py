"""A table as CSV, sent row by row: UTF-8 with its mark, so that spreadsheets read it as such, and no cell a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from django.http import StreamingHttpResponse

Cell = str | int | float | None
# What a spreadsheet takes for the start of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """A download called `name`. Text may hold anything: people and programs have written it."""
    response = StreamingHttpResponse(_stream(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _stream(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    line = csv.writer(_Line())
    yield "\ufeff" + line.writerow(header)
    for row in rows:
        yield line.writerow([_safe(cell) for cell in row])


def _safe(cell: Cell) -> Cell:
    """Numbers stay numbers; text that would be a formula gets the apostrophe that spreadsheets hide."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class _Line:
    """What the csv module writes a line to: `writerow` answers with what this answers."""

    def write(self, line: str) -> str:
        return line
