"""What results look like: a closed set of kinds, each of which the window, and a report, knows how to draw.

A figure of an evaluation is worked out in a worker and told as one of these; whoever draws it needs no more.
"""

from typing import Literal

import msgspec

from resources.text import Text
from runtime.messages.looking import Thumbnail
from runtime.messages.parts import Part

Cell = str | float | int | None


class Label(Part, frozen=True):
    """A name that Lamella gives (`text`), or one that comes from data (`name`), which is never translated."""

    name: str = ""
    text: Text | None = None


class Number(Part, frozen=True):
    """One figure. `share`: it is from 0 to 1 and reads well in per cent. `value` is None where it is not defined."""

    key: str
    label: Label
    value: float | None
    share: bool = False
    hint: Text | None = None  # what it means, or why it is not defined


class Numbers(Part, frozen=True, tag="numbers"):
    """Figures that stand by themselves, the most telling first."""

    numbers: tuple[Number, ...]


class Table(Part, frozen=True, tag="table"):
    """Rows of cells; the first cell of a row is its name. `shares` are columns of values between 0 and 1."""

    columns: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[int, ...] = ()
    more: int = 0  # rows that are not told


class Matrix(Part, frozen=True, tag="matrix"):
    """Counts: `counts[i][j]` samples of the class `names[i]` were taken for `names[j]`.

    Of many classes only the most confused ones are told, and the rest in one last class, whose name is `rest`.
    `places[i]` is the number of class i among all classes of the output (for ListSamples), -1 for the rest.
    """

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    places: tuple[int, ...]
    rest: Label | None = None


class Curve(Part, frozen=True):
    """A line through (x[i], y[i]). `threshold[i]` is the one that gives this point, where there is one."""

    label: Label
    x: tuple[float, ...]
    y: tuple[float, ...]
    threshold: tuple[float, ...] = ()


class Curves(Part, frozen=True, tag="curves"):
    """Lines in one pair of axes. `diagonal`: what chance, or a perfect calibration, would give is drawn too."""

    x: Label
    y: Label
    curves: tuple[Curve, ...]
    diagonal: bool = False
    unit_square: bool = False  # both axes go from 0 to 1


class Bars(Part, frozen=True, tag="bars"):
    """Heights over names, or over bins: then `edges` has one number more than `values`."""

    x: Label
    y: Label
    values: tuple[float, ...]
    names: tuple[str, ...] = ()
    edges: tuple[float, ...] = ()


class Points(Part, frozen=True, tag="points"):
    """A cloud: `rows[i]` is the sample of point i in its part, `groups[i]` its place in `names` (() for one colour)."""

    x: Label
    y: Label
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rows: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    diagonal: bool = False
    zero: bool = False  # a line at y = 0 is drawn
    shown_of: int | None = None  # so many there are, of which these were drawn at random


class Thresholds(Part, frozen=True, tag="thresholds"):
    """What a threshold does to each label: counts at each of `thresholds`, from 0 to 1, for each of `names`.

    `counts[label][i]` is (true positive, false positive, false negative, true negative) at `thresholds[i]`: a score at
    or above it says yes.
    """

    names: tuple[str, ...]
    thresholds: tuple[float, ...]
    counts: tuple[tuple[tuple[int, int, int, int], ...], ...]


class Heat(Part, frozen=True, tag="heat"):
    """A field of numbers with names of rows and columns (may be ()): co-occurrence, attention."""

    values: tuple[tuple[float, ...], ...]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Words(Part, frozen=True, tag="words"):
    """A text as its tokens, each with a weight from -1 to 1 (0: none)."""

    tokens: tuple[str, ...]
    weights: tuple[float, ...] = ()


class SampleView(Part, frozen=True):
    """One sample with its prediction. `row` counts within the part that was evaluated; `name` is its file or key.

    `score` is what the list is ordered by. `bars` are the most likely classes with their probabilities. `picture` is
    the input; for outputs that are pictures there are `truth_picture`, `predicted_picture`, `difference` as well.
    `cells` are values of columns, as texts.
    """

    row: int
    name: str = ""
    truth: str = ""
    predicted: str = ""
    right: bool | None = None
    score: float | None = None
    bars: tuple[tuple[str, float], ...] = ()
    picture: Thumbnail | None = None
    truth_picture: Thumbnail | None = None
    predicted_picture: Thumbnail | None = None
    difference: Thumbnail | None = None
    cells: tuple[tuple[str, str], ...] = ()
    words: Words | None = None


class Samples(Part, frozen=True, tag="samples"):
    """Samples in an order; there are `total` of that kind."""

    samples: tuple[SampleView, ...]
    total: int
    score: Label | None = None


View = Numbers | Table | Matrix | Curves | Bars | Points | Thresholds | Heat | Samples


class Figure(Part, frozen=True):
    """One figure of one output. `key` is that of its file and stable for machines; `group` orders figures on a page."""

    key: str
    output: str
    title: Text
    view: View
    hint: Text | None = None  # how to read it, in one or two sentences


OutputKind = Literal["binary", "classes", "labels", "numbers", "pictures", "mask", "tokens", "ctc", "other"]


class OutputFigures(Part, frozen=True):
    """All figures of one output. `classes` are the names of its classes, () where it has none.

    `kind` is what was suggested by loss and data, or what was asked for.
    """

    name: str
    title: str
    kind: OutputKind
    classes: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[Text, ...] = msgspec.field(default_factory=tuple)
