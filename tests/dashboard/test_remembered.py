"""Parts that are drawn once, texts and addresses that are looked up once: as if nothing were remembered."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine, Template, engines
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.utils import translation
from django.utils.safestring import mark_safe

from dashboard.remembered import of_this_language
from tests.support import pseudo

PARTS = sorted(
    path.relative_to(settings.BASE_DIR / "templates").as_posix()
    for path in (settings.BASE_DIR / "templates").rglob("*.html")
    if "{% remembered %}" in path.read_text()
)
# What a part could show beside the values that it is included with.
_FROM_ELSEWHERE = (
    "request",
    "actor",
    "user.",
    "organization",
    "csrf_token",
    "messages",
    "perms",
    "{% now",
    "{% ago",
    "{% soon",
    "naturaltime",
    "timesince",
    "timeuntil",
    "{% random",
)


def drawn(source: str, **values: Any) -> str:
    return Template(source).render(Context(values))


BADGE = '{% include "parts/badge.html" with label=label only %}'


def test_a_part_is_drawn_once_for_the_same_values() -> None:
    page = Template(BADGE)
    first = page.render(Context({"label": "Waits"}))
    known = len(of_this_language())
    assert page.render(Context({"label": "Waits"})) == first
    assert len(of_this_language()) == known
    assert "Runs" in page.render(Context({"label": "Runs"}))
    assert len(of_this_language()) == known + 1


def test_what_is_safe_and_what_is_not_are_never_mixed_up() -> None:
    page = Template(BADGE)
    assert "<b>x</b>" in page.render(Context({"label": mark_safe("<b>x</b>")}))
    assert "&lt;b&gt;x&lt;/b&gt;" in page.render(Context({"label": "<b>x</b>"}))
    assert "<b>x</b>" in page.render(Context({"label": mark_safe("<b>x</b>")}))


def test_one_is_not_true() -> None:
    page = Template(BADGE)
    assert ">1<" in page.render(Context({"label": 1}))
    assert ">True<" in page.render(Context({"label": True}))


def test_a_language_has_parts_and_words_of_its_own() -> None:
    page = Template('{% load i18n %}{% translate "Save" %}{% include "parts/badge.html" with label=_("Queued") only %}')
    english = page.render(Context())
    with pseudo.spoken():
        assert pseudo.accented("Queued") in page.render(Context())
        assert pseudo.accented("Save") in page.render(Context())
    assert page.render(Context()) == english
    with translation.override("de"):
        assert "Sichern" in page.render(Context())


def test_long_values_are_not_kept() -> None:
    page = Template(BADGE)
    page.render(Context({"label": "short"}))
    known = len(of_this_language())
    assert "x" * 300 in page.render(Context({"label": "x" * 300}))
    assert len(of_this_language()) == known


def test_objects_are_asked_again() -> None:
    class Row:
        name = "before"

        def __str__(self) -> str:
            return self.name

    row, page = Row(), Template(BADGE)
    assert "before" in page.render(Context({"label": row}))
    row.name = "after"
    assert "after" in page.render(Context({"label": row}))


def test_without_only_a_part_sees_the_page() -> None:
    page = Template('{% include "parts/badge.html" %}')
    assert "one" in page.render(Context({"label": "one"}))
    assert "two" in page.render(Context({"label": "two"}))


def test_what_is_remembered_does_not_grow_without_end() -> None:
    page = Template(BADGE)
    for number in range(5000):
        page.render(Context({"label": f"no {number}"}))
    assert len(of_this_language()) <= 4097


@pytest.mark.parametrize("part", PARTS)
def test_a_remembered_part_shows_nothing_but_its_values(part: str) -> None:
    source = (Path(settings.BASE_DIR) / "templates" / part).read_text()
    assert not [word for word in _FROM_ELSEWHERE if word in source]
    for included in [piece.split("%}")[0] for piece in source.split("{% include ")[1:]]:
        assert included.rstrip().endswith(" only"), included
        assert included.split('"')[1] in PARTS or included.split('"')[1] == "parts/logo.html"


@pytest.mark.parametrize("key", [uuid.uuid4(), uuid.UUID(int=0)])
def test_addresses_are_those_of_the_routes(key: uuid.UUID) -> None:
    page = Template('{% url "job" key %} {% url "image_thumbnail" key 96 as small %}{{ small }} {% url "jobs" %}')
    for _ in range(2):
        assert page.render(Context({"key": key})) == " ".join(
            [reverse("job", args=[key]), reverse("image_thumbnail", args=[key, 96]), reverse("jobs")]
        )


def test_an_address_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NoReverseMatch):
        drawn('{% url "job" key %}', key="")
    with pytest.raises(NoReverseMatch):
        drawn('{% url "job" key %}', key=5)
    with pytest.raises(NoReverseMatch):
        drawn('{% url "no_such_route" %}')
    assert drawn('{% url "no_such_route" as address %}[{{ address }}]') == "[]"


def test_addresses_know_where_the_product_is_mounted() -> None:
    page = Template('{% url "jobs" %}')
    plain = page.render(Context())
    try:
        set_script_prefix("/below/")
        assert page.render(Context()) == f"/below{plain}"
    finally:
        set_script_prefix("/")
    assert page.render(Context()) == plain


def test_a_part_with_addresses_knows_it_too() -> None:
    parts = {"part.html": '{% remembered %}{% url "jobs" %}'}
    loader = ("django.template.loaders.locmem.Loader", parts)
    engine = Engine(loaders=[loader], builtins=["dashboard.templatetags.remembered"])
    page = engine.from_string('{% include "part.html" only %}')
    plain = page.render(Context())
    try:
        set_script_prefix("/below/")
        assert page.render(Context()) == f"/below{plain}"
    finally:
        set_script_prefix("/")
    assert page.render(Context()) == plain


def test_an_icons_label_is_escaped_unless_it_is_safe() -> None:
    page = Template('{% load icons %}{% icon "search" label=label %}')
    for label, shown in (
        ("Tom &amp; Ann", "Tom &amp;amp; Ann"),
        (mark_safe("Tom &amp; Ann"), "Tom &amp; Ann"),
        ("Tom &amp; Ann", "Tom &amp;amp; Ann"),
    ):
        assert f'aria-label="{shown}"' in page.render(Context({"label": label}))


def test_a_counted_sentence() -> None:
    page = Template(
        "{% load i18n %}{% blocktranslate count n=n %}{{ n }} photo{% plural %}{{ n }} photos{% endblocktranslate %}"
    )
    assert [page.render(Context({"n": n})) for n in (1, 2, 1)] == ["1 photo", "2 photos", "1 photo"]


def test_pages_are_drawn_by_these_tags() -> None:
    """Another library of the same name would quietly take their place."""
    engine = engines["django"].engine  # type: ignore[attr-defined]
    assert engine.libraries["i18n"] == "dashboard.templatetags.remembered_i18n"
    assert engine.builtins[-1] == "dashboard.templatetags.remembered"
