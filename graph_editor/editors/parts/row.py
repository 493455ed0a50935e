"""A parameter's name beside its editor."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.editors.parts.base import EditorContext
from graph_editor.editors.parts.wording import parameter_words
from graph_editor.words.markup import bold, lines
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tab_order import set_tab_order
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

LABEL_WIDTH = 104
_LINE_HEIGHT = 29


class ParameterRow(QWidget):
    """The name in words with Keras' name and help in its tooltip, a button back to the default, and the editor.

    `default` is the config value of a new layer.
    """

    edited = Signal(object)

    def __init__(
        self,
        parameter: Parameter,
        context: EditorContext,
        default: Json,
        owner: LayerSpec | ObjectSpec | None = None,
        label_width: int = LABEL_WIDTH,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self._default = default
        self.editor = context.editor_for(parameter, self)
        self.label = PlainLabel()
        self.label.setProperty("part", "parameter")
        self.label.setWordWrap(True)
        self.label.setMinimumHeight(_LINE_HEIGHT)
        self.label.setBuddy(self.editor)
        self._reset = self._reset_button()
        self._show_names(owner)
        self._lay_out(label_width)
        self.editor.edited.connect(self._on_edited)
        self._reset.clicked.connect(self._on_reset)

    def turn_to(self, parameter: Parameter, default: Json, owner: LayerSpec | ObjectSpec | None) -> None:
        """Be the row of another parameter of the same kind, or of the same one of something else; `set_value` next."""
        self.parameter = parameter
        self._default = default
        self.editor.turn_to(parameter)
        self._show_names(owner)
        self.blockSignals(False)

    def put_away(self) -> None:
        """Out of sight until `turn_to`. It says nothing more, and holds on to nothing of what it showed."""
        self.blockSignals(True)  # that it loses the keyboard must not count as an edit of what takes its place
        self.hide()
        self.turn_to(msgspec.structs.replace(self.parameter, name=""), None, None)
        self.editor.set_value(None)
        self.blockSignals(True)

    def set_value(self, value: Json) -> None:
        self.editor.set_value(value)
        self._show_changed()

    @property
    def changed(self) -> bool:
        """Whether the value differs from Keras' default; a parameter without default never does."""
        if self.parameter.required:
            return False
        return bool(self.editor.canonical(self.editor.value()) != self.editor.canonical(self._default))

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab stops in it, in order."""
        below = self.editor.below
        return [self.editor, self._reset, *(below.stops if below else ())]  # Qt moves what is in the editor with it

    def _show_names(self, owner: LayerSpec | ObjectSpec | None) -> None:
        key, words = self.parameter.name, parameter_words(self.parameter)
        self.setObjectName(f"row_{key}")
        self.label.setText(words)
        tooltip = lines([bold(key), self.editor.context.catalog.parameter_help(self.parameter, owner)])
        set_tooltip(self.label, tooltip)
        set_tooltip(self.editor, tooltip)
        self._reset.setObjectName(f"reset_{key}")
        set_spoken_name(self._reset, tr("Reset {name} to the default", name=words))
        set_tooltip(self._reset, self._reset.accessibleName())

    def _reset_button(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("part", "reset")
        button.setFixedSize(18, 18)
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.hide()
        return button

    def _lay_out(self, label_width: int) -> None:
        left = QWidget()
        left.setFixedWidth(label_width)
        column = QHBoxLayout(left)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(2)
        column.addWidget(self.label, 1)
        column.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout()
        line.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        line.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.editor, 1)
        if self.editor.below:
            layout.addWidget(self.editor.below)

    def _show_changed(self) -> None:
        if self.editor.below is not None:
            set_tab_order(self.stops)  # another object has other parameters
        changed = self.changed
        self._reset.setVisible(changed)
        restyle(self.label, changed=changed)

    def _on_edited(self, value: Json) -> None:
        self._show_changed()
        self.edited.emit(value)

    def _on_reset(self) -> None:
        self.set_value(self._default)
        self.edited.emit(self._default)
