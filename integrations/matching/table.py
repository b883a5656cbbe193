"""A table of files and products as CSV: `file, sku|barcode|handle|asin, slot`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from integrations.matching.keys import Kind
from integrations.matching.slots import slot_of
from integrations.publishing import MAIN

MOST_LINES = 1000
_FILE, _SLOT = ("file", "filename", "file name", "image", "name"), ("slot", "n", "position", "place")
_KEYS = {"sku": Kind.SKU, "barcode": Kind.BARCODE, "ean": Kind.BARCODE, "upc": Kind.BARCODE, "gtin": Kind.BARCODE,
         "handle": Kind.HANDLE, "slug": Kind.HANDLE, "asin": Kind.ASIN}  # fmt: skip
_EXCEL_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table. `line`: as an editor counts. `slot` is None where only a name's reading can tell."""

    line: int
    file: str
    kind: Kind | None
    key: str
    slot: str | None


@dataclass(slots=True)
class Table:
    """`problems`: sentences with their line; the other lines stay good."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_table(text: str) -> Table:
    """Reads CSV with a first line that names the columns; comma, semicolon or tab between them.

    A line without a key is matched by its file's name. One file may have several lines, for several places.
    """
    text = text.removeprefix("\ufeff")
    first = text.splitlines()[0] if text.strip() else ""
    separator = max(_EXCEL_SEPARATORS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    table = Table()
    try:
        columns = _columns(next(lines, []))
        if isinstance(columns, str):
            table.problems.append((1, columns))
            return table
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _line(table, lines.line_num, columns, cells)
            if len(table.rows) + len(table.problems) > MOST_LINES:
                table.problems.append((lines.line_num, f"At most {MOST_LINES:,} lines are read."))
                break
    except csv.Error:
        table.problems.append((lines.line_num, "From here on this is not CSV: look for a quotation mark too many."))
    return table


def _cell(text: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking text for a formula."""
    text = text.strip().replace("\0", "")
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _columns(header: list[str]) -> dict[int, str] | str:
    """What is in which column, or what is wrong with the first line."""
    found: dict[int, str] = {}
    for number, cell in enumerate(header):
        name = " ".join(cell.lower().split())
        word = "file" if name in _FILE else "slot" if name in _SLOT else name if name in _KEYS else ""
        if word and word in found.values():
            return f"There are two columns for “{cell.strip()}”."
        if word:
            found[number] = word
    if "file" not in found.values():
        return "The first line names the columns: file, then sku, barcode, handle or asin, and slot."
    return found


def _line(table: Table, number: int, columns: dict[int, str], cells: list[str]) -> None:
    values = {word: _cell(cells[at]) for at, word in columns.items() if at < len(cells)}
    file = values.pop("file", "")
    place = values.pop("slot", "")
    keys = [(word, value) for word, value in values.items() if value]
    if not file:
        table.problems.append((number, "No file is named."))
    elif len(keys) > 1:
        words = " and ".join(word for word, _ in keys)
        table.problems.append((number, f"{words} are both filled in: name the product by one of them."))
    elif place and slot_of(place) is None:
        table.problems.append((number, f"“{place}” is no slot. Use main, a number, or PT01 to PT08."))
    else:
        kind, key = (_KEYS[keys[0][0]], keys[0][1]) if keys else (None, "")
        slot = slot_of(place) if place else (MAIN if kind else None)
        table.rows.append(Row(number, file[:500], kind, key[:500], slot))
