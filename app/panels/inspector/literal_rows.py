"""The values among the arguments of a call: typed where they are plain, shown as Python where not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes.literals import LiteralArgument, literal_arguments
from graph_editor.document.graph import ArgumentPath, Call
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.row import LABEL_WIDTH, ParameterRow
from graph_editor.editors.parts.rows import ParameterRows, RowItem
from graph_editor.editors.parts.wording import parameter_words, plain
from graph_editor.exporters.code.layers import argument_text
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class LiteralRows(QWidget):
    """`edited` carries the path of the argument and its new value."""

    edited = Signal(object, object)

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("literal_arguments")
        self._shown: tuple[object, ...] = ()
        self._lines: list[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._rows = ParameterRows[ArgumentPath](self._layout, context, self.edited.emit)

    def show_call(self, call: Call, spec: LayerSpec | None) -> None:
        """Turn to a call, or show what has changed of it; a text that is being typed stays."""
        literals = literal_arguments(call, spec)
        content = (call.id, *((item.path, item.parameter, item.simple or repr(item.value)) for item in literals))
        if content != self._shown:
            self._shown = content
            self._turn_to(literals, spec)
        for item in literals:
            row = self.row(item.path)
            if row is not None and plain(row.editor.value()) != plain(item.value):
                row.set_value(item.value)

    def show_nothing(self) -> None:
        self._shown = ()
        self._turn_to((), None)

    def row(self, path: ArgumentPath) -> ParameterRow | None:
        return self._rows.rows.get(path)

    def commit(self) -> None:
        """Take over what was typed but not confirmed."""
        for row in list(self._rows.rows.values()):
            row.editor.commit()

    def _turn_to(self, literals: Sequence[LiteralArgument], spec: LayerSpec | None) -> None:
        for line in self._lines:
            let_go(line)
        items = [RowItem(item.path, item.parameter, item.parameter.default, item.value) for item in literals]
        self._rows.show([item for item, literal in zip(items, literals, strict=True) if literal.simple], spec)
        self._lines = []
        for place, item in enumerate(literals):
            if not item.simple:
                self._lines.append(line := _read_only(item))
                self._layout.insertWidget(place, line)
                line.show()  # a layout would show it only in the next round of events
        self.setVisible(bool(literals))


def _read_only(item: LiteralArgument) -> QWidget:
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    name = PlainLabel(parameter_words(item.parameter))
    name.setProperty("part", "parameter")
    name.setFixedWidth(LABEL_WIDTH)
    value = PlainLabel(argument_text(item.value))
    value.setObjectName(f"literal_{item.parameter.name}")
    set_spoken_name(value, item.parameter.name)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    value.setWordWrap(True)
    set_tooltip(value, tr("It is kept as it is; it cannot be changed here."))
    layout.addWidget(name)
    layout.addWidget(value, 1)
    return line
