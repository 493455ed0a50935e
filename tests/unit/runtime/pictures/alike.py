"""Whether TensorFlow decodes JPEG files as Pillow does; for a process that has TensorFlow (scenarios.py)."""

import io
from itertools import product
from typing import Any

import numpy as np
from PIL import Image

from runtime.worker.data.pictures.many_jpegs import decode_many
from runtime.worker.data.pictures.reading import PictureFormat

SIZES = ((64, 64), (63, 65), (17, 9), (40, 2), (1, 1))


def compare() -> dict[str, Any]:
    """How many kinds of files were decoded by both, which of them differ, and what is left to Pillow."""
    random = np.random.default_rng(0)
    differing, count = [], 0
    for size, mode, quality, sampling, colour in product(SIZES, ("RGB", "L"), (20, 95), (0, 1, 2), ("rgb", "grey")):
        coarse = Image.fromarray(random.integers(0, 255, (4, 4, 3), np.uint8)).resize(size[::-1])
        noise = random.integers(0, 40, (*size, 3), np.uint8)
        picture = Image.fromarray(np.asarray(coarse) // 2 + noise).convert(mode)
        for progressive in (False, True):
            data = _jpeg(picture, quality=quality, subsampling=sampling, progressive=progressive)
            one_by_one = PictureFormat(size, colour).decode(data)
            at_once = decode_many([data, data], *one_by_one.shape)
            count += 1
            if at_once is None or not all(np.array_equal(one, one_by_one) for one in at_once):
                differing.append([size, mode, quality, sampling, colour, progressive])
    picture = Image.fromarray(random.integers(0, 255, (64, 64, 3), np.uint8))
    plain = _jpeg(picture)
    turned = Image.Exif()
    turned[0x0112] = 6
    others = {
        "cut": plain[: len(plain) // 2],
        "turned": _jpeg(picture, exif=turned),
        "CMYK": _jpeg(Image.new("CMYK", (64, 64))),
        "of another size": _jpeg(picture.resize((64, 32))),
        "no JPEG": b"text",
    }
    left = [name for name, data in others.items() if decode_many([plain, data], 64, 64, 3) is None]
    return {"count": count, "differing": differing, "left": left, "wanted": list(others)}


def _jpeg(picture: Image.Image, **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, "jpeg", **how)
    return file.getvalue()
