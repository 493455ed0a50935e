"""Looking at the Data page and acting on it as people do."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from app.panels.data.bindings import BindingRow
from app.panels.data.panel import DataPanel
from graph_editor.editors.parts.combo import Combo
from tests.gui.training.fakes import World, child


def said(panel: QWidget, name: str) -> str:
    return child(panel, QLabel, name).text()


def bindings(world: World) -> dict[str, list[str]]:
    return dict(world.session.document.data.get("bindings") or {})


def row_of(panel: DataPanel, name: str) -> BindingRow:
    return panel.side.bindings.rows[name]


def choose(panel: DataPanel, target: str, text: str) -> None:
    """Pick an entry of a binding's list as people do."""
    combo = child(panel, Combo, f"binding_{target}")
    index = next(row for row in range(combo.count()) if combo.itemText(row).startswith(text))
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def table(panel: DataPanel) -> list[list[str]]:
    model = panel.page.looking.card.model
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
