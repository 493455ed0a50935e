"""Pictures as arrays of one size.

Scripts hold this word by word (`resources/python_code/shared.py`).
"""

import typing

import numpy as np
from PIL import Image, ImageOps

PICTURE_FORMATS = ("BMP", "DIB", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
PICTURE_MODES = {"grey": "L", "rgb": "RGB", "rgba": "RGBA"}
INTERPOLATIONS = {
    "nearest": Image.Resampling.NEAREST,
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos3": Image.Resampling.LANCZOS,
}


def read_picture(
    file: typing.Any, height: int, width: int, colour: str, depth: str, fit: str, interpolation: str
) -> typing.Any:
    """The pixels of a file, upright, of shape (height, width, channels)."""
    with Image.open(file, formats=PICTURE_FORMATS) as picture:
        if interpolation != "nearest":  # a large JPEG is decoded at half, a quarter, an eighth
            picture.draft(PICTURE_MODES[colour], (max(height, width),) * 2)
        ImageOps.exif_transpose(picture, in_place=True)
        return picture_pixels(picture, height, width, colour, depth, fit, interpolation)


def picture_pixels(
    picture: typing.Any,
    height: int,
    width: int,
    colour: str,
    depth: str,
    fit: str,
    interpolation: str,
) -> typing.Any:
    picture = fitted(
        in_colour(picture, colour, depth), height, width, fit, INTERPOLATIONS[interpolation]
    )
    pixels = np.asarray(picture)
    if depth == "16":
        pixels = np.clip(np.rint(pixels), 0, 65535).astype(np.uint16)
    return pixels.reshape(height, width, -1)


def in_colour(picture: typing.Any, colour: str, depth: str) -> typing.Any:
    """The picture with 8 bits for each channel, or one channel of floats where more is kept."""
    deep = picture.mode.startswith(("I", "F"))
    if depth != "8":
        values = np.asarray(picture if deep else picture.convert("L"), np.float32)
        return Image.fromarray(values if deep or depth == "float" else values * 257)
    if deep:
        values = np.asarray(picture)
        values = (
            values // 256
            if picture.mode.startswith("I;16")
            else np.clip(np.nan_to_num(values), 0, 255)
        )
        picture = Image.fromarray(values.astype(np.uint8))
    mode = PICTURE_MODES[colour]
    return picture if picture.mode == mode else picture.convert(mode)


def fitted(
    picture: typing.Any, height: int, width: int, fit: str, interpolation: typing.Any
) -> typing.Any:
    """Of a size: stretched to it, or cut or padded at two sides."""
    if picture.size == (width, height):
        return picture
    if fit == "crop":
        return ImageOps.fit(picture, (width, height), interpolation)
    if fit == "pad":
        return ImageOps.pad(picture, (width, height), interpolation, color=0)
    return picture.resize((width, height), interpolation)


def read_mask(file: typing.Any, height: int, width: int, fit: str) -> typing.Any:
    """The numbers in a file, of shape (height, width, channels), and none between them."""
    with Image.open(file, formats=PICTURE_FORMATS) as picture:
        return mask_pixels(picture, height, width, fit)


def mask_pixels(picture: typing.Any, height: int, width: int, fit: str) -> typing.Any:
    ImageOps.exif_transpose(picture, in_place=True)
    mask = fitted(mask_numbers(picture), height, width, fit, Image.Resampling.NEAREST)
    return np.asarray(mask).reshape(height, width, -1)


def mask_numbers(picture: typing.Any) -> typing.Any:
    """Of a palette its places, of two colours 0 and 1, of grey one channel."""
    if picture.mode in ("1", "P"):
        return Image.fromarray(np.asarray(picture).astype(np.uint8))
    if picture.mode in ("LA", "PA"):
        return picture.getchannel(0)
    if picture.mode == "L" or picture.mode.startswith(("I", "F")):
        return picture
    colours = np.asarray(picture.convert("RGB"))
    return Image.fromarray(
        colours[..., 0].copy() if (colours == colours[..., :1]).all() else colours
    )
