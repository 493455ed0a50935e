"""What a worker tells of boxes, as the canvas shows it."""

from __future__ import annotations

import pytest

from app.panels.inside.output_names import said
from app.panels.inside.shown import input_of, look_of, share_text, short
from graph_editor.view.painting.inside_values import HeatMap, MapTiles, StepLines, ValueBars, WordList
from resources.text import Text
from runtime.messages.inside import Activation, CallAt, Line, SmallView, Tiles, Tokens, Vector
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Heat

CALL = CallAt("a")
MAP = Thumbnail(2, 2, 1, bytes(4))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.934, "1.93"), (-12.51, "−12.5"), (1234.0, "1,234"), (0.25, "0.25"), (100.0, "100"), (None, "–"),
     (float("inf"), "∞"), (1e-7, "1.0e-7")],
)  # fmt: skip
def test_numbers_take_as_few_signs_as_tell_them(value: float | None, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(("share", "text"), [(0.0, "0 %"), (0.704, "70 %"), (0.004, "0.4 %"), (1.0, "100 %")])
def test_shares_are_in_per_cent(share: float, text: str) -> None:
    assert share_text(share) == text


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (Tiles((MAP,), (3,), 8), MapTiles),
        (Line(((0.0, 1.0),), (0,), 4), StepLines),
        (Vector((0.1, 0.9)), ValueBars),
        (Heat(((0.0, 1.0),)), HeatMap),
        (Tokens(("a",), 5), WordList),
    ],
)
def test_every_view_has_its_picture(view: SmallView, kind: type) -> None:
    look = look_of([Activation(CALL, 0, (2, 2), "float32", 0.0, 1.93, 0.5, 0.7, 0, view)])
    assert isinstance(look.view, kind)
    assert look.briefs == ("0 … 1.93", "70 % zero")
    assert "mean 0.500 · 70 % zero" in look.lines


def test_without_zeros_the_mean_is_told_and_nan_before_all() -> None:
    view = Vector((0.1, 0.9))
    assert look_of([Activation(CALL, 0, (2,), "float32", 0.1, 0.9, 0.5, 0.0, 0, view)]).briefs[1] == "mean 0.5"
    assert look_of([Activation(CALL, 0, (2,), "float32", 0.1, 0.9, 0.5, 0.5, 3, view)]).briefs[1] == "3 NaN"


def test_of_several_outputs_the_first_is_drawn_and_the_others_are_told() -> None:
    view = Vector((0.1, 0.9))
    look = look_of([Activation(CALL, 0, (2,), "float32", view=view), Activation(CALL, 1, (3, 4), "float32", view=view)])
    assert look.lines[-1] == "output 2: 3×4"


def test_an_error_is_said_in_place_of_a_view() -> None:
    look = look_of([Activation(CALL, error=Text("It has no tensor."))])
    assert (look.view, look.note, look.quiet) == (None, "It has no tensor.", False)


def test_an_output_says_what_the_sample_is_taken_for() -> None:
    names = ("cat", "dog", "bird")
    told = [Activation(CALL, 0, (3,), "float32", view=Vector((0.1, 0.7, 0.2), names, 3))]
    assert said(told, 0) == (names, 1)
    assert said(told, 1) is None
    assert said([Activation(CALL, 0, (900,), "float32", view=Vector((0.1, 0.7), (), 900))], 0) is None


def test_a_picture_of_small_numbers_is_not_left_in_the_dark() -> None:
    assert input_of(Thumbnail(2, 1, 1, bytes((0, 16)))).data == bytes((0, 255))
    assert input_of(Thumbnail(1, 1, 3, bytes((10, 200, 30)))).data == bytes((10, 200, 30))
    assert input_of(Thumbnail(1, 1, 3, bytes((0, 8, 16)))).data == bytes((0, 128, 255))
