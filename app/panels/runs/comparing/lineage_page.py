"""The page that says which run started from which: a tree, a row for each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from app.panels.run_parts.run_facts import STATUS_TEXTS, best_text
from app.panels.runs.comparing.lineage import Branch
from app.panels.widgets.fields import column, hint
from app.panels.widgets.row_table import RowModel, RowTable
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.store import RunInfo


class _Place(NamedTuple):
    branch: Branch
    depth: int


class LineageModel(RowModel[_Place]):
    """Deeper runs stand further to the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__((tr("Run"), tr("Name"), tr("Started from"), tr("Status"), tr("Best")), parent, mono=(4,))

    @property
    def runs(self) -> list[RunInfo]:
        return [place.branch.run for place in self._items]

    def show_trees(self, trees: Sequence[Branch]) -> None:
        self.show_items([place for tree in trees for place in _flat(tree, 0)])

    def text_of(self, place: _Place, column: int) -> str:
        run = place.branch.run
        title = tr("run {number}", number=run.number)
        texts = (
            f"{'    ' * (place.depth - 1)}└ {title}" if place.depth else title,
            run.name,
            place.branch.file,
            str(STATUS_TEXTS[run.status]),
            best_text(run),
        )
        return texts[column]


class LineagePage(QWidget):
    """A click points at a run; Enter or a double click chooses it."""

    pointed = Signal(object)  # Path
    chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_lineage")
        self.model = LineageModel(self)
        self.table = RowTable(self.model, 60)
        self.table.setObjectName("lineage_table")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        set_spoken_name(self.table, tr("Which run started from which"))
        text = tr(
            "No run here started from the weights of another one. Train: start from, takes the model of an earlier run."
        )
        self._stack = QStackedWidget()
        nothing = QWidget()
        rows = QVBoxLayout(nothing)
        rows.addWidget(hint(text))
        rows.addStretch(1)
        self._stack.addWidget(nothing)
        self._stack.addWidget(self.table)
        column(self, (14, 8, 14, 14)).addWidget(self._stack)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.activated.connect(self._on_activated)

    def show_trees(self, trees: Sequence[Branch], chosen: Sequence[Path]) -> None:
        """`chosen` are the selected runs, which stand out by being selected here."""
        self.table.selectionModel().blockSignals(True)
        self.model.show_trees(trees)
        self.table.selectionModel().blockSignals(False)
        self._stack.setCurrentIndex(1 if trees else 0)
        self.table.resizeColumnsToContents()
        for number in range(4):
            self.table.setColumnWidth(number, min(320, self.table.columnWidth(number) + 16))
        place = next((row for row, run in enumerate(self.model.runs) if run.folder in chosen), None)
        if place is not None:
            self.table.selectRow(place)

    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.pointed.emit(self.model.runs[index.row()].folder)

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.runs[index.row()].folder)


def _flat(branch: Branch, depth: int) -> Iterator[_Place]:
    yield _Place(branch, depth)
    for child in branch.children:
        yield from _flat(child, depth + 1)
