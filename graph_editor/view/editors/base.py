"""What every parameter editor is: a widget with one JSON value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, Parameter
from graph_editor.view.editors.parts.wording import parameter_words, plain
from graph_editor.view.words.plain_label import PlainLabel
from graph_editor.view.words.spoken import set_spoken_description, set_spoken_name


class UnreadableError(Exception):
    """A text is no value for a parameter; the message is one translated sentence that says why."""


@dataclass(frozen=True, slots=True)
class EditorContext:
    """What editors need: the catalogue, and which editor class is there for which kind of value."""

    catalog: Catalog
    kinds: Mapping[str, type[ParameterEditor]]

    def editor_for(self, parameter: Parameter, parent: QWidget | None = None) -> ParameterEditor:
        """The editor for the parameter's kind; that of plain JSON for a kind without its own."""
        return self.kinds.get(parameter.kind, self.kinds["json"])(parameter, self, parent)


class ParameterEditor(QWidget):
    """Shows and edits one value. `edited` carries each new valid value; setting the value from outside emits nothing.

    A text that is no value stays where it is, with a red outline and `reason` below it, and `value()` remains the last
    valid one. The value ``SEVERAL`` shows that the layers that are edited together differ.
    A subclass names the kinds it serves in `kinds` and passes its main control to `_install`; what needs the whole
    width of a row (the parameters of a chosen object) it puts into `below`.
    """

    kinds: ClassVar[tuple[str, ...]] = ()
    edited = Signal(object)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.context = context
        self.below: QWidget | None = None
        self._control: QWidget | None = None
        self._reason = PlainLabel()
        self._reason.setObjectName(f"reason_{parameter.name}")
        self._reason.setProperty("part", "reason")
        self._reason.setWordWrap(True)
        self._reason.hide()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(3)
        self._box.addWidget(self._reason)

    def value(self) -> Json:
        raise NotImplementedError

    def set_value(self, value: Json) -> None:
        raise NotImplementedError

    def canonical(self, value: Json) -> Json:
        """One form for all ways to write the same value; equal forms mean an unchanged parameter."""
        return plain(value)

    def commit(self) -> None:
        """Take over what was typed but not yet confirmed."""

    @property
    def reason(self) -> str:
        """Why the shown text is not the value; empty when it is."""
        return self._reason.text()

    def _install(self, control: QWidget) -> None:
        """Make `control` what people see and what gets the keyboard."""
        self._control = control
        control.setObjectName(f"editor_{self.parameter.name}")
        set_spoken_name(control, parameter_words(self.parameter))
        set_spoken_description(control, self.context.catalog.parameter_help(self.parameter))
        for line in control.findChildren(QLineEdit):
            line.setObjectName(f"line_{self.parameter.name}")
            set_spoken_name(line, control.accessibleName())
        self.setFocusProxy(control)
        self._box.insertWidget(0, control)

    def _complain(self, reason: str) -> None:
        """Show `reason` and the red outline; an empty one takes them away."""
        if reason == self._reason.text():
            return
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        if self._control is not None:
            self._control.setProperty("invalid", bool(reason))
            self._control.style().unpolish(self._control)
            self._control.style().polish(self._control)
