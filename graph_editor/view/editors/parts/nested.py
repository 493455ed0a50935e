"""The parameters of a chosen object (an initializer, an inner layer), below the choice."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.view.editors.base import EditorContext
from graph_editor.view.editors.parts.row import ParameterRow
from graph_editor.view.letting_go import let_go

_LABEL_WIDTH = 94
_INDENT = 10


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
        layout.setContentsMargins(_INDENT, 0, 0, 0)
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


class NestedPlace(QWidget):
    """Where the rows of the chosen class stand; `edited` is that of the rows. Takes no room while there are none."""

    edited = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: NestedRows | None = None
        self._shown: tuple[str, ...] = ()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_config(
        self,
        owner: LayerSpec | ObjectSpec | None,
        parameters: Sequence[Parameter],
        config: Mapping[str, Json],
        context: EditorContext,
    ) -> None:
        """Show the values; the rows are built anew only for another class or other parameters of it."""
        wanted = (owner.class_name, *(item.name for item in parameters)) if owner and parameters else ()
        if wanted != self._shown:
            self._shown = wanted
            self._drop()
            if owner and wanted:
                defaults = owner.defaults if isinstance(owner, LayerSpec) else owner.config
                self._rows = NestedRows(owner, parameters, defaults, context)
                self._rows.edited.connect(self.edited)
                self._layout.addWidget(self._rows)
        if self._rows:
            self._rows.set_config(config)
        self.setVisible(bool(wanted))

    def commit(self) -> None:
        if self._rows:
            self._rows.commit()

    def _drop(self) -> None:
        if self._rows:
            let_go(self._rows)
            self._rows = None
