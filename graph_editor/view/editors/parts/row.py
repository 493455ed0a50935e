"""A parameter's name beside its editor."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from graph_editor.catalog.specs import Json, LayerSpec, ObjectSpec, Parameter
from graph_editor.view.editors.base import EditorContext
from graph_editor.view.editors.parts.wording import parameter_words
from graph_editor.view.words.markup import Markup, bold, lines
from graph_editor.view.words.plain_label import PlainLabel
from graph_editor.view.words.spoken import set_spoken_name
from graph_editor.view.words.tooltips import set_tooltip
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
        self.setObjectName(f"row_{parameter.name}")
        self.parameter = parameter
        self._default = default
        self.editor = context.editor_for(parameter, self)
        tooltip = self._tooltip(context.catalog.parameter_help(parameter, owner))
        self.label = PlainLabel(parameter_words(parameter))
        self.label.setProperty("part", "parameter")
        self.label.setWordWrap(True)
        set_tooltip(self.label, tooltip)
        self.label.setMinimumHeight(_LINE_HEIGHT)
        self.label.setBuddy(self.editor)
        set_tooltip(self.editor, tooltip)
        self._reset = self._reset_button()
        self._lay_out(label_width)
        self.editor.edited.connect(self._on_edited)
        self._reset.clicked.connect(self._on_reset)

    def set_value(self, value: Json) -> None:
        self.editor.set_value(value)
        self._show_changed()

    @property
    def changed(self) -> bool:
        """Whether the value differs from Keras' default; a parameter without default never does."""
        if self.parameter.required:
            return False
        return bool(self.editor.canonical(self.editor.value()) != self.editor.canonical(self._default))

    def _tooltip(self, help_text: str) -> Markup:
        return lines([bold(self.parameter.name), help_text])

    def _reset_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"reset_{self.parameter.name}")
        button.setProperty("part", "reset")
        button.setFixedSize(18, 18)
        name = parameter_words(self.parameter)
        set_spoken_name(button, tr("Reset {name} to the default", name=name))
        set_tooltip(button, button.accessibleName())
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
        changed = self.changed
        self._reset.setVisible(changed)
        if bool(self.label.property("changed")) != changed:
            self.label.setProperty("changed", changed)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)

    def _on_edited(self, value: Json) -> None:
        self._show_changed()
        self.edited.emit(value)

    def _on_reset(self) -> None:
        self.set_value(self._default)
        self.edited.emit(self._default)
