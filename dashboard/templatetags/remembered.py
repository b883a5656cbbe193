"""What pages say again and again is drawn once: `{% include … only %}` of a part with `{% remembered %}`, `{% url %}`.

Built in for every template (settings), in the place of Django's own tags of these names.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import lru_cache
from types import NoneType

from django import template
from django.template.base import Node, Parser, Token
from django.template.defaulttags import CommentNode, URLNode
from django.template.defaulttags import url as django_url
from django.template.loader_tags import IncludeNode, do_include
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString

from dashboard.remembered import Unchanging, of_this_language

register = template.Library()

_PLAIN = {str, SafeString, int, bool, NoneType}
_LONGEST = 200
# By the kind of a value in an address: one that stands for the n-th of them while the address is looked for.
_STAND_INS: dict[type, Callable[[int], object]] = {
    uuid.UUID: lambda at: uuid.UUID(int=0xF00D << 64 | at),
    int: lambda at: 987_654_321_000 + at,
}


@register.tag("remembered")
def remembered(parser: Parser, token: Token) -> Node:
    """Says of a part that all it shows comes from the values it is included with, and that none of them is a secret."""
    parser.extra_data["remembered"] = True  # type: ignore[attr-defined]  # django-stubs lack it, and is_var
    return CommentNode()


@register.tag("include")
def include(parser: Parser, token: Token) -> Node:
    node = do_include(parser, token)
    return Part(**vars(node)) if node.isolated_context else node


class Part(IncludeNode):
    """An include with `only`: drawn once for the same values where its template is `{% remembered %}`."""

    _drawn_once: bool | None = None

    def render(self, context: template.Context) -> SafeString:
        if self._drawn_once is None:
            self._drawn_once = self._is_remembered(context)
        if not self._drawn_once:
            return super().render(context)
        # The prefix: a part may show addresses.
        key: list[object] = [self, context.autoescape, get_script_prefix()]
        for given in self.extra_context.values():
            value = given.resolve(context)
            if isinstance(value, Promise):
                value = str(value)
            if not _is_plain(value):
                return super().render(context)
            key += (value, type(value))  # "a" and the safe "a" are equal, and so are 1 and True
        drawn, values = of_this_language(), tuple(key)
        found = drawn.get(values)
        if found is None:
            found = drawn[values] = super().render(context)
        return found

    def _is_remembered(self, context: template.Context) -> bool:
        name = self.template.var
        if self.template.is_var or self.template.filters or context.template is None:  # type: ignore[attr-defined]
            return False
        return "remembered" in getattr(context.template.engine.get_template(str(name)), "extra_data", ())


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and type(value) in _PLAIN
    return type(value) in _PLAIN or isinstance(value, Unchanging)


@register.tag("url")
def url(parser: Parser, token: Token) -> Node:
    node = django_url(parser, token)
    route = node.view_name
    simple = not node.kwargs and not route.is_var and ":" not in str(route.var)  # type: ignore[attr-defined]
    return Address(**vars(node)) if simple else node


class Address(URLNode):
    """The address of a route of ours for numbers and UUIDs: looked for once, then put together."""

    def render(self, context: template.Context) -> SafeString | str:
        values = [value.resolve(context) for value in self.args]
        pattern = _pattern(get_urlconf(), get_script_prefix(), self.view_name.var, tuple(map(type, values)))
        if pattern is None:
            return super().render(context)
        address = SafeString(pattern.format(*values))
        if not self.asvar:
            return address
        context[self.asvar] = address
        return ""


@lru_cache(maxsize=1024)
def _pattern(urlconf: object, prefix: str, name: str, kinds: tuple[type, ...]) -> str | None:
    """The address with a place for each value; None where Django's own way has to be gone. `urlconf`, `prefix`: what
    the answer depends on beside the arguments."""
    if not all(kind in _STAND_INS for kind in kinds):
        return None
    stand_ins = [_STAND_INS[kind](at) for at, kind in enumerate(kinds)]
    try:
        address = reverse(name, args=stand_ins)
    except NoReverseMatch:
        return None
    if "{" in address or escape(address) != address:
        return None
    for at, stand_in in enumerate(stand_ins):
        if address.count(str(stand_in)) != 1:
            return None
        address = address.replace(str(stand_in), f"{{{at}}}")
    return address
