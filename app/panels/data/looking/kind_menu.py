"""The menu of a column: what kind it is, chosen by a person where what was found out is not meant."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from app.panels.data.parts.words import kind_text
from resources.text import tr
from runtime.messages.describing import Column
from runtime.spec import ColumnKind


def kinds_of(column: Column) -> tuple[ColumnKind, ...]:
    """The kinds that samples of this shape can be."""
    axes = sum(1 for size in column.shape if size != 1)
    if column.dtype == "object":  # free texts
        return ("text", "category", "date")
    if axes == 0:
        return ("number", "category", "text", "date") if column.categories else ("number", "category", "date")
    if axes == 1:
        return ("number", "sequence", "audio")
    return ("image", "mask", "sequence", "number")


def kind_menu(column: Column, chosen: Callable[[str], object], parent: QWidget) -> QMenu:
    """`chosen` gets a kind, or nothing for what is found out."""
    menu = QMenu(parent)
    menu.setObjectName("column_kinds")
    group = QActionGroup(menu)
    for kind in kinds_of(column):
        action = menu.addAction(tr("Kind: {kind}", kind=kind_text(kind)))
        action.setObjectName(f"kind_{kind}")
        action.setCheckable(True)
        action.setChecked(kind == column.kind)
        action.triggered.connect(lambda _checked=False, kind=kind: chosen(kind))
        group.addAction(action)
    menu.addSeparator()
    found_out = menu.addAction(tr("Find out the kind"))
    found_out.setObjectName("kind_found_out")
    found_out.triggered.connect(lambda: chosen(""))
    return menu
