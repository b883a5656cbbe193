"""Which parameters stand together in a form. What is not named here is the operation's own and stands first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, gettext_noop

_SIZE = (
    "scale", "width", "height", "fit", "enlarge", "ratio", "margin",
    "marginTop", "marginRight", "marginBottom", "marginLeft", "align", "sameScale",
)  # fmt: skip
_BACKGROUND = ("background", "gradientDirection")
_FILE = ("format", "jpegQuality", "output", "model", "edges")
_NAMED = (
    (gettext_noop("Size and place"), _SIZE),
    (gettext_noop("Background"), _BACKGROUND),
    (gettext_noop("File and cut"), _FILE),
)
_OPEN_WITH = 7  # fields above a group, up to which it is open from the start


@dataclass(frozen=True, slots=True)
class Group:
    """`title` is empty for the operation's own. `opened`: from the start, or because something in it is wrong."""

    title: str
    fields: tuple[forms.BoundField, ...]
    opened: bool


def grouped(form: forms.Form, *, without: Iterable[str] = ()) -> list[Group]:
    """The form's fields, each once and in the order of the operation; empty groups are left out."""
    names = [name for name in form.fields if name not in set(without)]
    known = {name for _, group in _NAMED for name in group}
    groups: list[Group] = []
    above = 0
    for title, wanted in (("", tuple(name for name in names if name not in known)), *_NAMED):
        fields = tuple(form[name] for name in names if name in wanted)
        if fields:
            wrong = any(field.errors for field in fields)
            last = title == _NAMED[-1][0] and above > 0
            groups.append(Group(gettext(title) if title else "", fields, wrong or (above <= _OPEN_WITH and not last)))
            above += len(fields)
    return groups
