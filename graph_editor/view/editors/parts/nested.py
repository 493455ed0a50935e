"""The parameters of a chosen object (an initializer, an inner layer), below the choice."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.view.editors.base import EditorContext
from graph_editor.view.editors.parts.row import ParameterRow

_LABEL_WIDTH = 74


class NestedRows(QWidget):
    """Rows for the `parameters` of one class; `edited` carries the name of the parameter and its value."""

    edited = Signal(str, object)

    def __init__(
        self,
        owner: LayerSpec | ObjectSpec,
        parameters: Sequence[Parameter],
        defaults: Mapping[str, Json],
        context: EditorContext,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("part", "nested")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 0, 2)
        layout.setSpacing(4)
        self.rows: list[ParameterRow] = []
        for parameter in parameters:
            default = defaults.get(parameter.name, parameter.default)
            row = ParameterRow(parameter, context, default, owner, _LABEL_WIDTH)
            row.edited.connect(lambda value, name=parameter.name: self.edited.emit(name, value))
            layout.addWidget(row)
            self.rows.append(row)

    def set_config(self, config: Mapping[str, Json]) -> None:
        for row in self.rows:
            row.set_value(config.get(row.parameter.name, row.parameter.default))

    def commit(self) -> None:
        for row in self.rows:
            row.editor.commit()
