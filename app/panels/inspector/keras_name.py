"""What Keras calls something that people call by a title, and why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.panels.inspector.name_field import NameField
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr


class KerasName(QWidget):
    """Stands below a title, and takes another name for Keras. Hidden where the name is what people read anyway.

    `rename` raises EditError for what Keras cannot take.
    """

    def __init__(self, name: str, rename: Callable[[str], None]) -> None:
        super().__init__()
        label = PlainLabel(tr("in Keras"))
        label.setProperty("role", "small")
        self.field = NameField(name, tr("Name in Keras"), rename, part="keras_name")
        why = tr("Keras takes only Latin letters, digits and . _ - > in names. This one stands in files and code.")
        set_tooltip(label, why)
        set_tooltip(self.field.line, why)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(label)
        row.addWidget(self.field, 1)
        self.hide()

    def show_name(self, title: str, name: str) -> None:
        """`title` is empty where there is none."""
        self.setVisible(bool(title))
        self.field.show_name(name)

    def refresh(self, title: str, name: str) -> None:
        """Follow the document, but leave a name alone that is being typed."""
        self.setVisible(bool(title))
        self.field.refresh(name)

    def commit(self) -> None:
        if not self.isHidden():
            self.field.commit()
