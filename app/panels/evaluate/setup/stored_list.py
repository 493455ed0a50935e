"""The evaluations of a run that are there already: opened at once, without a worker."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from app.panels.evaluate.stored import Evaluation, evaluation_text, weights_text
from app.panels.widgets.fields import hint
from app.panels.widgets.row_table import Index
from graph_editor.words.tooltips import tooltip_text
from resources.text import tr

_ROW, _MOST_ROWS = 44, 5


class StoredList(QWidget):
    """`opened` carries the evaluation that a person chose."""

    opened = Signal(object)  # Evaluation

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = _Evaluations(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setObjectName("stored_evaluations")
        self.list.setAccessibleName(tr("Evaluations of this run"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = hint(tr("None yet. They are kept with the run, and are here at once the next time."))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.nothing)
        rows.addWidget(self.list)
        self.damaged = hint("", "damaged_evaluations")
        self.damaged.hide()
        rows.addWidget(self.damaged)
        self.list.hide()
        self.list.activated.connect(self._on_chosen)
        self.list.clicked.connect(self._on_chosen)

    def show_evaluations(self, evaluations: Sequence[Evaluation]) -> None:
        self.model.show_evaluations(evaluations)
        self.nothing.setVisible(not evaluations)
        self.list.setVisible(bool(evaluations))
        self.list.setFixedHeight((_ROW + 1) * min(_MOST_ROWS, max(1, len(evaluations))) + 8)

    def show_damaged(self, count: int) -> None:
        """Say how many there are that cannot be read."""
        self.damaged.setText(tr("{count} more cannot be read: their files are damaged.", count=count))
        self.damaged.setVisible(count > 0)

    def mark(self, shown: Evaluation | None) -> None:
        """Select the evaluation that is shown."""
        folders = [entry.folder for entry in self.model.evaluations]
        row = folders.index(shown.folder) if shown is not None and shown.folder in folders else -1
        self.list.setCurrentIndex(self.model.index(row, 0))

    def _on_chosen(self, index: QModelIndex) -> None:
        self.opened.emit(self.model.evaluations[index.row()])


class _Evaluations(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.evaluations: tuple[Evaluation, ...] = ()

    def show_evaluations(self, evaluations: Sequence[Evaluation]) -> None:
        self.beginResetModel()
        self.evaluations = tuple(evaluations)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.evaluations)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        file = self.evaluations[index.row()].file
        text = f"{evaluation_text(file)}\n{weights_text(file.weights)}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(text)
        return QSize(100, _ROW) if role == Qt.ItemDataRole.SizeHintRole else None
