"""A report as a sequence of plain parts, which each form writes in its own way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.panels.evaluate.drawing.figure_look import label_text, number_text
from app.reports.content import Report, Told, part_text
from app.reports.drawing import is_drawn
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.views import Figure, Number, Numbers, Samples, Table


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    note: bool = False  # something to be wary of


@dataclass(frozen=True, slots=True)
class Rows:
    """A table; `head` may be empty. Cells behind the first one of a row are values."""

    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A view that is drawn, or the graph of the model (None)."""

    view: object | None
    title: str


@dataclass(frozen=True, slots=True)
class Code:
    text: str


ReportPart = Heading | Paragraph | Rows | Drawing | Code


def parts_of(report: Report) -> Iterator[ReportPart]:
    yield Heading(report.title, 1)
    yield Paragraph(tr("A report on a Keras model, written on {date}.", date=f"{report.created:%Y-%m-%d %H:%M}"))
    for note in report.notes:
        yield Paragraph(note, note=True)
    yield Rows(report.facts)
    for one in report.evaluations:
        yield from _evaluation(one)
    if report.results:
        yield Heading(tr("Training"))
        yield Rows(report.results)
    for name, curves in report.curves:
        yield Drawing(curves, shown_name(name))
    yield Heading(tr("Data"))
    yield Rows(report.data)
    if report.document is not None:
        yield Heading(tr("Model"))
        yield Drawing(None, tr("The graph of the model"))
    yield Heading(tr("Settings"))
    yield Rows(report.settings)
    yield Heading(tr("Environment"))
    yield Rows(report.environment)
    yield Heading(tr("How to load the model"))
    yield Code(report.loading)


def _evaluation(one: Told) -> Iterator[ReportPart]:
    file = one.file
    yield Heading(tr("Evaluated on {part}", part=part_text(file)))
    yield Paragraph(
        tr("{count} samples, with the weights of {file}.", count=f"{file.samples:,}", file=shown_name(file.weights))
    )
    if file.metrics:
        yield Rows(tuple((name, number_text(value)) for name, value in file.metrics.items()))
    for output in file.outputs:
        if len(file.outputs) > 1:
            yield Heading(shown_name(output.title), 3)
        for note in output.notes:
            yield Paragraph(str(note), note=True)
        for figure in output.figures:
            yield from _figure(figure)
        worst = one.mistakes.get(output.name)
        if worst is not None and worst.samples:
            yield from _mistakes(worst)


def _mistakes(worst: Samples) -> Iterator[ReportPart]:
    """The samples that a reader should look at before they believe the figures."""
    wrong = worst.samples[0].right is False
    title = tr("Most confident mistakes") if wrong else tr("Samples with the largest errors")
    yield Heading(title, 4)
    yield Drawing(worst, title)
    yield Paragraph(
        tr("{shown} of {total}, the worst first.", shown=f"{len(worst.samples):,}", total=f"{worst.total:,}")
    )


def _figure(figure: Figure) -> Iterator[ReportPart]:
    view = figure.view
    if isinstance(view, Numbers):
        yield Heading(str(figure.title), 4)
        yield Rows(tuple((label_text(number.label), _value(number)) for number in view.numbers))
    elif isinstance(view, Table):
        yield Heading(str(figure.title), 4)
        yield _table(view)
    elif is_drawn(view):
        yield Heading(str(figure.title), 4)
        yield Drawing(view, str(figure.title))
    else:
        return
    if figure.hint is not None:
        yield Paragraph(str(figure.hint))


def _table(view: Table) -> Rows:
    def cell(column: int, value: str | float | int | None) -> str:
        if value is None:
            return "–"
        if column in view.shares and not isinstance(value, str):
            return f"{value:.1%}"
        return shown_name(value) if isinstance(value, str) else number_text(value)

    rows = tuple(tuple(cell(place, value) for place, value in enumerate(row)) for row in view.rows)
    return Rows(rows, tuple(label_text(column) for column in view.columns))


def _value(number: Number) -> str:
    if number.value is None:
        return "–"
    return f"{number.value:.2%}" if number.share else number_text(number.value)
