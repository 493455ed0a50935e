"""What the parts of the settings column share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.panels.train.settings import Section
from app.panels.widgets.fields import column
from app.panels.widgets.named_editors import named_editor
from app.project.session import Session
from graph_editor.catalog.specs import Parameter
from graph_editor.document.changes.commands import set_training
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.editors.parts.combo import SearchCombo
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text


class Form(QWidget):
    """A part of the settings: `refresh` shows what the document says, `store` changes it as an undoable step."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.context = context
        self.rows = column(self)

    @property
    def training(self) -> Section:
        """As far as it concerns the model that is built."""
        return self.session.built.training

    def refresh(self) -> None:
        raise NotImplementedError

    def store(self, label: Text, training: Mapping[str, Any], key: str) -> None:
        """Steps of the same key that follow one another become one."""
        self.session.edit(label, set_training(self.session.document, training), ("training", key))

    def editor(self, parameter: Parameter, name: str) -> ParameterEditor:
        """An editor whose control is called `name`."""
        return named_editor(self.context, parameter, name)


def name_combo(combo: SearchCombo, name: str, words: str) -> None:
    """Name a combo and the line inside it, which is what takes the keyboard."""
    for widget, suffix in ((combo, ""), (combo.lineEdit(), "_text")):
        if widget is not None:
            widget.setObjectName(name + suffix)
            set_spoken_name(widget, words)
