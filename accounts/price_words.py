"""What is said where the credits do not reach."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext


def too_dear(cost: int, left: int) -> str:
    """Two numbers in one sentence: each is a phrase of its own, for languages with other plurals."""
    price = ngettext("This costs {cost} credit", "This costs {cost} credits", cost).format(cost=cost)
    rest = ngettext("{left} is left", "{left} are left", left).format(left=left)
    return gettext("{price} and {rest}.").format(price=price, rest=rest)
