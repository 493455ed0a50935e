"""The parameters of one operation: the main ones, then folded groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.widgets.section import FoldSection
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Group, Json, LayerSpec, Parameter
from graph_editor.document.graph import Operation
from graph_editor.view.editors.base import EditorContext
from graph_editor.view.editors.parts.row import ParameterRow
from graph_editor.view.editors.parts.wording import plain
from graph_editor.view.letting_go import let_go
from resources.text import tr

_OWN_CONTROLS = frozenset({"name", "trainable"})
_GROUPS: tuple[Group, ...] = ("initializers", "regularizers", "constraints", "advanced")


def _group_title(group: Group) -> str:
    titles = {
        "initializers": tr("Initializers"),
        "regularizers": tr("Regularizers"),
        "constraints": tr("Constraints"),
        "advanced": tr("Placement and precision"),
    }
    return titles[group]


def unknown_class_parameters(config: Mapping[str, Json], catalog: Catalog) -> list[Parameter]:
    """What can be edited of a class that the catalogue does not know: every value, as JSON; the dtype as anywhere."""
    keys = [key for key in config if key not in _OWN_CONTROLS]
    dense = catalog.layer("Dense")
    dtype = dense.parameter("dtype") if dense else None
    return [dtype if key == "dtype" and dtype else Parameter(key, "json", nullable=True) for key in keys]


class ParameterSections(QWidget):
    """`edited` carries the config key and the new value. Which groups are unfolded is remembered from box to box."""

    edited = Signal(str, object)

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._unfolded: set[str] = set()
        self._config: Mapping[str, Json] = {}
        self._spec: LayerSpec | None = None
        self._rows: dict[str, ParameterRow] = {}
        self._sections: dict[Group, FoldSection] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._content: QWidget | None = None

    def show_operation(self, operation: Operation, spec: LayerSpec | None) -> None:
        """Turn to another operation; one of the same class is shown in the rows that are there."""
        if spec is not None and spec is self._spec and self._content is not None:
            self.refresh(operation, afresh=True)
            return
        self._drop_content()
        self._config, self._spec = operation.config, spec
        self._content = QWidget()
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        parameters = self._parameters()
        for parameter in parameters:
            if parameter.group == "main":
                layout.addWidget(self._row(parameter))
        for group in _GROUPS:
            members = [parameter for parameter in parameters if parameter.group == group]
            if members:
                layout.addWidget(self._section(group, members))
        self._layout.addWidget(self._content)
        self._content.show()  # a layout would show it only in the next round of events
        self._mark_sections()

    def refresh(self, operation: Operation, afresh: bool = False) -> None:
        """Show the operation's values; a text that is being typed, or is invalid, stays unless its value changed.

        ``afresh``: it is another one with the same parameters, and no text stays.
        """
        self._config = operation.config
        for row in self._rows.values():
            value = self._value(row.parameter)
            if afresh or plain(row.editor.value()) != plain(value):
                row.set_value(value)
        self._mark_sections()

    def commit(self) -> None:
        """Take over what was typed but not confirmed."""
        for row in self._rows.values():
            row.editor.commit()

    def row(self, key: str) -> ParameterRow | None:
        """The row of a parameter; None while its group has never been unfolded."""
        return self._rows.get(key)

    def section(self, group: Group) -> FoldSection | None:
        return self._sections.get(group)

    def _drop_content(self) -> None:
        if self._content is not None:
            let_go(self._content)
        self._rows, self._sections = {}, {}

    def _parameters(self) -> Sequence[Parameter]:
        if self._spec is None:
            return unknown_class_parameters(self._config, self._context.catalog)
        return [parameter for parameter in self._spec.parameters if parameter.name not in _OWN_CONTROLS]

    def _section(self, group: Group, members: Sequence[Parameter]) -> FoldSection:
        def build(layout: QVBoxLayout) -> None:
            for parameter in members:
                layout.addWidget(self._row(parameter))

        section = FoldSection(_group_title(group), f"section_{group}", build)
        section.set_folded(group not in self._unfolded)
        section.fold_changed.connect(lambda folded: self._on_fold_changed(group, folded))
        self._sections[group] = section
        return section

    def _row(self, parameter: Parameter) -> ParameterRow:
        row = ParameterRow(parameter, self._context, self._default(parameter), self._spec)
        row.set_value(self._value(parameter))
        row.edited.connect(lambda value: self.edited.emit(parameter.name, value))
        self._rows[parameter.name] = row
        return row

    def _value(self, parameter: Parameter) -> Json:
        return self._config.get(parameter.name, self._default(parameter))

    def _default(self, parameter: Parameter) -> Json:
        if self._spec is None:
            return self._config.get(parameter.name)
        return self._spec.defaults.get(parameter.name, parameter.default)

    def _mark_sections(self) -> None:
        for group, section in self._sections.items():
            members = [parameter for parameter in self._parameters() if parameter.group == group]
            section.header.set_marked(any(self._changed(parameter) for parameter in members))

    def _changed(self, parameter: Parameter) -> bool:
        row = self._rows.get(parameter.name)
        if row is not None:
            return row.changed
        return bool(plain(self._value(parameter)) != plain(self._default(parameter)))

    def _on_fold_changed(self, group: Group, folded: bool) -> None:
        if folded:
            self._unfolded.discard(group)
        else:
            self._unfolded.add(group)
        self._mark_sections()
