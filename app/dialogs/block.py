"""A block before it is saved: its name, what it is for, and which values are asked for each time it is placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.blocks.pictures import block_image
from app.dialogs.frame import Frame
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    MOST_PARAMETERS,
    Block,
    BlockParameter,
    candidates,
)
from graph_editor.document.graph import Json
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr

_PICTURE = QSize(240, 330)
_SIZE = QSize(820, 560)


class BlockDialog(Frame):
    """`result_block` is what was made of the block that came in."""

    def __init__(
        self, block: Block, title: str, catalog: Catalog, look: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__("block_dialog", title, parent)
        self._block, self._catalog = block, catalog
        self._rows = rows_of(block)
        self._name = QLineEdit(block.name)
        self._name.setMaxLength(LONGEST_NAME)
        self._description = QPlainTextEdit(block.description)
        self._table = QTableWidget(len(self._rows), 4)
        self._all = QCheckBox(tr("Show all values, those that are Keras' defaults too"))
        self._count = PlainLabel()
        self._accept = QPushButton(tr("Save"))
        self._name_widgets()
        columns = QHBoxLayout()
        columns.setSpacing(18)
        self.body.addLayout(columns, 1)
        columns.addWidget(self._preview(look.theme))
        self._fill_right(attached(columns, QVBoxLayout(), 1))
        self.body.addWidget(self._buttons())
        self._fill()
        self._name.textChanged.connect(self._on_changed)
        self._description.textChanged.connect(self._on_changed)
        self._table.model().dataChanged.connect(self._on_changed)
        self._all.toggled.connect(self._show_rows)
        self._show_rows()
        self._on_changed()
        self.resize(_SIZE)
        self._name.selectAll()
        self._name.setFocus()

    @property
    def result_block(self) -> Block:
        parameters = [self._parameter(row) for row in range(len(self._rows)) if self._is_ticked(row)]
        name, description = self._name.text().strip(), self._description.toPlainText().strip()
        return replace(self._block, name=name, description=description, parameters=tuple(parameters))

    def _name_widgets(self) -> None:
        widgets: Sequence[tuple[QWidget, str, str]] = (
            (self._name, "block_name", tr("Name")),
            (self._description, "block_description", tr("What it is for")),
            (self._table, "block_parameters", tr("Values to ask for")),
            (self._all, "block_show_all", self._all.text()),
            (self._accept, "block_save", self._accept.text()),
        )
        for widget, name, words in widgets:
            widget.setObjectName(name)
            set_spoken_name(widget, words)

    def _preview(self, theme: Theme) -> QLabel:
        colors = CanvasTheme.from_tokens(theme.colors)
        picture = PlainLabel()
        picture.setObjectName("block_picture")
        picture.setAccessibleName(tr("Picture of the block"))
        image = block_image(self._block, self._catalog, colors, _PICTURE, self.devicePixelRatioF())
        picture.setPixmap(QPixmap.fromImage(image))
        picture.setFixedSize(_PICTURE + QSize(16, 16))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        ground, edge = theme.color("background"), theme.color("line")
        rule = f"background: {ground}; border: 1px solid {edge}; border-radius: 8px;"
        picture.setStyleSheet(f"#block_picture {{ {rule} }}")
        return picture

    def _fill_right(self, right: QVBoxLayout) -> None:
        self._description.setFixedHeight(64)
        self._description.setTabChangesFocus(True)
        header = self._table.horizontalHeader()
        self._table.setHorizontalHeaderLabels([tr("Ask"), tr("Called"), tr("Value now"), tr("Sets")])
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(1, 150)
        header.resizeSection(2, 90)
        self._table.verticalHeader().hide()
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.setTabKeyNavigation(False)
        self._table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self._table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self._count.setProperty("role", "small")
        self._count.setWordWrap(True)
        right.setSpacing(6)
        for words, widget in ((tr("Name"), self._name), (tr("What it is for"), self._description)):
            right.addWidget(_heading(words))
            right.addWidget(widget)
        right.addWidget(_heading(tr("Values to ask for when it is placed")))
        right.addWidget(self._table, 1)
        right.addWidget(self._all)
        right.addWidget(self._count)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        box.addButton(self._accept, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = box.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("block_cancel")
        set_spoken_name(cancel, cancel.text())
        restyle(self._accept, role="primary")  # the box of buttons has polished it already
        self._accept.setDefault(True)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    def _fill(self) -> None:
        earlier = {parameter.name for parameter in self._block.parameters}
        fixed = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        for row, parameter in enumerate(self._rows):
            tick = QTableWidgetItem()
            tick.setFlags(fixed | Qt.ItemFlag.ItemIsUserCheckable)
            tick.setCheckState(Qt.CheckState.Checked if parameter.name in earlier else Qt.CheckState.Unchecked)
            label = QTableWidgetItem(shown_name(parameter.label))
            label.setFlags(fixed | Qt.ItemFlag.ItemIsEditable)
            set_tooltip(label, tr("Double-click to give it another name."))
            value = QTableWidgetItem(shown_name(value_text(parameter.default)))
            names = ", ".join(self._block.operation(key).name for key, _ in parameter.places)
            layers = QTableWidgetItem(shown_name(names))
            set_tooltip(layers, names)
            tick.setData(Qt.ItemDataRole.AccessibleTextRole, tr("Ask for {name}", name=shown_name(parameter.label)))
            for column, item in enumerate((tick, label, value, layers)):
                if column > 1:
                    item.setFlags(fixed)
                self._table.setItem(row, column, item)

    def _show_rows(self) -> None:
        """Without the tick only what was chosen on purpose: Keras' own defaults are many."""
        for row, parameter in enumerate(self._rows):
            shown = self._all.isChecked() or self._is_ticked(row) or is_telling(self._block, parameter, self._catalog)
            self._table.setRowHidden(row, not shown)

    def _on_changed(self) -> None:
        ticked = sum(self._is_ticked(row) for row in range(len(self._rows)))
        has_name = bool(self._name.text().strip())
        short = len(self._description.toPlainText()) <= LONGEST_DESCRIPTION
        self._accept.setEnabled(has_name and short and ticked <= MOST_PARAMETERS)
        if not has_name:
            words = tr("A block needs a name.")
        elif not short:
            words = tr("The description is longer than {count} letters.", count=LONGEST_DESCRIPTION)
        elif ticked > MOST_PARAMETERS:
            words = tr("At most {count} values can be asked for.", count=MOST_PARAMETERS)
        else:
            words = tr("A value with the same name in several layers is set in all of them at once.")
        self._count.setText(words)

    def _is_ticked(self, row: int) -> bool:
        state = self._table.model().index(row, 0).data(Qt.ItemDataRole.CheckStateRole)
        return bool(state == Qt.CheckState.Checked.value)

    def _parameter(self, row: int) -> BlockParameter:
        parameter = self._rows[row]
        label = str(self._table.model().index(row, 1).data() or "").strip()[:LONGEST_NAME]
        if label in ("", shown_name(parameter.label).strip()[:LONGEST_NAME]):
            return parameter  # nobody has written another one
        return replace(parameter, label=label)


