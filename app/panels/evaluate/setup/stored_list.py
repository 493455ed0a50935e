"""The evaluations of a run that are there already: opened at once, without a worker."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.panels.evaluate.stored import Evaluation, evaluation_text
from app.panels.widgets.fields import hint
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

_ROW, _MOST_ROWS = 44, 5


class StoredList(QWidget):
    """`opened` carries the evaluation that a person chose."""

    opened = Signal(object)  # Evaluation

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluations: tuple[Evaluation, ...] = ()
        self.list = QListWidget()
        self.list.setObjectName("stored_evaluations")
        self.list.setAccessibleName(tr("Evaluations of this run"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = hint(tr("None yet. They are kept with the run, and are here at once the next time."))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.nothing)
        rows.addWidget(self.list)
        self.list.hide()
        self.list.itemActivated.connect(self._on_item)
        self.list.itemClicked.connect(self._on_item)

    def show_evaluations(self, evaluations: Sequence[Evaluation]) -> None:
        self._evaluations = tuple(evaluations)
        self.list.clear()
        for entry in self._evaluations:
            text = f"{evaluation_text(entry.file)}\n{shown_name(entry.file.weights)}"
            item = QListWidgetItem(text)
            item.setToolTip(tooltip_text(text))
            item.setSizeHint(QSize(100, _ROW))
            self.list.addItem(item)
        self.nothing.setVisible(not evaluations)
        self.list.setVisible(bool(evaluations))
        self.list.setFixedHeight((_ROW + 1) * min(_MOST_ROWS, max(1, len(evaluations))) + 8)

    def mark(self, shown: Evaluation | None) -> None:
        """Select the evaluation that is shown."""
        folders = [entry.folder for entry in self._evaluations]
        self.list.setCurrentRow(folders.index(shown.folder) if shown is not None and shown.folder in folders else -1)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.opened.emit(self._evaluations[self.list.row(item)])
