"""Passwords made of the product's own words: the first that a stranger would try here.

The list that OWASP ASVS 5.0.0, 6.1.2 asks for.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

WORDS = (
    "packshot", "studio", "product", "photos", "photo", "images", "image", "pictures", "picture", "background",
    "shopify", "woocommerce", "amazon", "marketplace", "catalog", "seller", "shop", "store", "brand",
    "password", "admin", "welcome", "login", "my", "the",
)  # fmt: skip
_LEFT = 4  # letters beside those words that make it something else
# What people write in the place of letters.
_LETTERS = str.maketrans("013457@$", "oieastas")


class NotOfTheProduct:
    """Refuses a password that is the product's words, with digits, signs and a letter or three around them."""

    def validate(self, password: str, user: object = None) -> None:
        if password and not any(_beside(written) for written in _readings(password.lower())):
            return
        raise ValidationError(
            gettext("This password is made of words that anybody would try here. Use others."), code="product_words"
        )

    def get_help_text(self) -> str:
        return gettext("Not made of words such as “packshot” or “studio” alone.")


def _readings(password: str) -> tuple[str, str]:
    return password, password.translate(_LETTERS)


def _beside(written: str) -> bool:
    """Whether there is one of the words, and hardly a letter besides."""
    letters = "".join(character for character in written if character.isalpha())
    left = re.sub("|".join(WORDS), "", letters)
    return left != letters and len(left) < _LEFT
