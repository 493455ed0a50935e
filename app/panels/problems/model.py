"""The rows of the list of problems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
MEND_ROLE = Qt.ItemDataRole.UserRole + 4  # what one click on the row's link does; empty without one
HEADING = "heading"  # the severity of a row that is none


class ProblemsModel(QAbstractListModel):
    """Each row is a problem with the name of its box; headings part problems and remarks where there are remarks."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[Problem | str, str], ...] = ()

    def show_problems(self, rows: Sequence[tuple[Problem, str]]) -> None:
        self.beginResetModel()
        self._rows = tuple(_with_headings(rows))
        self.endResetModel()

    def problem(self, row: int) -> Problem | None:
        """None for a heading, and where there is no such row."""
        entry = self._rows[row][0] if 0 <= row < len(self._rows) else None
        return entry if isinstance(entry, Problem) else None

    def row_of(self, problem: Problem) -> int | None:
        return next((row for row, (entry, _) in enumerate(self._rows) if entry == problem), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.problem(index.row()) is not None else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        problem, box = self._rows[index.row()]
        if isinstance(problem, str):
            spoken_or_shown = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return problem if role in spoken_or_shown else HEADING if role == SEVERITY_ROLE else None
        mend = str(problem.mend.text) if problem.mend is not None else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_name(str(problem.text), _LONGEST)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_text("\n".join(filter(None, (str(problem.text), mend))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            severity = tr("Error") if problem.is_error else tr("Remark")
            return spoken(" ".join(filter(None, (f"{severity}: {problem.text}", mend))))
        return {SEVERITY_ROLE: problem.severity, BOX_ROLE: box, PROBLEM_ROLE: problem, MEND_ROLE: mend}.get(role)


def _with_headings(rows: Sequence[tuple[Problem, str]]) -> Iterator[tuple[Problem | str, str]]:
    errors = [row for row in rows if row[0].is_error]
    remarks = [row for row in rows if not row[0].is_error]
    if remarks and errors:
        yield tr("Problems"), ""
    yield from errors
    if remarks:
        yield tr("Remarks"), ""
    yield from remarks
