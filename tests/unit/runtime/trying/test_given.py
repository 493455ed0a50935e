"""Files of pictures for data that is numbers: nothing is done to them that no training did."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from runtime.evaluation.kept_data import KeptColumn
from runtime.messages.trained import GivenValue
from runtime.worker.data.keeping.given import GivenSource
from runtime.worker.data.source import Array, DataError


def given(pixels: np.ndarray, column: KeptColumn) -> Array:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    source = GivenSource({"image": column}, {"image": GivenValue(file=file.getvalue())})
    return source.read("image", slice(0, 1))


def test_a_picture_of_another_size_is_refused() -> None:
    column = KeptColumn("image", (8, 8, 1), "uint8", low=0, high=16)
    with pytest.raises(DataError) as refused:
        given(np.zeros((10, 20), np.uint8), column)
    assert str(refused.value.text) == "image is 8×8×1 in training, but this is 10×20."


@pytest.mark.parametrize(
    ("column", "brightest"),
    [
        (KeptColumn("image", (8, 8, 1), "uint8", low=0, high=16), 16),
        (KeptColumn("image", (8, 8), "float32", low=-1, high=1), 1),
        (KeptColumn("image", (8, 8), "float32", low=0, high=1), 1),
        (KeptColumn("image", (8, 8), "uint8", low=3, high=250), 255),
        (KeptColumn("image", (8, 8), "uint8"), 255),
    ],
)
def test_its_shades_are_those_of_the_data(column: KeptColumn, brightest: float) -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8)
    pixels[0, 0] = 255
    values = given(pixels, column)
    assert values.shape == (1, *column.shape) and values.dtype == column.dtype and values.max() == brightest
