"""What a threshold makes of one label: the matrix of yes and no, and what follows from it."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from app.panels.evaluate.drawing.figure_look import FigureLook, Hit, number_text
from app.panels.evaluate.figures import matrix, numbers
from resources.text import Text, tr
from runtime.messages.views import Label, Matrix, Number, Numbers, Thresholds

VIEW = Thresholds

USUAL = 0.5
_GAP = 10.0


def counts_at(view: Thresholds, label: int, threshold: float) -> tuple[int, int, int, int]:
    """True positive, false positive, false negative, true negative: a score at or above the threshold says yes.

    Between two told thresholds, those of the lower one.
    """
    place = bisect_right(view.thresholds, threshold + 1e-9) - 1
    return view.counts[label][max(0, place)]


def matrix_at(view: Thresholds, label: int, threshold: float) -> Matrix:
    """The matrix of one label; its first class is no, its second yes."""
    yes, false_yes, false_no, no = counts_at(view, label, threshold)
    return Matrix((tr("no"), tr("yes")), ((no, false_yes), (false_no, yes)), (0, 1))


def numbers_at(view: Thresholds, label: int, threshold: float) -> Numbers:
    """Accuracy, precision, recall and F1 by their definitions; None where a share of nothing is asked for."""
    yes, false_yes, false_no, no = counts_at(view, label, threshold)
    whole = yes + false_yes + false_no + no
    shares = (
        ("accuracy", Text("accuracy"), yes + no, whole),
        ("precision", Text("precision"), yes, yes + false_yes),
        ("recall", Text("recall"), yes, yes + false_no),
        ("f1", Text("F1"), 2 * yes, 2 * yes + false_yes + false_no),
    )
    return Numbers(
        tuple(Number(key, Label(text=text), part / of if of else None, True) for key, text, part, of in shares)
    )


def height(view: Thresholds, width: float, look: FigureLook) -> float:
    label, threshold = _chosen(view, look)
    tiles = numbers.height(numbers_at(view, label, threshold), width, look)
    return tiles + _GAP + matrix.height(matrix_at(view, label, threshold), min(width, 240.0), look)


def paint(painter: QPainter, rect: QRectF, view: Thresholds, look: FigureLook) -> None:
    label, threshold = _chosen(view, look)
    above, below = _split(rect, view, look)
    numbers.paint(painter, above, numbers_at(view, label, threshold), look)
    matrix.paint(painter, below, matrix_at(view, label, threshold), look)


def hit(rect: QRectF, view: Thresholds, point: QPointF, look: FigureLook) -> Hit | None:
    """The cell of the matrix under `point`: (true, said), each 0 for no and 1 for yes."""
    label, threshold = _chosen(view, look)
    return matrix.hit(_split(rect, view, look)[1], matrix_at(view, label, threshold), point, look)


def parts(_view: Thresholds, _look: FigureLook) -> list[list[tuple[int, ...]]]:
    """The cells of the matrix."""
    return [[(0, 0), (0, 1)], [(1, 0), (1, 1)]]


def part_text(view: Thresholds, part: tuple[int, ...], look: FigureLook) -> str:
    return matrix.cell_text(matrix_at(view, *_chosen(view, look)), part[0], part[1])


def spoken(view: Thresholds) -> str:
    return ", ".join(
        f"{view.names[label]}: {number_text(numbers_at(view, label, USUAL).numbers[0].value)}"
        for label in range(min(6, len(view.names)))
    )


def _chosen(view: Thresholds, look: FigureLook) -> tuple[int, float]:
    label = min(look.label, max(0, len(view.names) - 1))
    return label, USUAL if look.threshold is None else look.threshold


def _split(rect: QRectF, view: Thresholds, look: FigureLook) -> tuple[QRectF, QRectF]:
    label, threshold = _chosen(view, look)
    tall = numbers.height(numbers_at(view, label, threshold), rect.width(), look)
    above = QRectF(rect.left(), rect.top(), rect.width(), tall)
    below = QRectF(rect.left(), above.bottom() + _GAP, min(240.0, rect.width()), rect.bottom() - above.bottom() - _GAP)
    return above, below
