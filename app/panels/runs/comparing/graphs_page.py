"""The page that compares two graphs: both as pictures with their differences in colour, and a list of what changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.runs.comparing.diff_view import KIND_TEXTS, SIGNS, DiffView
from app.panels.widgets.fields import column, hint
from app.panels.widgets.row_table import RowModel, RowTable
from graph_editor.background.background import Background, Latest
from graph_editor.background.task import Task
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.comparing.graph_diff import BoxChange, Difference, GraphDiff, compare_graphs
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import MAX_BYTES, FileError, loads
from graph_editor.layout.layered import arrange_document
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.os_reasons import os_reason
from resources.regular_files import read_regular
from resources.text import tr
from runtime.store import IMPORTED, PROJECT_FILE, RunInfo

_LIST_WIDTH = 300
_ITEM_WIDTH = 150


class TwoGraphs(NamedTuple):
    before: Document
    after: Document
    diff: GraphDiff


class ChangesModel(RowModel[BoxChange]):
    """What was added, removed and changed, in the order in which data flow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(("", tr("Box"), tr("What changed")), parent, mono=(0,))

    @property
    def changes(self) -> Sequence[BoxChange]:
        return self._items

    def text_of(self, change: BoxChange, column: int) -> str:
        place = " › ".join((*change.inside, change.title))
        if column == 0:
            return SIGNS[change.kind]
        if column == 1:
            return place
        if change.kind != "changed":
            return f"{KIND_TEXTS[change.kind]} · {change.class_name}"
        return "; ".join(difference_text(difference) for difference in change.differences)


def difference_text(difference: Difference) -> str:
    if difference.what == "inside":
        return tr("{count} changes inside", count=difference.after)
    names = {"class": tr("class"), "inputs": tr("fed by"), "name": tr("name"), "mode": tr("mode")}
    name = names.get(difference.what, difference.what)
    return f"{name} {difference.before} → {difference.after}"


class GraphsPage(QWidget):
    """Of more than two runs, two are chosen above. The graphs are those of the projects as they were trained."""

    def __init__(
        self, catalog: Catalog, look: ThemeSource, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_graphs")
        self._catalog = catalog
        self._reading = Latest(background, self)
        self._runs: list[RunInfo] = []
        self._shown: object = None
        self.first, self.second = self._choice("graph_before"), self._choice("graph_after")
        set_spoken_name(self.first, tr("Graph before"))
        set_spoken_name(self.second, tr("Graph after"))
        self.note = hint("", "graphs_note")
        self.left = DiffView(look, "graph_before_view", tr("Graph before"))
        self.right = DiffView(look, "graph_after_view", tr("Graph after"))
        self.model = ChangesModel(self)
        self.table = RowTable(self.model, 24)
        self._lay_out()
        for choice in (self.first, self.second):
            choice.activated.connect(lambda _index: self._read())
        self.table.selectionModel().currentRowChanged.connect(self._on_change_chosen)

    def _choice(self, name: str) -> QComboBox:
        choice = QComboBox()
        choice.setObjectName(name)
        choice.setMinimumWidth(_ITEM_WIDTH)
        return choice

    def _lay_out(self) -> None:
        self.table.setObjectName("graph_changes")
        set_spoken_name(self.table, tr("What changed in the graph"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows = column(self, (14, 8, 14, 14), 8)
        row = attached(rows, QHBoxLayout())
        row.setSpacing(8)
        row.addWidget(self.first)
        row.addWidget(PlainLabel("→"))
        row.addWidget(self.second)
        row.addWidget(self.note, 1)
        pictures = QSplitter(Qt.Orientation.Horizontal)
        pictures.setObjectName("graphs_splitter")
        self._list = self._listed()
        for widget in (self.left, self.right, self._list):
            pictures.addWidget(widget)
        pictures.setChildrenCollapsible(False)
        pictures.setSizes([420, 420, _LIST_WIDTH])
        rows.addWidget(pictures, 1)

    def _listed(self) -> QWidget:
        holder = QWidget()
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table)
        holder.setMinimumWidth(200)
        return holder

    def show_runs(self, runs: Sequence[RunInfo]) -> None:
        """The oldest against the newest, at first; imported runs have no graph."""
        with_graph = sorted((run for run in runs if run.status not in ("damaged", IMPORTED)), key=lambda r: r.number)
        folders = [run.folder for run in with_graph]
        if folders == [run.folder for run in self._runs]:
            return
        self._runs = with_graph
        for choice, place in ((self.first, 0), (self.second, len(with_graph) - 1)):
            choice.clear()
            for run in with_graph:
                choice.addItem(f"{tr('run {number}', number=run.number)} · {run.name}")
            choice.setCurrentIndex(place)
            choice.setEnabled(len(with_graph) > 1)
        self._read()

    def _read(self) -> None:
        if len(self._runs) < 2:
            self._reading.cancel()
            self._show(None, tr("Two runs that were trained here are needed: imported ones have no graph."))
            return
        before, after = (self._runs[choice.currentIndex()] for choice in (self.first, self.second))
        self.note.setText(tr("Comparing the graphs…"))
        self._reading.run(lambda: _two_graphs(before.folder, after.folder), self._on_read)

    def _on_read(self, task: Task[TwoGraphs]) -> None:
        if task.error is None:
            graphs = task.result()
            self._show(graphs, summary(graphs.diff))
        elif isinstance(task.error, FileError):
            self._show(None, str(task.error.text))
        elif isinstance(task.error, OSError):
            self._show(None, tr("The graph cannot be read: {reason}", reason=os_reason(task.error)))
        else:
            raise task.error

    def _show(self, graphs: TwoGraphs | None, text: str) -> None:
        self.left.show_graph(
            graphs.before if graphs else None, self._catalog, graphs.diff.kinds_before if graphs else {}
        )
        self.right.show_graph(
            graphs.after if graphs else None, self._catalog, graphs.diff.kinds_after if graphs else {}
        )
        for view in (self.left, self.right):
            view.setVisible(graphs is not None)
        self.model.show_items(graphs.diff.changes if graphs else ())
        self._list.setVisible(bool(self.model.changes))
        self.table.setColumnWidth(0, 26)
        self.table.resizeColumnToContents(1)
        self.table.setColumnWidth(1, min(150, self.table.columnWidth(1) + 12))
        self.note.setText(text)

    def _on_change_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        change = self.model.changes[index.row()] if index.isValid() else None
        outer = change is not None and not change.inside
        self.left.show_box(change.before if change is not None and outer else None)
        self.right.show_box(change.after if change is not None and outer else None)


def summary(diff: GraphDiff) -> str:
    if not diff.changes:
        return tr("The graphs are the same.")
    return tr(
        "{added} added, {removed} removed, {changed} changed, {same} the same",
        added=diff.count("added"),
        removed=diff.count("removed"),
        changed=diff.count("changed"),
        same=diff.unchanged,
    )


def _two_graphs(before: Path, after: Path) -> TwoGraphs:
    """Raises OSError and FileError."""
    first, second = _read_graph(before), _read_graph(after)
    return TwoGraphs(first, second, compare_graphs(first, second))


def _read_graph(folder: Path) -> Document:
    """With a place for each box: who trains from the command line may never have given any."""
    document = loads(read_regular(folder / PROJECT_FILE, MAX_BYTES), folder.name)
    if not document.graph.calls.keys() <= document.positions.keys():
        document.positions = {**arrange_document(document), **document.positions}
    return document
