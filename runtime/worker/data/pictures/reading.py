"""Files of pictures as arrays of one size, and why one of them cannot be read. Free of Keras.

What is done to the pixels stands in `resources/python_code/in_scripts/pictures.py`: exported scripts do the same.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resources.os_reasons import os_reason
from resources.regular_files import open_regular, read_regular
from resources.text import Text
from runtime.lazy import LazyModule
from runtime.worker.data.pictures import fast_jpeg, many_jpegs

if TYPE_CHECKING:
    import numpy as np
    import PIL
    from numpy.typing import NDArray
    from PIL import Image, ImageOps

    from resources.python_code.in_scripts import pictures

    Array = NDArray[Any]
else:
    np = LazyModule("numpy")
    PIL = LazyModule("PIL")
    Image = LazyModule("PIL.Image")
    ImageOps = LazyModule("PIL.ImageOps")
    pictures = LazyModule("resources.python_code.in_scripts.pictures")
    Array = Any

MOST_PIXELS: Final = 128 * 10**6  # of one picture: half a gigabyte while it is decoded
_LARGE: Final = 16 * 10**6  # pixels; of such pictures one is decoded after the other
_LARGEST_FILE: Final = 2**30  # bytes
_LARGEST_OF_MANY: Final = 2**20
_CHANNELS: Final = {"grey": 1, "rgb": 3, "rgba": 4}
_DTYPES: Final = {"8": "uint8", "16": "uint16", "float": "float32"}
_one_large = threading.Lock()

GONE: Final = Text("it is not there any more")
EMPTY: Final = Text("it is empty")
NO_PICTURE: Final = Text("it is no picture that can be read, whatever its name says")
TOO_SHORT: Final = Text("it ends too early")
DAMAGED: Final = Text("it is damaged")


class PictureError(Exception):
    """A file that cannot be read: `reason` is the end of a sentence, `detail` what Pillow says."""

    def __init__(self, reason: str | Text, detail: str = "") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """What all pictures are made into: `size` is (height, width), `depth` "8", "16" or "float"."""

    size: tuple[int, int]
    colour: str = "rgb"
    depth: str = "8"
    fit: str = "stretch"
    interpolation: str = "bilinear"

    @property
    def shape(self) -> tuple[int, int, int]:
        return (*self.size, _CHANNELS[self.colour])

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(_DTYPES[self.depth])

    def read(self, path: Path | str) -> Array:
        """The pixels, of `shape` and `dtype`. Raises PictureError."""
        return self.decode(_bytes(path))

    def read_many(self, paths: Sequence[str]) -> Array | None:
        """The same of several files at once where that is faster and all can be read; else None."""
        if self.depth != "8" or self.colour not in ("grey", "rgb"):
            return None
        try:
            datas = [read_regular(path, _LARGEST_OF_MANY) for path in paths]
        except OSError:
            return None
        return many_jpegs.decode_many(datas, *self.shape)

    def decode(self, data: bytes) -> Array:
        """The same of what a file holds."""
        mode, side = pictures.PICTURE_MODES[self.colour], None if self.interpolation == "nearest" else max(self.size)
        picture = fast_jpeg.decode(data, mode, side, _LARGE)
        if picture is not None:
            if picture.mode == mode and picture.size == self.size[::-1] and self.depth == "8":  # nothing is left to do
                return np.frombuffer(picture.tobytes(), np.uint8).reshape(self.shape)
            return self._pixels(picture)
        with _opened(data) as picture:
            if side is not None:
                picture.draft(mode, (side, side))
            with _one_at_a_time(picture):
                ImageOps.exif_transpose(picture, in_place=True)
                return self._pixels(picture)

    def _pixels(self, picture: Any) -> Array:
        pixels: Array = pictures.picture_pixels(
            picture, *self.size, self.colour, self.depth, self.fit, self.interpolation
        )
        return pixels


def read_mask(path: Path | str, size: tuple[int, int], fit: str) -> Array:
    """The numbers of a mask, of shape (height, width, 1), of 3 colours if it has some. Raises PictureError."""
    with _opened(_bytes(path)) as picture, _one_at_a_time(picture):
        numbers: Array = pictures.mask_pixels(picture, *size, fit)
        return numbers


def thumbnail(file: Path | str | bytes, size: int, *, is_mask: bool = False) -> Array:
    """The picture as it is, upright, sides up to `size`: (height, width, 1, 3 or 4), of any type of numbers.

    The numbers of a mask are shown from black to white. Raises PictureError.
    """
    with _opened(_bytes(file)) as picture:
        if not is_mask:
            picture.draft("RGB", (size, size))
        with _one_at_a_time(picture):
            ImageOps.exif_transpose(picture, in_place=True)
            shown = pictures.mask_numbers(picture) if is_mask else _shown(picture)
            shown.thumbnail((size, size), Image.Resampling.NEAREST if is_mask else Image.Resampling.BILINEAR)
            values = np.asarray(shown)
    if is_mask and values.ndim == 2:
        values = values / max(1.0, float(values.max()))
    return values[..., None] if values.ndim == 2 else values


def _shown(picture: Any) -> Any:
    """In grey, colours, or colours and transparency; numbers of more than 8 bits stay."""
    if picture.mode.startswith(("I", "F")):
        return Image.fromarray(np.asarray(picture, np.float32))
    if picture.mode in ("L", "RGB", "RGBA"):
        return picture
    return picture.convert("RGBA" if _has_alpha(picture) else "RGB")


def _has_alpha(picture: Any) -> bool:
    return picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of its picture before it is decoded; `size` is (height, width), as it is seen upright."""

    size: tuple[int, int]
    mode: str
    has_alpha: bool


