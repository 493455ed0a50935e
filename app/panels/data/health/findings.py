"""What the health list of the data says, from the problems of the project and the notes of the data check. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph_editor.document.checking.validation import Problem
from resources.text import Text
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column

_ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """`problem` is what can be mended, none for a note. `columns` are what "Show" selects, `row` is where it goes, and
    else to where `file` lies."""

    severity: str
    text: Text
    detail: str = ""
    columns: tuple[str, ...] = ()
    problem: Problem | None = None
    row: int | None = None
    file: str = ""

    @property
    def opens_folder(self) -> bool:
        """Whether it is about a file that is no sample."""
        return bool(self.file) and self.row is None

    @property
    def key(self) -> str:
        return f"{self.severity} {self.text.english()}"


def findings_of(problems: Sequence[Problem], notes: Sequence[DataProblem], columns: Sequence[Column]) -> list[Finding]:
    """Problems and remarks on data, then what was merely adapted: the worst first, each once."""
    names = {column.name for column in columns}
    by_text = {str(note.text): note for note in notes}
    found = [
        Finding(
            each.severity,
            each.text,
            each.detail,
            _columns(by_text.get(str(each.text)), names),
            each,
            _row(by_text.get(str(each.text))),
        )
        for each in problems
        if each.is_of_data
    ]
    found += [
        Finding("note", note.text, note.detail, _columns(note, names), row=note.row, file=note.file)
        for note in notes
        if note.severity == "note"
    ]
    return sorted(found, key=lambda finding: _ORDER[finding.severity])


def _row(note: DataProblem | None) -> int | None:
    return None if note is None else note.row


def _columns(note: DataProblem | None, names: set[str]) -> tuple[str, ...]:
    """What a finding is about; several columns stand side by side in it."""
    if note is None or note.column is None:
        return ()
    return tuple(name for name in (note.column, *note.column.split(", ")) if name in names)[:1000]
