"""The parameters of one operation: the main ones, then folded groups."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.widgets.section import FoldSection
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Group, Json, LayerSpec, Parameter
from graph_editor.document.graph import Operation
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.row import ParameterRow
from graph_editor.editors.parts.rows import ParameterRows, RowItem
from graph_editor.editors.parts.wording import plain
from graph_editor.words.tab_order import set_tab_order
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
    """The parameters of a class that the catalogue does not know: every value, as JSON; the dtype as anywhere."""
    keys = [key for key in config if key not in _OWN_CONTROLS]
    dense = catalog.layer("Dense")
    dtype = dense.parameter("dtype") if dense else None
    return [dtype if key == "dtype" and dtype else Parameter(key, "json", nullable=True) for key in keys]


class ParameterSections(QWidget):
    """`edited` carries the config key and the new value. Which groups are unfolded is remembered from box to box.

    The sections and the rows in them stay from box to box too, and are filled anew.
    """

    edited = Signal(str, object)

    def __init__(self, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._config: Mapping[str, Json] = {}
        self._spec: LayerSpec | None = None
        self._parameters: dict[Group, list[Parameter]] = {}
        layout, main = QVBoxLayout(self), QVBoxLayout()
        for each in (layout, main):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(6)
        layout.addLayout(main)
        self._rows: dict[Group, ParameterRows[str]] = {"main": ParameterRows(main, context, self.edited.emit)}
        self._sections = {group: self._section(group) for group in _GROUPS}
        for section in self._sections.values():
            section.hide()
            layout.addWidget(section)

    def show_operation(self, operation: Operation, spec: LayerSpec | None) -> None:
        """Turn to another operation; no text that was being typed stays."""
        self._config, self._spec = operation.config, spec
        self._parameters = self._grouped()
        self._fill("main", self._parameters.get("main", []))
        for group, section in self._sections.items():
            members = self._parameters.get(group, [])
            self._fill(group, [] if section.folded else members)
            section.setVisible(bool(members))
        self._order()
        self._mark_sections()

    def show_nothing(self) -> None:
        """Forget what was shown, and say no more about what was typed for it."""
        self._config, self._spec, self._parameters = {}, None, {}
        for rows in self._rows.values():
            rows.show((), None)
        for section in self._sections.values():
            section.hide()

    def refresh(self, operation: Operation) -> None:
        """Show the operation's values; a text that is being typed, or is invalid, stays unless its value changed."""
        self._config = operation.config
        for row in self._shown_rows():
            value = self._value(row.parameter)
            if plain(row.editor.value()) != plain(value):
                row.set_value(value)
        self._mark_sections()

    def commit(self) -> None:
        """Take over what was typed but not confirmed."""
        for row in self._shown_rows():
            row.editor.commit()

    def row(self, key: str) -> ParameterRow | None:
        """The row of a parameter; None where its group has not been unfolded since the operation is shown."""
        return next((rows.rows[key] for rows in self._rows.values() if key in rows.rows), None)

    def section(self, group: Group) -> FoldSection | None:
        """The section of a group; None where the operation has no parameter in it."""
        return self._sections[group] if self._parameters.get(group) else None

    def _shown_rows(self) -> list[ParameterRow]:
        return [row for rows in self._rows.values() for row in rows.rows.values()]

    def _grouped(self) -> dict[Group, list[Parameter]]:
        by_group: dict[Group, list[Parameter]] = {}
        if self._spec is None:
            parameters = unknown_class_parameters(self._config, self._context.catalog)
        else:
            parameters = [item for item in self._spec.parameters if item.name not in _OWN_CONTROLS]
        for parameter in parameters:
            by_group.setdefault(parameter.group, []).append(parameter)
        return by_group

    def _section(self, group: Group) -> FoldSection:
        def build(layout: QVBoxLayout) -> None:
            self._rows[group] = ParameterRows(layout, self._context, self.edited.emit)

        section = FoldSection(_group_title(group), f"section_{group}", build)
        section.fold_changed.connect(lambda folded: self._on_fold_changed(group, folded))
        return section

    def _fill(self, group: Group, parameters: list[Parameter]) -> None:
        rows = self._rows.get(group)
        if rows is not None:
            items = [RowItem(item.name, item, self._default(item), self._value(item)) for item in parameters]
            rows.show(items, self._spec)

    def _order(self) -> None:
        """Tab goes from above to below."""
        stops = self._rows["main"].stops
        for group, section in self._sections.items():
            stops.append(section.header)
            stops += self._rows[group].stops if group in self._rows else ()
        set_tab_order(stops, after=self)

    def _value(self, parameter: Parameter) -> Json:
        return self._config.get(parameter.name, self._default(parameter))

    def _default(self, parameter: Parameter) -> Json:
        if self._spec is None:
            return self._config.get(parameter.name)
        return self._spec.defaults.get(parameter.name, parameter.default)

    def _mark_sections(self) -> None:
        for group, section in self._sections.items():
            section.header.set_marked(any(self._changed(item) for item in self._parameters.get(group, ())))

    def _changed(self, parameter: Parameter) -> bool:
        row = self.row(parameter.name)
        if row is not None:
            return row.changed
        return bool(plain(self._value(parameter)) != plain(self._default(parameter)))

    def _on_fold_changed(self, group: Group, folded: bool) -> None:
        if not folded:
            self._fill(group, self._parameters.get(group, []))
            self._order()
        self._mark_sections()
