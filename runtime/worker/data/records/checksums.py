"""CRC-32C of many pieces of bytes at once, masked as files of records hold it. No library that is here has it.

A checksum is linear: pieces are cut into short runs, which are worked through side by side and joined again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from runtime.lazy import LazyModule
from runtime.worker.data.source import Array

if TYPE_CHECKING:
    import numpy as np
else:
    np = LazyModule("numpy")

_POLYNOMIAL: Final = 0x82F63B78
_RUN: Final = 128  # bytes
_ROWS: Final = 8192  # that stay in the cache of the processor
_MASK: Final = 0xA282EAD8


def masked_checksums(pieces: Sequence[bytes]) -> Array:
    """uint32, one of each piece."""
    if not pieces:
        return np.zeros(0, np.uint32)
    lengths = np.array([len(piece) for piece in pieces], np.int64)
    run = min(_RUN, 1 << max(1, int(lengths.max() - 1).bit_length()))
    runs = np.maximum(1, -(-lengths // run))
    registers = _of_runs(_in_runs(pieces, lengths, runs, run))
    while int(runs.max()) > 1:
        registers, runs, run = *_joined(registers, runs, run), run * 2
    different, places = np.unique(lengths, return_inverse=True)
    checksums = registers ^ _beginnings(different)[places] ^ np.uint32(0xFFFFFFFF)
    masked: Array = ((checksums >> np.uint32(15)) | (checksums << np.uint32(17))) + np.uint32(_MASK)
    return masked


def _in_runs(pieces: Sequence[bytes], lengths: Array, runs: Array, run: int) -> Array:
    """The bytes of each piece in its runs, behind zeros: a register of zeros stays one behind these."""
    if (lengths == lengths[0]).all():
        same: Array = np.zeros((len(pieces), int(runs[0]) * run), np.uint8)
        if lengths[0]:
            same[:, -int(lengths[0]) :] = np.frombuffer(b"".join(pieces), np.uint8).reshape(len(pieces), -1)
        return same.reshape(-1, run)
    ends = np.cumsum(runs) * run
    padded = bytearray(int(ends[-1]))
    for piece, length, end in zip(pieces, lengths.tolist(), ends.tolist(), strict=True):
        padded[end - length : end] = piece
    return np.frombuffer(padded, np.uint8).reshape(-1, run)


def _of_runs(rows: Array) -> Array:
    """The register behind each row, which was zero before it: two bytes at a time, of some rows at once."""
    registers: Array = np.zeros(len(rows), np.uint32)
    table, places = _pair_table(), np.empty(_ROWS, np.intp)
    found = np.empty(_ROWS, np.uint32)
    for first in range(0, len(rows), _ROWS):
        some = rows[first : first + _ROWS]
        pairs = np.ascontiguousarray(some.view("<u2").T)
        register, place, value = registers[first : first + _ROWS], places[: len(some)], found[: len(some)]
        for pair in pairs:
            np.bitwise_xor(register, pair, out=value)
            np.bitwise_and(value, np.uint32(0xFFFF), out=place, casting="unsafe")
            np.take(table, place, out=value, mode="clip")
            np.right_shift(register, np.uint32(16), out=register)
            np.bitwise_xor(register, value, out=register)
    return registers


def _joined(registers: Array, runs: Array, run: int) -> tuple[Array, Array]:
    """Two runs each become one, the last two of a piece first; of an odd number the first one stays."""
    halves = (runs + 1) // 2
    lasts, ends = np.cumsum(runs) - 1, np.cumsum(halves)
    behind = np.repeat(ends - 1, halves) - np.arange(int(ends[-1]))  # how many of the piece come after it
    right = np.repeat(lasts, halves) - 2 * behind
    paired = np.flatnonzero(2 * behind + 1 < np.repeat(runs, halves))
    joined = registers[right]
    joined[paired] ^= _moved(registers[right[paired] - 1], _tables(run))
    return joined, halves


def _beginnings(lengths: Array) -> Array:
    """What a register of ones has become behind so many bytes."""
    register: Array = np.full(len(lengths), 0xFFFFFFFF, np.uint32)
    bit = 0
    while (lengths >> bit).any():
        moving = np.flatnonzero((lengths >> bit) & 1)
        register[moving] = _moved(register[moving], _tables(1 << bit))
        bit += 1
    return register


def _moved(register: Array, tables: Array) -> Array:
    """The register behind as many zeros as the tables are of."""
    moved: Array = tables[0][register & np.uint32(0xFF)]
    for place in range(1, 4):
        moved = moved ^ tables[place][(register >> np.uint32(8 * place)) & np.uint32(0xFF)]
    return moved


@cache
def _byte_table() -> Array:
    table: Array = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> np.uint32(1)) ^ np.where(table & np.uint32(1), np.uint32(_POLYNOMIAL), np.uint32(0))
    return table


@cache
def _pair_table() -> Array:
    values: Array = np.arange(65536, dtype=np.uint32)
    for _ in range(2):
        values = _byte_table()[values & np.uint32(0xFF)] ^ (values >> np.uint32(8))
    return values


@cache
def _tables(zeros: int) -> Array:
    """(4, 256): what each value of each byte of the register becomes behind so many zeros, a power of two."""
    values: Array = np.arange(256, dtype=np.uint32) << np.array([[0], [8], [16], [24]], np.uint32)
    if zeros == 1:
        moved: Array = _byte_table()[values & np.uint32(0xFF)] ^ (values >> np.uint32(8))
        return moved
    half = _tables(zeros // 2)
    return _moved(_moved(values, half), half)
