"""Tables of files and products, names of files and templates for names: read or refused, and never a path."""

from __future__ import annotations

from hypothesis import strategies as st

from accounts.kit.errors import InvalidInput
from integrations.matching.table import MOST_LINES, read_table
from integrations.matching.templates import readings, template
from processing.queries.download_names import Download, check_template, download_names
from tests.support.fuzzing import efforts, odd_text, search

_BRICKS = st.sampled_from(
    ["{sku}", "{n}", "{slot}", "{name}", "{preset}", "{label}", "{asin}", "{", "}", "/", "..", "_"]
)
_TEMPLATE = st.lists(st.one_of(_BRICKS, odd_text), max_size=6).map("".join)
_CELL = st.one_of(odd_text, st.sampled_from(["file", "sku", "slot", "mug.jpg", "MUG-1", "main", "2", '"', "'=1"]))
_TABLE = st.lists(st.lists(_CELL, max_size=5).map(lambda row: ",".join(row)), max_size=8).map("\n".join)


@efforts
def test_tables_and_names(effort: str) -> None:
    def holds(example: tuple[str, str, str, str]) -> None:
        table, wish, name, other = example
        read = read_table(f"file,sku,slot\n{table}")
        read_table(table)
        assert len(read.rows) + len(read.problems) <= MOST_LINES + 2
        assert all(len(row.file) <= 500 and "\0" not in row.file + row.key for row in read.rows)
        try:
            template(wish)
            readings(name, [wish])
        except InvalidInput as refused:
            assert refused.detail
        readings(name)
        try:
            chosen = check_template(wish, products=True)
        except InvalidInput:
            return
        product = {"sku": other, "n": "1"}
        files = [Download(name, "jpg", label=other, preset=other, product=product), Download(other, "png")]
        made = download_names(chosen, files, products=True)
        assert len({each.casefold() for each in made}) == len(made)
        for each in made:
            assert each not in {"", ".", ".."}
            assert ".." not in each.split("/")
            assert not set('\0\\:*?"<>|\r\n') & set(each)
            assert not each.startswith("/")
            assert all(len(part.encode()) <= 255 for part in each.split("/"))

    assert search(st.tuples(_TABLE, _TEMPLATE, odd_text, odd_text), holds, effort=effort, few=150) >= 10
