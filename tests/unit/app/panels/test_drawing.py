"""What is drawn becomes numbers as the data has them."""

from __future__ import annotations

import numpy as np
import pytest

from app.panels.tryit.bars import in_order
from app.panels.tryit.fields.number import read_number
from app.panels.tryit.parts.drawing import Drawing, Origin, Stroke
from app.panels.tryit.parts.values import Canvas, array_of, tensor_of
from runtime.messages.trained import GivenValue
from runtime.messages.trying import FormField
from runtime.spec import SAMPLES_FOLDER


def field(
    example: np.ndarray | None,
    shape: tuple[int | None, ...] = (8, 8, 1),
    low: float | None = None,
    high: float | None = None,
) -> FormField:
    given = GivenValue() if example is None else GivenValue(tensor=tensor_of(example))
    return FormField("image", "image", shape, ("image",), low=low, high=high, example=given)


def digit(row: int) -> np.ndarray:
    import h5py

    with h5py.File(SAMPLES_FOLDER / "digits.h5") as file:
        return np.asarray(file["image"][row])


def test_the_ground_of_digits_is_dark_and_their_ink_is_sixteen() -> None:
    canvas = Canvas(field(digit(3), low=0, high=16))
    assert canvas.dark and (canvas.height, canvas.width, canvas.channels) == (8, 8, 1)
    assert canvas.extent == 1.0, "digits are as high as their pictures"
    drawing = Drawing(8, 8, 1, canvas.dark)
    drawing.begin(Stroke([(0.5, 0.0)], 0.25, "white"))
    drawing.go_on((0.5, 1.0))
    values = array_of(canvas.tensor(drawing.shares()))
    assert values.shape == (8, 8, 1) and values.dtype == digit(3).dtype
    assert (values[:, 3:5] == 16).all() and (values[:, [0, 1, 6, 7]] == 0).all()


def test_ink_on_white_paper_is_dark() -> None:
    paper = np.full((28, 28, 1), 255, np.uint8)
    paper[8:20, 12:16] = 10
    canvas = Canvas(field(paper, (None, None, 1), low=0, high=255))
    assert not canvas.dark and canvas.extent == pytest.approx(12 / 28)
    drawing = Drawing(canvas.height, canvas.width, canvas.channels, canvas.dark)
    assert (array_of(canvas.tensor(drawing.shares())) == 255).all()


def test_a_sample_comes_out_as_it_went_in() -> None:
    canvas = Canvas(field(digit(3), low=0, high=16))
    shares = canvas.shares(tensor_of(digit(5)))
    assert shares is not None
    drawing = Drawing(8, 8, 1, True)
    drawing.show(shares, Origin(None))
    assert (array_of(canvas.tensor(drawing.shares())) == digit(5)).all()
    drawing.begin(Stroke([(0.0, 0.0)], 0.01, "black"))
    assert (array_of(canvas.tensor(drawing.shares()))[1:] == digit(5)[1:]).all(), "what is not drawn on stays"


def test_a_file_has_the_range_of_the_data() -> None:
    file = tensor_of(np.arange(64, dtype=np.uint8).reshape(8, 8, 1) * 4)
    digits, photos = (
        Canvas(field(digit(3), low=0, high=16)),
        Canvas(field(np.zeros((8, 8, 1), np.uint8), low=3, high=250)),
    )
    assert array_of(digits.given(file)).max() == 16 and array_of(photos.given(file)).tobytes() == file.data


def test_floats_are_drawn_between_their_limits() -> None:
    canvas = Canvas(field(np.zeros((4, 4, 3), np.float32), (4, 4, 3), low=-1.0, high=1.0))
    drawing = Drawing(4, 4, 3, canvas.dark)
    drawing.begin(Stroke([(0.5, 0.5)], 4.0, "#ff0000"))
    values = array_of(canvas.tensor(drawing.shares()))
    assert values.dtype == np.float32 and (values == np.array([1, -1, -1], np.float32)).all()


@pytest.mark.parametrize("shape", [(8, 8, 2), (8,), (5000, 8, 1), (3, 8, 8, 1)])
def test_nobody_draws_what_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"picture|draws"):
        Canvas(field(None, shape))


def test_centring_keeps_a_dot_a_dot() -> None:
    drawing = Drawing(8, 8, 1, True)
    drawing.begin(Stroke([(0.1, 0.1)], 0.15, "white"))
    shares = drawing.shares(1.0)[..., 0]
    assert shares[3:5, 3:5].min() > 0 and shares[:2].max() == 0 and shares.sum() < 4


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12.0), (" -1,5 ", -1.5), ("1e-3", 1e-3), ("\u22122", -2.0), ("", None), ("many", None), ("nan", None),
     ("inf", None), ("1_000", None), ("1,000.5", None), ("\u0663", None)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: float | None) -> None:
    assert read_number(text) == number


def test_classes_stand_in_the_order_of_their_numbers() -> None:
    names = ["class 10", "class 9", "Apple", "2", "10"]
    assert sorted(names, key=in_order) == ["2", "10", "Apple", "class 9", "class 10"]
