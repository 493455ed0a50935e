"""Figures of an evaluation as lines of text: tables, and the confusion matrix where it is small."""

from collections.abc import Sequence

from app.cli.common.output import show, show_lines, table
from runtime.messages.views import Cell, Figure, Label, Matrix, OutputFigures, Table

_MOST_CLASSES = 15  # of a matrix that fits into a terminal
_MOST_ROWS = 40


def show_figures(output: OutputFigures) -> None:
    """Those that are no single numbers and need no drawing."""
    for figure in output.figures:
        rows = _rows(figure)
        if rows:
            show()
            show(f"  {figure.title}")
            show_lines(table([(f"  {row[0]}", *row[1:]) for row in rows]))


def _rows(figure: Figure) -> list[tuple[str, ...]]:
    """Nothing for what has to be drawn."""
    view = figure.view
    if isinstance(view, Table):
        shares = set(view.shares)
        head = tuple(_label(label) for label in view.columns)
        return [head, *(_line(row, shares) for row in view.rows[:_MOST_ROWS])]
    if isinstance(view, Matrix) and len(view.names) <= _MOST_CLASSES:
        names = [_label(view.rest) if view.rest and place < 0 else name for name, place in
                 zip(view.names, view.places, strict=True)]  # fmt: skip
        counts = zip(names, view.counts, strict=True)
        return [("", *names), *((name, *(f"{count:,}" for count in row)) for name, row in counts)]
    return []


def _line(row: Sequence[Cell], shares: set[int]) -> tuple[str, ...]:
    return tuple(
        value if isinstance(value, str) else _value(value, share=place in shares) for place, value in enumerate(row)
    )


def _value(value: float | None, *, share: bool) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.1%}" if share else f"{value:.4g}"


def _label(label: Label | None) -> str:
    if label is None:
        return ""
    return str(label.text) if label.text is not None else label.name
