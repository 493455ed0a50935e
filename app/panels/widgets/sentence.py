"""A sentence that breaks into lines, as a panel or a dialog says one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from graph_editor.words.plain_label import PlainLabel


def sentence(text: str = "", name: str = "", role: str = "small", selectable: bool = False) -> QLabel:
    """Names of layers and files stand in it, so it is never read as markup."""
    label = PlainLabel(text)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
