"""The values among the arguments of a call: typed where they are plain, shown as Python where not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.graph import ArgumentPath, Call
from graph_editor.document.literals import LiteralArgument, literal_arguments
from graph_editor.exporters.code.layers import argument_text
from graph_editor.view.editors.base import EditorContext
from graph_editor.view.editors.parts.row import LABEL_WIDTH, ParameterRow
from graph_editor.view.editors.parts.wording import parameter_words, plain
from graph_editor.view.letting_go import let_go
from graph_editor.view.words.plain_label import PlainLabel
from graph_editor.view.words.spoken import set_spoken_name
from graph_editor.view.words.tooltips import set_tooltip
from resources.text import tr


class LiteralRows(QWidget):
    """`edited` carries the path of the argument and its new value."""

    edited = Signal(object, object)

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("literal_arguments")
        self._context = context
        self._shown: tuple[object, ...] = ()
        self._rows: dict[ArgumentPath, ParameterRow] = {}
        self._content: QWidget | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def show_call(self, call: Call, spec: LayerSpec | None) -> None:
        """Turn to a call, or show what has changed of it; a text that is being typed stays."""
        literals = literal_arguments(call, spec)
        shown = (call.id, *((item.path, item.parameter, item.simple or repr(item.value)) for item in literals))
        if shown != self._shown:
            self._shown = shown
            self._rebuild(literals, spec)
        for item in literals:
            row = self._rows.get(item.path)
            if row is not None and plain(row.editor.value()) != plain(item.value):
                row.set_value(item.value)

    def row(self, path: ArgumentPath) -> ParameterRow | None:
        return self._rows.get(path)

    def commit(self) -> None:
        """Take over what was typed but not confirmed."""
        for row in self._rows.values():
            row.editor.commit()

    def _rebuild(self, literals: Sequence[LiteralArgument], spec: LayerSpec | None) -> None:
        if self._content is not None:
            let_go(self._content)
        self._rows, self._content = {}, QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for item in literals:
            layout.addWidget(self._editable(item, spec) if item.simple else _read_only(item))
        self._layout.addWidget(self._content)
        self._content.show()
        self.setVisible(bool(literals))

    def _editable(self, item: LiteralArgument, spec: LayerSpec | None) -> ParameterRow:
        row = ParameterRow(item.parameter, self._context, item.parameter.default, spec)
        row.set_value(item.value)
        row.edited.connect(lambda value: self.edited.emit(item.path, value))
        self._rows[item.path] = row
        return row


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
