"""A table of the documentation's figures, as its pages show them."""

from __future__ import annotations


def table(heads: list[str], rows: list[list[str]]) -> str:
    """HTML; every column but the first holds numbers. Nothing is escaped: it is given what was measured."""
    head = "".join(f'<th class="number">{text}</th>' if at else f"<th>{text}</th>" for at, text in enumerate(heads))
    body = "\n".join(
        f"<tr><td>{first}</td>" + "".join(f'<td class="number">{cell}</td>' for cell in rest) + "</tr>"
        for first, *rest in rows
    )
    return (
        '<div class="table-frame"><div class="table-scroll"><table class="table">'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div></div>"
    )
