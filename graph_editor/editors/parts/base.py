"""What every parameter editor is: a widget with one JSON value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.spares import Spares
from graph_editor.editors.parts.wording import parameter_words, plain
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_description, set_spoken_name


class UnreadableError(Exception):
    """A text is no value for a parameter; the message is one translated sentence that says why."""


@dataclass(frozen=True, slots=True)
class EditorContext:
    """What editors need: the catalogue, and which editor class is there for which kind of value.

    `spares`: where rows that are not shown wait for another parameter of their kind; without it they are thrown away.
    """

    catalog: Catalog
    kinds: Mapping[str, type[ParameterEditor]]
    spares: Spares | None = None

    def editor_class(self, parameter: Parameter) -> type[ParameterEditor]:
        """The class for the kind of a parameter; the one for plain JSON where a kind has none of its own."""
        return self.kinds.get(parameter.kind, self.kinds["json"])

    def editor_for(self, parameter: Parameter, parent: QWidget | None = None) -> ParameterEditor:
        return self.editor_class(parameter)(parameter, self, parent)


class Below(QWidget):
    """What an editor has below its row."""

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops in it, in order."""
        return []


class ParameterEditor(QWidget):
    """Shows and edits one value. `edited` carries each new valid value; setting the value from outside emits nothing.

    A text that is no value stays where it is, with a red outline and `reason` below it, and `value()` remains the last
    valid one. The value ``SEVERAL`` shows that the layers that are edited together differ.
    A subclass names the kinds it serves in `kinds` and passes its main control to `_install`; what needs the whole
    width of a row (the parameters of a chosen object) it puts into `below`. What it shows of its parameter it shows in
    `_fill`, since an editor goes from one parameter to another (`turn_to`).
    """

    kinds: ClassVar[tuple[str, ...]] = ()
    edited = Signal(object)

    def __init__(self, parameter: Parameter, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.context = context
        self.below: Below | None = None
        self._control: QWidget | None = None
        self._reason = PlainLabel()
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

    def turn_to(self, parameter: Parameter) -> None:
        """Edit another parameter that this class is there for, or the same one of something else.

        Nothing of what was shown or typed before is left; a value has to be set next.
        """
        self.parameter = parameter
        self._complain("")
        self._show_names()
        self._fill()

    def _fill(self) -> None:
        """Show what belongs to `parameter` (its choices, say), whatever was there before."""

    @property
    def reason(self) -> str:
        """Why the shown text is not the value; empty when it is."""
        return self._reason.text()

    def _install(self, control: QWidget) -> None:
        """Make `control` what people see and what gets the keyboard."""
        self._control = control
        self._show_names()
        self._fill()
        self.setFocusProxy(control)
        self._box.insertWidget(0, control)

    def _show_names(self) -> None:
        self._reason.setObjectName(f"reason_{self.parameter.name}")
        control = self._control
        if control is None:
            return
        control.setObjectName(f"editor_{self.parameter.name}")
        set_spoken_name(control, parameter_words(self.parameter))
        set_spoken_description(control, self.context.catalog.parameter_help(self.parameter))
        for line in control.findChildren(QLineEdit):
            line.setObjectName(f"line_{self.parameter.name}")
            set_spoken_name(line, control.accessibleName())

    def _complain(self, reason: str) -> None:
        """Show `reason` and the red outline; an empty one takes them away."""
        if reason == self._reason.text():
            return
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        if self._control is not None:
            restyle(self._control, invalid=bool(reason))
