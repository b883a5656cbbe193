"""The size of the pictures in an AV1 bitstream (AV1 specification, 5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from processing.imaging.errors import BrokenImage

_MOST_UNITS = 100
_SEQUENCE_HEADER = 1


def sizes(stream: memoryview) -> Iterator[tuple[int, int]]:
    """Largest width and height, in pixels, by each sequence header in `stream`. Raises BrokenImage."""
    at = 0
    for _ in range(_MOST_UNITS):
        if at >= len(stream):
            return
        header = stream[at]
        at += 2 if header & 4 else 1
        length = len(stream) - at
        if header & 2:
            length, at = _leb128(stream, at)
        if header >> 3 & 15 == _SEQUENCE_HEADER and at + length <= len(stream):
            yield _largest(stream[at : at + length])
        at += length
    raise BrokenImage("The AVIF is built in a way no program does. Save it again and send it.")


def _leb128(stream: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = stream[at] if at < len(stream) else 0
        value |= (byte & 0x7F) << 7 * place
        at += 1
        if not byte & 0x80:
            break
    return value, at


class _Bits:
    def __init__(self, content: memoryview) -> None:
        self._value = int.from_bytes(content, "big")
        self._left = 8 * len(content)

    def read(self, count: int) -> int:
        self._left = max(0, self._left - count)
        return self._value >> self._left & (1 << count) - 1


def _largest(content: memoryview) -> tuple[int, int]:
    bits = _Bits(content)
    bits.read(4)  # profile, still picture
    if bits.read(1):  # reduced header
        bits.read(5)
    else:
        _operating_points(bits)
    wide, high = bits.read(4) + 1, bits.read(4) + 1
    return bits.read(wide) + 1, bits.read(high) + 1


def _operating_points(bits: _Bits) -> None:
    delay_bits = None
    if bits.read(1):  # timing
        bits.read(64)
        if bits.read(1):  # ticks per picture, as a variable-length number
            zeros = 0
            while zeros < 32 and not bits.read(1):
                zeros += 1
            bits.read(zeros)
        if bits.read(1):  # decoder model
            delay_bits = bits.read(5) + 1
            bits.read(42)
    display_delay = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:
            bits.read(1)
        if delay_bits is not None and bits.read(1):
            bits.read(2 * delay_bits + 1)
        if display_delay and bits.read(1):
            bits.read(4)
