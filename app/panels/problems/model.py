"""The rows of the list of problems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from graph_editor.document.checking.validation import Problem
from graph_editor.words.spoken import spoken
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_name
from resources.text import tr

_LONGEST: Final = 500  # letters of a sentence; the whole is in the tooltip
Index = QModelIndex | QPersistentModelIndex
SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 1
BOX_ROLE = Qt.ItemDataRole.UserRole + 2
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 3


class ProblemsModel(QAbstractListModel):
    """Each row is a problem with the name of its box."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[Problem, str], ...] = ()

    def show_problems(self, rows: Sequence[tuple[Problem, str]]) -> None:
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        problem, box = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(str(problem.text), _LONGEST)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text(str(problem.text))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            severity = tr("Error") if problem.severity == "error" else tr("Warning")
            return spoken(f"{severity}: {problem.text}")
        return {SEVERITY_ROLE: problem.severity, BOX_ROLE: box, PROBLEM_ROLE: problem}.get(role)
