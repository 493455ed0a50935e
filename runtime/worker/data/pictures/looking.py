"""What pictures are made into where nobody has said it: found out from some of them, spread over all."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from runtime.worker.data.pictures.reading import Header, PictureError, is_transparent, read_header, read_mask

LOOKED_AT: Final = 64
_SECONDS: Final = 1.0  # after which the files seen so far have to do: on a slow disk each one takes a while
_DECODED: Final = 8
_LARGEST_SIDE: Final = 512  # of pictures that are all of one size, which is kept up to here
_PROPOSED: Final = (32, 64, 96, 128, 160, 192, 224)
_GREY: Final = ("1", "L", "I", "F")


@dataclass(frozen=True, slots=True)
class Found:
    """`sizes` are the different ones, (height, width), of the files that were looked at; `count` says how many."""

    size: tuple[int, int]
    sizes: frozenset[tuple[int, int]] = frozenset()
    count: int = 0
    colour: str = "rgb"
    depth: str = "8"
    pixels: int = 0  # of a usual picture


def spread(count: int, most: int = LOOKED_AT) -> list[int]:
    """Up to `most` of the numbers below `count`, as far apart as they can be."""
    if count <= most:
        return list(range(count))
    return [number * (count - 1) // (most - 1) for number in range(most)]


def look(root: str, files: Sequence[str]) -> Found:
    """Files that cannot be read tell nothing."""
    return look_into([f"{root}/{files[number]}" for number in spread(len(files))])


def look_into(files: Sequence[str | BinaryIO]) -> Found:
    """The same of these files."""
    until = time.monotonic() + _SECONDS
    headers: list[Header] = []
    seen: list[str | BinaryIO] = []
    for file in files:
        try:
            headers.append(read_header(file))
            seen.append(file)
        except PictureError:
            continue
        if time.monotonic() > until:
            break
    if not headers:
        return Found((_PROPOSED[0], _PROPOSED[0]))
    sizes = [header.size for header in headers]
    pixels = int(statistics.median(height * width for height, width in sizes))
    colour = _colour(headers, seen)
    depth = _depth(headers) if colour == "grey" else "8"
    return Found(_size(sizes), frozenset(sizes), len(headers), colour, depth, pixels)


def _size(sizes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    if len(set(sizes)) > 1:
        side = statistics.median(min(size) for size in sizes)
        proposed = max((one for one in _PROPOSED if one <= side), default=_PROPOSED[0])
        return proposed, proposed
    height, width = sizes[0]
    largest = max(height, width)
    if largest <= _LARGEST_SIDE:
        return height, width
    shrunk = _PROPOSED[-1] / largest
    return max(1, round(height * shrunk)), max(1, round(width * shrunk))


def _colour(headers: Sequence[Header], files: Sequence[str | BinaryIO]) -> str:
    if all(header.mode.startswith(_GREY) and header.mode != "LAB" and not header.has_alpha for header in headers):
        return "grey"
    if not all(header.has_alpha for header in headers):
        return "rgb"
    return "rgba" if any(map(_shines, files[:_DECODED])) else "rgb"


def _shines(file: str | BinaryIO) -> bool:
    try:
        return is_transparent(file)
    except PictureError:
        return False


def _depth(headers: Sequence[Header]) -> str:
    modes = {header.mode for header in headers}
    if modes & {"I", "F"}:
        return "float"
    return "16" if any(mode.startswith("I;16") for mode in modes) else "8"


def look_at_masks(root: str, files: Sequence[str], size: tuple[int, int], fit: str) -> tuple[int, str]:
    """Channels and the type of the numbers that hold all that the masks have, by some of them."""
    channels, dtypes = 1, {"uint8"}
    for number in spread(len(files), _DECODED):
        try:
            numbers = read_mask(f"{root}/{files[number]}", size, fit)
        except PictureError:
            continue
        channels = max(channels, numbers.shape[-1])
        dtypes.add(str(numbers.dtype))
    order = ("float32", "int32", "uint16")
    return channels, next((dtype for dtype in order if dtype in dtypes), "uint8")
