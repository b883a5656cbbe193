"""Base 62, the alphabet of keys and addresses: no character that a shell, a URL or a double click breaks at."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(number: int, width: int) -> str:
    """`number` as exactly `width` characters. Raises OverflowError when it does not fit."""
    characters = []
    for _ in range(width):
        number, rest = divmod(number, 62)
        characters.append(ALPHABET[rest])
    if number:
        raise OverflowError("the number does not fit into the width")
    return "".join(reversed(characters))


def decode(text: str) -> int:
    """The number behind `text`. Raises ValueError for a character outside of the alphabet."""
    number = 0
    for character in text:
        try:
            number = number * 62 + _VALUES[character]
        except KeyError:
            raise ValueError(f"{character!r} is not a base 62 character") from None
    return number
