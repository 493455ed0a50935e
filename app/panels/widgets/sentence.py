"""A sentence that breaks into lines, as a panel or a dialog says one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def sentence(text: str = "", name: str = "", role: str = "small", selectable: bool = False) -> QLabel:
    """Names of layers and files stand in it, so it is never read as markup."""
    label = QLabel(text)
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
