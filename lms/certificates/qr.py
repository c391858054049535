"""QR symbols of texts in ASCII: as segno makes them, and the same some hundred times faster.

From the bytes to the modules a QR symbol is made by additions over GF(2) alone (ISO/IEC 18004: Reed-Solomon code,
interleaving, mask). So among symbols of one length and mask, each bit of the text flips a fixed set of modules. These sets
are worked out once for a length; from then on a symbol is the XOR of the sets of its bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from itertools import zip_longest
from operator import getitem, xor
from typing import Any

import segno
from segno import consts

MASK, LEVEL = 2, "m"
FIRST_OF_LONG_COUNTS, FIRST_WITH_ITS_NUMBER = 10, 7
"""From these versions on the count of bytes takes 16 bits, and a symbol tells its version."""


def matrix(data: bytes) -> tuple[bytearray, ...]:
    """Rows of modules from the top, 1 is dark. Byte mode, error level M, always the same mask."""
    return _segno(data).matrix


def bitmap(data: bytes) -> tuple[int, bytes]:
    """What `matrix` says: modules a side, and its rows, eight modules a byte; the last byte of a row is filled up with light."""
    size, blank, flips = _symbols(len(data))
    return size, reduce(xor, map(getitem, flips, data), blank).to_bytes(size * -(-size // 8), "big")


def packed(rows: tuple[bytearray, ...]) -> bytes:
    """A matrix as a bitmap."""
    return _packed(rows).to_bytes(len(rows) * -(-len(rows) // 8), "big")


@lru_cache(maxsize=16)
def _symbols(length: int) -> tuple[int, int, list["_Flips"]]:
    """Modules a side, the symbol of zeros, and for each byte of the text what each of its values flips."""
    blank = _segno(bytes(length))
    shape = _Shape(int(blank.version), len(blank.matrix))
    start = 4 + (16 if shape.version >= FIRST_OF_LONG_COUNTS else 8)
    flips = [_Flips([shape.flips(start + 8 * place + bit) for bit in range(8)]) for place in range(length)]
    return len(blank.matrix), _packed(blank.matrix), flips


class _Flips(dict[int, int]):
    """What each value of a byte flips, joined from its bits when it is first asked for."""

    def __init__(self, bits: list[int]) -> None:
        self.bits = bits

    def __missing__(self, value: int) -> int:
        self[value] = reduce(xor, (bit for at, bit in enumerate(self.bits) if value & 0x80 >> at), 0)
        return self[value]


@dataclass
class _Shape:
    """Where the bits of a version's message go."""

    version: int
    size: int

    def flips(self, bit: int) -> int:
        """The modules that a bit of the data flips: its own, and those of the error correction that depends on it."""
        codeword, value = bit // 8, 0x80 >> bit % 8
        places, block, remainder = self.codewords[codeword]
        changed = [
            (places, value),
            *zip(self.corrections[block], (_times(value, part) for part in remainder), strict=True),
        ]
        return sum(self.modules[8 * at + turn] for at, byte in changed for turn in range(8) if byte & 0x80 >> turn)

    @cached_property
    def modules(self) -> list[int]:
        """For each bit of the message its module, as a bit of the whole symbol: pairs of columns from the right, up and down."""
        size, width = self.size, -(-self.size // 8) * 8
        return [
            1 << (size * width - 1 - row * width - column) for row, column in self._way() if self._is_free(row, column)
        ]

    def _way(self) -> Iterator[tuple[int, int]]:
        # The column of the timing pattern is jumped over.
        for turn, right in enumerate([*range(self.size - 1, 6, -2), 5, 3, 1]):
            for row in range(self.size) if turn % 2 else reversed(range(self.size)):
                yield from ((row, right), (row, right - 1))

    def _is_free(self, row: int, column: int) -> bool:
        """Whether a module belongs to the message, and to no pattern."""
        low, high = sorted((row, column))
        far = self.size - 8
        is_corner = low < 9 and (high < 9 or high >= far)
        tells_version = self.version >= FIRST_WITH_ITS_NUMBER and low < 6 and far - 3 <= high < far
        return not (is_corner or tells_version or row == 6 or column == 6 or self._is_aligning(row, column))

    def _is_aligning(self, row: int, column: int) -> bool:
        middles = consts.ALIGNMENT_POS[self.version - 2] if self.version > 1 else ()
        near = [[middle for middle in middles if abs(middle - at) <= 2] for at in (row, column)]
        return all(near) and (near[0][0], near[1][0]) not in {(6, 6), (6, self.size - 7), (self.size - 7, 6)}

    @cached_property
    def blocks(self) -> list[tuple[int, int]]:
        """Codewords of data and of correction in each block."""
        table: dict[Any, Any] = consts.ECC
        infos = table[self.version][consts.ERROR_LEVEL_M]
        return [(info.num_data, info.num_total - info.num_data) for info in infos for _ in range(info.num_blocks)]

    @cached_property
    def corrections(self) -> list[list[int]]:
        """For each block the places of its correction in the message: all blocks' first codewords come first."""
        first, count = sum(data for data, _ in self.blocks), len(self.blocks)
        return [[first + count * turn + block for turn in range(self.blocks[0][1])] for block in range(count)]

    @cached_property
    def codewords(self) -> list[tuple[int, int, list[int]]]:
        """For each codeword of data its place in the message, its block, and what a 1 in it adds to the correction."""
        starts = [sum(data for data, _ in self.blocks[:block]) for block in range(len(self.blocks))]
        columns = zip_longest(
            *(range(start, start + data) for start, (data, _) in zip(starts, self.blocks, strict=True))
        )
        places = {codeword: at for at, codeword in enumerate(c for column in columns for c in column if c is not None)}
        found = []
        for block, (data, parity) in enumerate(self.blocks):
            generator = _generator(parity)
            remainders = [generator]
            for _ in range(data - 1):
                head, *rest = remainders[-1]
                remainders.append([part ^ _times(head, g) for part, g in zip([*rest, 0], generator, strict=True)])
            found += [(places[starts[block] + turn], block, remainders[data - 1 - turn]) for turn in range(data)]
        return found


@cache
def _generator(parity: int) -> list[int]:
    """The generator polynomial of a Reed-Solomon code without its leading 1, highest power first."""
    polynomial = [1]
    for power in range(parity):
        root = consts.GALIOS_EXP[power]
        polynomial = [a ^ _times(root, b) for a, b in zip([*polynomial, 0], [0, *polynomial], strict=True)]
    return polynomial[1:]


def _times(a: int, b: int) -> int:
    """The product in GF(256)."""
    return int(consts.GALIOS_EXP[(consts.GALIOS_LOG[a] + consts.GALIOS_LOG[b]) % 255]) if a and b else 0


def _segno(data: bytes) -> segno.QRCode:
    return segno.make(data, mode="byte", error=LEVEL, mask=MASK, micro=False, boost_error=False)


def _packed(rows: tuple[bytearray, ...]) -> int:
    width = -(-len(rows) // 8) * 8
    return int("".join("".join(map(str, row)).ljust(width, "0") for row in rows), 2)
