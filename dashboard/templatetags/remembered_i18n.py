"""The library `i18n` of templates, where a text that stands in a template is looked up and escaped once.

Settings put it in the place of Django's own: a list of fifty rows says the same words fifty times.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.templatetags import i18n
from django.utils.safestring import SafeString

from dashboard.remembered import of_this_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class Words(i18n.TranslateNode):
    """`{% translate "Save" %}`."""

    def render(self, context: template.Context) -> SafeString:
        texts = of_this_language()
        key = (self, context.autoescape)
        found = texts.get(key)
        if found is None:
            found = texts[key] = SafeString(super().render(context))
        return found


class Sentence(i18n.BlockTranslateNode):
    """`{% blocktranslate %}`: the message is put together from its tokens once, not at each look."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._singular = super().render_token_list(self.singular)
        self._plural = super().render_token_list(self.plural) if self.plural else None

    def render_token_list(self, tokens: list[Token]) -> tuple[str, list[str]]:
        message, names = self._plural if self._plural and tokens is self.plural else self._singular
        return message, list(names)  # Django's node adds to it


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    node = i18n.do_translate(parser, token)
    if isinstance(node, i18n.TranslateNode) and not node.asvar and not node.message_context and _literal(node):
        return Words(node.filter_expression, node.noop)
    return node


@register.tag("blocktranslate")
@register.tag("blocktrans")
def blocktranslate(parser: Parser, token: Token) -> Node:
    return Sentence(**vars(i18n.do_block_translate(parser, token)))


def _literal(node: Any) -> bool:
    said: FilterExpression = node.filter_expression
    return isinstance(said.var, Variable) and said.var.lookups is None and not said.filters
