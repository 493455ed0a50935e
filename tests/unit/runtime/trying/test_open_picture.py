"""A picture that a person gives: its size and mode, how it fits, and why it cannot be read."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from runtime.messages.trying import OpenPicture
from runtime.worker.data.source import DataError
from runtime.worker.evaluation.answers.open_picture import opened


def png(pixels: np.ndarray, mode: str | None = None, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(file, kind)
    return file.getvalue()


def test_a_picture_of_the_right_size_stays_as_it_is() -> None:
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8) * 3
    answer = opened(OpenPicture(4, png(pixels), 8, 8, 1))
    assert (answer.id, answer.height, answer.width, answer.mode) == (4, 8, 8, "L")
    assert answer.fitted.shape == (8, 8, 1) and answer.fitted.data == pixels.tobytes()


def test_another_one_keeps_its_proportions_on_the_colour_of_its_border() -> None:
    pixels = np.full((20, 40, 3), 250, np.uint8)
    pixels[5:15, 15:25] = (255, 0, 0)
    answer = opened(OpenPicture(1, png(pixels), 8, 8, 3))
    fitted = np.frombuffer(answer.fitted.data, np.uint8).reshape(answer.fitted.shape)
    assert (answer.height, answer.width, answer.mode) == (20, 40, "RGB")
    assert fitted.shape == (8, 8, 3) and (fitted[:2] == 250).all() and (fitted[6:] == 250).all()
    assert fitted[4, 4, 0] > 240 and fitted[4, 4, 1] < 120


@pytest.mark.parametrize(
    ("mode", "kind"), [("P", "GIF"), ("RGBA", "PNG"), ("CMYK", "JPEG"), ("1", "BMP"), ("I;16", "PNG")]
)
def test_pictures_of_every_mode_are_read(mode: str, kind: str) -> None:
    pixels = np.full((6, 6), 255 if mode == "1" else 200, np.uint8)  # black and white dithers what is grey
    data = png(pixels.astype(np.uint16) * 257, None, kind) if mode == "I;16" else png(pixels, mode, kind)
    fitted = np.frombuffer(opened(OpenPicture(1, data, 6, 6, 1)).fitted.data, np.uint8)
    assert fitted == pytest.approx(255 if mode == "1" else 200, abs=4)


def test_pictures_of_one_row_or_huge_proportions_fit() -> None:
    answer = opened(OpenPicture(1, png(np.full((1, 900), 9, np.uint8)), 8, 8, 1))
    assert set(answer.fitted.data) == {9} and answer.original.width <= 256


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"hello, this is a text", "it is no picture"),
        (png(np.zeros((64, 64), np.uint8))[:60], "it "),
        (b"\x89PNG" + b"\x00" * 40, "it is damaged"),
    ],
)
def test_what_is_none_is_said_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(DataError) as refused:
        opened(OpenPicture(1, data, 8, 8, 1))
    assert str(refused.value.text).startswith(f"This picture cannot be read: {reason}")
