"""Figures of evaluations, drawn with a painter alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from msgspec import structs
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.look.fonts import ui_font
from app.look.theme import load_theme
from app.panels.evaluate.drawing.axes import limits, round_steps
from app.panels.evaluate.drawing.figure_look import SERIES, FigureLook
from app.panels.evaluate.drawing.legend import line_pen
from app.panels.evaluate.figures import heat, matrix, numbers, samples, thresholds
from app.panels.evaluate.painters import FigurePainter, painter_of
from runtime.messages.looking import Thumbnail
from runtime.messages.views import Heat, Label, Matrix, Number, Numbers, Points, Samples, SampleView, View
from tests.gui.app.evaluate.views import MATRIX, ROC, THRESHOLDS, VIEWS

WIDTH = 420.0
LOOK = FigureLook(load_theme("dark"))


def painter_for(view: View) -> FigurePainter:
    painter = painter_of(view)
    assert painter is not None
    return painter


def drawn(view: View, look: FigureLook) -> QImage:
    painter = painter_for(view)
    tall = painter.height(view, WIDTH, look)
    image = QImage(int(WIDTH), max(1, int(tall)), QImage.Format.Format_RGB32)
    image.fill(QColor(look.theme.color("panel")))
    pen = QPainter(image)
    painter.paint(pen, QRectF(0, 0, WIDTH, tall), view, look)
    pen.end()
    return image


def hits(view: View, look: FigureLook = LOOK) -> set[tuple[int, ...]]:
    """All parts that the mouse finds."""
    painter = painter_for(view)
    tall = painter.height(view, WIDTH, look)
    points = product(range(0, int(WIDTH), 4), range(0, int(tall), 4))
    found = (painter.hit(QRectF(0, 0, WIDTH, tall), view, QPointF(x, y), look) for x, y in points)
    return {hit.part for hit in found if hit is not None}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: type(view).__name__)
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_each_kind_is_drawn_and_tells_its_parts(qapp: QApplication, view: View, theme: str) -> None:
    look = FigureLook(load_theme(theme), threshold=0.5)
    plain = drawn(view, look)
    part = min(hits(view, look))
    assert drawn(view, replace(look, marked=part)) != plain or type(view).__name__ == "Thresholds"
    colors = {plain.pixel(x, y) for x in range(0, plain.width(), 3) for y in range(0, plain.height(), 3)}
    assert len(colors) > 3
    assert painter_for(view).spoken(view)


def test_all_cells_of_a_matrix_are_found_whatever_the_order(qapp: QApplication) -> None:
    cells = {(row, column) for row in range(3) for column in range(3)}
    assert hits(MATRIX) == cells
    assert hits(MATRIX, replace(LOOK, order="confusion")) == cells


def test_the_most_confused_classes_come_first_and_the_rest_last(qapp: QApplication) -> None:
    view = Matrix(("b", "a", "rest"), ((9, 1, 0), (4, 5, 0), (90, 9, 1)), (1, 0, -1))
    assert matrix.order_of(view, LOOK) == (1, 0, 2)
    confused = Matrix(("b", "a", "rest"), ((9, 1, 0), (0, 5, 9), (0, 0, 1)), (1, 0, -1))
    assert matrix.order_of(confused, replace(LOOK, order="confusion")) == (1, 0, 2)
    assert matrix.cell_text(MATRIX, 0, 1) == "0 taken for 1: 2, 20.0 % of 0"
    assert matrix.cell_text(MATRIX, 1, 1) == "1: 9 right, 90.0 % of this class"


def test_shares_are_those_of_rows_and_columns() -> None:
    assert matrix.share_of(MATRIX, 0, 1, "row") == 2 / 10
    assert matrix.share_of(MATRIX, 0, 1, "column") == 2 / 11
    empty = Matrix(("a", "b"), ((0, 0), (0, 3)), (0, 1))
    assert matrix.share_of(empty, 0, 1, "row") == 0


def test_a_thousand_classes_fit() -> None:
    count = 41
    counts = tuple(tuple(3 if a == b else (a + b) % 2 for b in range(count)) for a in range(count))
    view = Matrix(tuple(f"a class with a long name {n}" for n in range(count)), counts, (*range(count - 1), -1))
    plan = matrix.layout(QRectF(0, 0, 460, matrix.height(view, 460, LOOK)), view, LOOK)
    assert plan.cell * count + plan.left <= 461
    assert plan.cell >= 7


def test_names_of_a_field_are_measured_once_however_many_cells_it_has(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured for each cell, forty labels took a third of a second to paint."""
    names = tuple(f"label {number}" for number in range(40))
    view = Heat(tuple(tuple(row * column / 1521 for column in range(40)) for row in range(40)), names, names)
    measured, measure = list[float](), heat._margins

    def count(view: Heat, width: float) -> tuple[float, float]:
        measured.append(width)
        return measure(view, width)

    monkeypatch.setattr(heat, "_margins", count)
    tall = heat.height(view, WIDTH, LOOK)
    image = QImage(int(WIDTH), int(tall), QImage.Format.Format_RGB32)
    pen = QPainter(image)
    heat.paint(pen, QRectF(0, 0, WIDTH, tall), view, LOOK)
    pen.end()
    hit = heat.hit(QRectF(0, 0, WIDTH, tall), view, QPointF(WIDTH - 1, tall - 3), LOOK)
    assert hit is not None
    assert hit.part == (39, 39)
    assert len(measured) == 3


