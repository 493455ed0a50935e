"""The parameters of a chosen object (an initializer, an inner layer), below the choice."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.editors.parts.base import Below, EditorContext
from graph_editor.editors.parts.rows import ParameterRows, RowItem

_LABEL_WIDTH = 94
_INDENT = 10


class NestedPlace(Below):
    """Where the rows of the chosen class stand. Takes no room while there are none.

    `edited` carries the name of the parameter and its value.
    """

    edited = Signal(str, object)

    def __init__(self, context: EditorContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("part", "nested")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_INDENT, 0, 0, 0)
        layout.setSpacing(4)
        self._rows = ParameterRows[str](layout, context, self.edited.emit, _LABEL_WIDTH)
        self.hide()

    @property
    def stops(self) -> list[QWidget]:
        return self._rows.stops

    def show_config(
        self, owner: LayerSpec | ObjectSpec | None, parameters: Sequence[Parameter], config: Mapping[str, Json]
    ) -> None:
        """Show these parameters of the chosen class with their values."""
        defaults: Mapping[str, Json] = {}
        if owner is not None:
            defaults = owner.defaults if isinstance(owner, LayerSpec) else owner.config
        items = [
            RowItem(item.name, item, defaults.get(item.name, item.default), config.get(item.name, item.default))
            for item in parameters
        ]
        self._rows.show(items, owner)
        self.setVisible(bool(items))

    def commit(self) -> None:
        for row in list(self._rows.rows.values()):
            row.editor.commit()
