"""One view of each kind, as a worker tells them."""

from __future__ import annotations

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.views import (
    Bars,
    Curve,
    Curves,
    Heat,
    Label,
    Matrix,
    Number,
    Numbers,
    Points,
    Samples,
    SampleView,
    Table,
    Thresholds,
    View,
    Words,
)

PICTURE = Thumbnail(2, 2, 1, b"\0\x80\xc0\xff")
MATRIX = Matrix(("0", "1", "2"), ((8, 2, 0), (0, 9, 1), (0, 0, 5)), (0, 1, 2))
NUMBERS = Numbers((Number("accuracy", Label(text=Text("accuracy")), 0.88, True), Number("auc", Label("AUC"), None)))
TABLE = Table(
    (Label("class"), Label("precision"), Label("samples")), (("0", 1.0, 10), ("1", 0.82, 10), ("2", 0.83, 5)), (1,)
)
ROC = Curves(
    Label("false positive rate"),
    Label("true positive rate"),
    (Curve(Label("1"), (0.0, 0.2, 1.0), (0.0, 0.9, 1.0), (1.0, 0.5, 0.0)),),
    True,
    True,
)
THRESHOLDS = Thresholds(("even",), (0.0, 0.5, 1.0), (((6, 4, 0, 0), (5, 1, 1, 3), (0, 0, 6, 4)),))
SAMPLES = Samples(
    (
        SampleView(1764, "", "3", "5", False, 0.83, (("5", 0.83), ("3", 0.06)), PICTURE),
        SampleView(7, "", "pos", "neg", False, 0.9, words=Words(("not", "bad"), (0.4, -0.8))),
        SampleView(5, "", "12.5", "19.2", None, 6.7, cells=(("width", "3"),)),
    ),
    11,
    Label(text=Text("certainty")),
)
VIEWS: tuple[View, ...] = (
    NUMBERS,
    MATRIX,
    ROC,
    Bars(Label("residual"), Label("samples"), (1.0, 5.0), (), (-1.0, 0.0, 1.0)),
    Points(Label("true"), Label("predicted"), (0.0, 1.0), (0.1, 0.8), (4, 9), (), (), True, False, 100),
    THRESHOLDS,
    Heat(((0.1, 0.9), (0.4, float("nan"))), ("a", "b"), ("a", "b")),
    SAMPLES,
)