def test_a_threshold_gives_the_counts_of_the_one_at_or_below_it() -> None:
    assert thresholds.counts_at(THRESHOLDS, 0, 0.5) == (5, 1, 1, 3)
    assert thresholds.counts_at(THRESHOLDS, 0, 0.49) == (6, 4, 0, 0)
    assert thresholds.matrix_at(THRESHOLDS, 0, 0.5).counts == ((3, 1), (1, 5))
    shares = {number.key: number.value for number in thresholds.numbers_at(THRESHOLDS, 0, 0.5).numbers}
    assert shares == {"accuracy": 0.8, "precision": 5 / 6, "recall": 5 / 6, "f1": 10 / 12}
    none_found = {number.key: number.value for number in thresholds.numbers_at(THRESHOLDS, 0, 1.0).numbers}
    assert none_found["precision"] is None


def test_the_point_of_a_threshold_moves_along_the_curve(qapp: QApplication) -> None:
    assert drawn(ROC, replace(LOOK, threshold=0.5)) != drawn(ROC, replace(LOOK, threshold=0.1))


def test_axes_have_round_numbers() -> None:
    assert round_steps(0.0, 1.0, 5) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert round_steps(-13.0, 27.0, 4) == [-10.0, 0.0, 10.0, 20.0]
    assert limits([2.0, 2.0]) == (1.8, 2.2)
    assert limits([float("nan")]) == pytest.approx((-0.03, 1.03))


def test_titles_of_figures_are_not_cut(qapp: QApplication) -> None:
    titles = ("Accuracy", "Precision, mean of classes", "F1, weighted by class size")
    view = Numbers(tuple(Number(title, Label(title), 0.5) for title in titles))
    for width in (300.0, 420.0, 900.0):
        tall = numbers.height(view, width, LOOK)
        places: dict[int, list[int]] = {number: [] for number in range(len(titles))}
        for x in range(int(width)):
            for y in range(4, int(tall), 31):
                found = numbers.hit(QRectF(0, 0, width, tall), view, QPointF(x, y), LOOK)
                if found is not None:
                    places[found.part[0]].append(x)
        room = min(max(xs) - min(xs) for xs in places.values()) - 19
        assert room >= max(QFontMetricsF(ui_font(12)).horizontalAdvance(title) for title in titles) - 1


def test_groups_of_points_are_named_below_them(qapp: QApplication) -> None:
    plain = Points(Label("x"), Label("y"), (0.0, 1.0), (0.1, 0.8), (4, 9))
    grouped = structs.replace(plain, groups=(0, 1), names=("area", "rooms"))
    painter = painter_for(plain)
    assert painter.height(grouped, WIDTH, LOOK) > painter.height(plain, WIDTH, LOOK)
    low = QRectF(0, painter.height(plain, WIDTH, LOOK), WIDTH, 20)
    picture = drawn(grouped, LOOK)
    seen = {picture.pixelColor(x, y).name() for x in range(200) for y in range(int(low.top()), picture.height())}
    assert {QColor(LOOK.series(0)).name(), QColor(LOOK.series(1)).name()} <= seen


def test_two_lines_of_one_colour_are_told_apart(qapp: QApplication) -> None:
    first, ninth = line_pen(0, QColor("red")), line_pen(SERIES, QColor("red"))
    assert (LOOK.series(0), first.style()) != (LOOK.series(SERIES), ninth.style())


def test_pictures_side_by_side_say_what_they_are_and_have_room(qapp: QApplication) -> None:
    grey = Thumbnail(4, 4, 1, bytes(16))
    one = SampleView(0, picture=grey)
    four = SampleView(0, picture=grey, truth_picture=grey, predicted_picture=grey, difference=grey, score=0.029)
    assert samples.across([one] * 6, 1100.0) == 3
    assert samples.across([four] * 6, 1100.0) == 2
    plain, named = (Samples((four,), 1, label) for label in (None, Label("Share of pixels wrong")))
    assert drawn(plain, LOOK) != drawn(named, LOOK), "the score says what it is"
