"""What stands in one place of the data, in words."""

from __future__ import annotations

import numpy as np
import pytest

from app.project.data_look.cells import cells_of, date_text, number_text
from resources.text import Text
from runtime.messages.describing import Column
from runtime.messages.looking import ColumnPreview, SmallWave, Thumbnail
from runtime.spec import ColumnKind


def texts(values: list[float], kind: ColumnKind, categories: tuple[str, ...] = ()) -> list[str]:
    array = np.array(values)
    column = Column("x", (), "float64", len(values), kind, categories=categories)
    return [
        cell.text for cell in cells_of(ColumnPreview("x", kind, (), "float64", len(array), array.tobytes()), column)
    ]


def test_numbers_words_and_dates() -> None:
    assert texts([1.0, 0.25, np.nan, 1e20, np.inf], "number") == ["1", "0.25", "", "1e+20", "∞"]
    assert texts([0.0, 1.0, -1.0], "category", ("cat", "dog")) == ["cat", "dog", "-1"]
    assert texts([0.0, 86399.0, np.nan], "date") == ["1970-01-01", "1970-01-01 23:59:59", ""]


@pytest.mark.parametrize("seconds", [1e18, -1e18])
def test_years_that_there_are_not(seconds: float) -> None:
    assert date_text(seconds) == number_text(seconds, ())


def test_the_beginning_of_long_samples() -> None:
    column = Column("x", (100,), "uint8", 1, "number")
    (cell,) = cells_of(ColumnPreview("x", "number", (8,), "uint8", 1, bytes(range(8))), column)
    assert cell.text == "0, 1, 2, …"


def test_texts_are_one_line_and_pictures_are_none() -> None:
    preview = ColumnPreview("x", "text", (), "object", 2, texts=("two\nlines", ""))
    assert [(cell.text, cell.missing) for cell in cells_of(preview, None)] == [("two lines", False), ("", True)]
    picture = Thumbnail(1, 1, 1, b"x")
    (cell,) = cells_of(ColumnPreview("x", "image", (1, 1), "uint8", 1, pictures=(picture,)), None)
    assert cell.picture is picture


def test_sounds_are_waves_or_the_reason_why_not() -> None:
    wave, reason = SmallWave(b"\x81", b"\x7f"), Text("it is empty")
    preview = ColumnPreview("x", "audio", (80,), "float32", 2, waves=(wave, None), unreadable={1: reason})
    assert [(cell.wave, cell.reason) for cell in cells_of(preview, None)] == [(wave, None), (None, reason)]
