"""QR symbols of web addresses: as segno makes them, and the same some hundred times faster.

From the bytes to the modules a QR symbol is made by additions over GF(2) alone (ISO/IEC 18004: Reed-Solomon code,
interleaving, mask). So among symbols of one length and mask, each bit of the text flips a fixed set of modules. segno
is asked once for each set; from then on a symbol is the XOR of the sets of its bits.
"""

import re
from functools import cache, lru_cache, reduce
from itertools import count, repeat
from operator import getitem, xor

import segno

MASK = 2


def matrix(data: bytes) -> tuple[bytearray, ...]:
    """Rows of modules from the top, 1 is dark. Byte mode, error level M, always the same mask."""
    return segno.make(data, mode="byte", error="m", mask=MASK, micro=False, boost_error=False).matrix


def rows(data: bytes) -> list[bytes]:
    """What `matrix` says, eight modules a byte from the left; the last byte of a row is filled up with light."""
    size, blank = _blank(len(data))
    width = -(-size // 8)
    flips = map(_flips, repeat(len(data)), count(), data)
    packed = reduce(xor, flips, blank).to_bytes(size * width, "big")
    return [packed[start : start + width] for start in range(0, len(packed), width)]


def path(data: bytes) -> tuple[int, bytes]:
    """Modules a side, and a PDF path of the dark ones: a unit each, the origin at the bottom left."""
    lines = rows(data)
    runs = _runs(len(lines[0]))
    dark = (b"".join(map(getitem, runs, line)) for line in reversed(lines))
    return len(lines), b"".join(line.replace(b"y", b"%d" % y) for y, line in enumerate(dark))


@cache
def _blank(length: int) -> tuple[int, int]:
    lines = matrix(bytes(length))
    return len(lines), _packed(lines)


@lru_cache(maxsize=1 << 14)
def _flips(length: int, place: int, byte: int) -> int:
    lowest = byte & -byte
    if lowest != byte:
        return _flips(length, place, lowest) ^ _flips(length, place, byte ^ lowest)
    lone = bytearray(length)
    lone[place] = byte
    return _packed(matrix(bytes(lone))) ^ _blank(length)[1]


def _packed(lines: tuple[bytearray, ...]) -> int:
    width = -(-len(lines) // 8) * 8
    return int("".join("".join(map(str, line)).ljust(width, "0") for line in lines), 2)


@cache
def _runs(width: int) -> list[list[bytes]]:
    """For each column of eight modules and each byte the rectangles of its dark runs, y to be filled in."""
    return [[_rectangles(8 * column, f"{byte:08b}") for byte in range(256)] for column in range(width)]


def _rectangles(x: int, modules: str) -> bytes:
    runs = re.finditer("1+", modules)
    return b"".join(b"%d y %d 1 re " % (x + run.start(), len(run.group())) for run in runs)