def rows_of(block: Block) -> list[BlockParameter]:
    """Return what the block asks for already, then everything else that it could ask for."""
    rows = list(block.parameters)
    places, names = {frozenset(row.places) for row in rows}, {row.name for row in rows}
    for candidate in candidates(block):
        if frozenset(candidate.places) in places:
            continue
        number, name = 1, candidate.name
        while name in names:
            number += 1
            name = f"{candidate.name}_{number}"
        names.add(name)
        rows.append(replace(candidate, name=name))
    return rows


def is_telling(block: Block, parameter: BlockParameter, catalog: Catalog) -> bool:
    """Whether its value is no default of Keras: somebody chose it, so it is likely to be chosen again."""
    operation_id, key = parameter.places[0]
    operation = block.operation(operation_id)
    spec = catalog.layer(operation.class_name, operation.module)
    if spec is None:
        return True
    found = next((item for item in spec.parameters if item.name == key), None)
    return found is not None and (found.required or bool(spec.defaults.get(key, found.default) != parameter.default))


def value_text(value: Json) -> str:
    if isinstance(value, list):
        return " × ".join(value_text(item) for item in value)
    if value is None or isinstance(value, bool):
        return {None: tr("none"), True: tr("yes"), False: tr("no")}[value]
    return str(value)


def _heading(words: str) -> QLabel:
    label = PlainLabel(words)
    label.setProperty("role", "heading")
    return label