def read_header(file: Path | str | BinaryIO) -> Header:
    """No more of the file is read than its beginning. Raises PictureError."""
    with _stream(file) as stream, _opened(stream) as picture:
        width, height = picture.size
        _require_pixels(picture)  # asking a PNG for its orientation decodes it
        if picture.format != "TIFF" and picture.getexif().get(_ORIENTATION, 1) in _LYING:  # of TIFF it is upright
            width, height = height, width
        return Header((height, width), picture.mode, _has_alpha(picture))


_ORIENTATION: Final = 0x0112
_LYING: Final = (5, 6, 7, 8)


def is_transparent(file: Path | str | BinaryIO) -> bool:
    """Whether something shines through. Raises PictureError."""
    with _stream(file) as stream, _opened(stream) as picture, _one_at_a_time(picture):
        lowest, _ = picture.convert("RGBA").getchannel("A").getextrema()
        return bool(lowest < 255)


def verify(file: Path | str | bytes) -> None:
    """Decodes all of a file, or of what is in it. Raises PictureError."""
    with _opened(_bytes(file)) as picture, _one_at_a_time(picture):
        picture.load()


def _bytes(file: Path | str | bytes) -> bytes:
    try:
        data = file if isinstance(file, bytes) else read_regular(file, _LARGEST_FILE)
    except OSError as error:
        raise unreadable_file(error) from error
    if not data:
        raise PictureError(EMPTY)
    return data


@contextmanager
def _stream(file: Path | str | BinaryIO) -> Iterator[BinaryIO]:
    """From its beginning; one that is open stays so."""
    if not isinstance(file, Path | str):
        file.seek(0)
        yield file
        return
    with _opened_file(file) as stream:
        yield stream


def _opened_file(path: Path | str) -> BinaryIO:
    try:
        return open_regular(path)
    except OSError as error:
        raise unreadable_file(error) from error


def unreadable_file(error: OSError) -> PictureError:
    """What is said of a file that the system does not give."""
    return PictureError(GONE if isinstance(error, FileNotFoundError | NotADirectoryError) else os_reason(error))


@contextmanager
def _opened(file: bytes | BinaryIO) -> Iterator[Any]:
    """A picture that is not decoded yet; whatever goes wrong with it inside is a PictureError."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit is a warning of Python's; here each picture is looked at
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    try:
        with Image.open(stream, formats=pictures.PICTURE_FORMATS) as picture:
            yield picture
    except (PictureError, MemoryError):
        raise
    except PIL.UnidentifiedImageError as error:
        raise PictureError(_unidentified(stream)) from error
    except Exception as error:  # of damaged files Pillow says it with errors of every kind
        raise PictureError(TOO_SHORT if "truncated" in str(error) else DAMAGED, str(error)) from error


@contextmanager
def _one_at_a_time(picture: Any) -> Iterator[None]:
    with _one_large if _require_pixels(picture) > _LARGE else nullcontext():
        yield


def _require_pixels(picture: Any) -> int:
    """How many it has. Raises PictureError for too many."""
    pixels: int = picture.size[0] * picture.size[1]
    if pixels > MOST_PIXELS:
        text = Text("it has {count} million pixels, more than are read", {"count": f"{pixels / 1e6:,.0f}"})
        raise PictureError(text)
    return pixels


_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF", b"II+\0", b"MM\0+")


def _unidentified(stream: BinaryIO) -> Text:
    stream.seek(0)
    beginning = stream.read(16)
    if not beginning:
        return EMPTY
    return DAMAGED if known_beginning(beginning) else NO_PICTURE


def known_beginning(data: bytes) -> bool:
    """Whether a file begins as one of a picture does."""
    return data.startswith(_BEGINNINGS)
