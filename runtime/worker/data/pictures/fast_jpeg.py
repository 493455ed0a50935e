"""Decoding plain JPEG files past what Pillow does for each file in Python: of small pictures that is half of the time.

The decoder is Pillow's own, so the pixels are the same. What is not plain is left to `PIL.Image.open`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from runtime.lazy import LazyModule

if TYPE_CHECKING:
    from PIL import Image
else:
    Image = LazyModule("PIL.Image")

_START: Final = b"\xff\xd8"
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))  # baseline, extended and progressive
_EXIF: Final = 0xE1  # may say that the picture has to be turned
_SCAN: Final = 0xDA
_REDUCTIONS: Final = (8, 4, 2, 1)


def decode(data: bytes, mode: str, side: int | None, most_pixels: int) -> Image.Image | None:
    """The picture in grey where `mode` is "L" or it is grey, otherwise RGB; None where it is no plain JPEG.

    `side`: as `draft` does it, the picture may be a half, a quarter or an eighth as large, but no smaller than that.
    """
    frame = plain_frame(data)
    if frame is None:
        return None
    width, height, channels = frame
    reduced = 1
    if side is not None:
        ratio = min(width // side, height // side)
        reduced = next((one for one in _REDUCTIONS if ratio >= one), 1)
    size = (width + reduced - 1) // reduced, (height + reduced - 1) // reduced
    if 0 in size or size[0] * size[1] > most_pixels:
        return None
    decoded = "L" if mode == "L" or channels == 1 else "RGB"
    try:
        return Image.frombytes(decoded, size, data, "jpeg", decoded, "", reduced, 0)
    except (ValueError, OSError):  # damaged: the slow way tells how
        return None


def plain_frame(data: bytes) -> tuple[int, int, int] | None:
    """Width, height and channels; None where something stands before them that is not for here."""
    if not data.startswith(_START):
        return None
    at, end = 2, len(data) - 9
    while at < end and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            channels = data[at + 9]
            if data[at + 4] != 8 or channels not in (1, 3):
                return None
            return data[at + 7] << 8 | data[at + 8], data[at + 5] << 8 | data[at + 6], channels
        if marker in (_EXIF, _SCAN) or marker < 0xC0 or marker == 0xFF:
            return None
        at += 2 + (data[at + 2] << 8 | data[at + 3])
    return None
