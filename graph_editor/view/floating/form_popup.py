"""A few values asked for on the canvas itself, beside what they are for. It blocks nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from graph_editor.catalog.specs import Json, Parameter
from graph_editor.editors.parts.base import EditorContext, ParameterEditor
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_WIDTH, _LABEL, _MOST_HEIGHT = 330, 118, 320


@dataclass(frozen=True, slots=True)
class FormField:
    """A value to ask for, and what the answer is called by; ``parameter`` says of what kind it is."""

    key: str
    parameter: Parameter
    label: str
    value: Json
    help: str = ""


class FormPopup(QFrame):
    """Enter takes the values, Esc none."""

    closed = Signal()

    def __init__(self, context: EditorContext, look: Look[CanvasTheme], parent: QWidget) -> None:
        super().__init__(parent)
        self._host, self._context = parent, context
        self._take: Callable[[Mapping[str, Json]], object] | None = None
        self._editors: dict[str, ParameterEditor] = {}
        self.setObjectName("formPopup")
        self._title = PlainLabel(parent=self)
        self._title.setObjectName("formTitle")
        self._title.setWordWrap(True)
        self._area = QScrollArea(self)
        self._area.setObjectName("formArea")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._hint = PlainLabel(tr("Enter accepts · Esc cancels"), self)
        self._hint.setObjectName("formHint")
        self._accept = QPushButton(self)
        self._accept.setObjectName("formAccept")
        self._accept.clicked.connect(self.accept)
        foot = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self._title)
        layout.addWidget(self._area, 1)
        layout.addLayout(foot)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self._accept)
        look.follow(self._on_theme)
        self.hide()

    def _on_theme(self, theme: CanvasTheme) -> None:
        self.setStyleSheet(_sheet(theme))

    def ask(
        self,
        title: str,
        fields: Sequence[FormField],
        verb: str,
        place: QPointF,
        take: Callable[[Mapping[str, Json]], object],
    ) -> None:
        """Show the fields with their values, as near to ``place`` (pixels in the parent) as fits."""
        self._take = take
        self._title.setText(title)
        set_spoken_name(self, title)
        self._accept.setText(verb)
        set_spoken_name(self._accept, verb)
        self._build(fields)
        self._show_at(place)
        first = next(iter(self._editors.values()))
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        for line in first.findChildren(QLineEdit):
            line.selectAll()

    def accept(self) -> None:
        """Hand the values over, unless one of them cannot be read."""
        for editor in self._editors.values():
            editor.commit()
        wrong = next((editor for editor in self._editors.values() if editor.reason), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        values = {name: editor.value() for name, editor in self._editors.items()}
        take = self._take
        self.cancel()
        if take is not None:
            take(values)

    def cancel(self) -> None:
        if self.isVisible():
            self._take = None
            self.hide()
            self.closed.emit()

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys that no field took; none goes on to the canvas below."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc before the field, which would only forget what was typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in here."""
        stops: list[QWidget] = [editor.focusProxy() or editor for editor in self._editors.values()]
        stops.append(self._accept)
        here = next((i for i, stop in enumerate(stops) if stop.hasFocus() or stop.isAncestorOf(_focus(self))), -1)
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(reason)
        return True

    def _build(self, fields: Sequence[FormField]) -> None:
        self._editors = {}
        body = QWidget()
        body.setObjectName("formBody")
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(fields):
            named = msgspec.structs.replace(field.parameter, name=field.label)  # as complaints about it call it
            editor = self._context.editor_for(named, body)
            editor.set_value(field.value)
            label = PlainLabel(field.label)
            label.setObjectName("formLabel")
            label.setWordWrap(True)
            label.setFixedWidth(_LABEL)
            label.setBuddy(editor)
            set_tooltip(label, field.help)
            set_tooltip(editor, field.help)
            control = editor.focusProxy() or editor
            set_spoken_name(control, field.label)
            control.installEventFilter(self)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(editor, row, 1)
            self._editors[field.key] = editor
        self._area.setWidget(body)  # the one before goes
        self._area.setFixedHeight(min(body.sizeHint().height() + 4, _MOST_HEIGHT))

    def _show_at(self, place: QPointF) -> None:
        self.setFixedWidth(min(_WIDTH, self._host.width() - 16))
        self.adjustSize()
        room = self._host.rect().adjusted(8, 8, -8, -8)
        size = self.size()
        x = max(min(int(place.x()), room.right() - size.width()), room.left())
        y = max(min(int(place.y()), room.bottom() - size.height()), room.top())
        self.setGeometry(QRect(x, y, size.width(), size.height()))
        self.show()
        self.raise_()


def _focus(popup: QWidget) -> QWidget:
    focused: QWidget | None = popup.window().focusWidget()
    return popup if focused is None else focused


def _sheet(theme: CanvasTheme) -> str:
    c = {token: color.name() for token, color in theme.colors.items()}
    families = ", ".join(f'"{family}"' for family in theme.ui_families)
    return f"""
#formPopup {{ background: {c["panel"]}; border: 1px solid {c["faint"]}; border-radius: 8px; }}
#formArea, #formBody {{ background: transparent; }}
#formTitle {{
    background: transparent; color: {c["text"]}; font-family: {families}; font-size: 13px; font-weight: 600;
}}
#formLabel {{ background: transparent; color: {c["dim"]}; font-family: {families}; font-size: 12px; }}
#formHint {{ background: transparent; color: {c["dim"]}; font-family: {families}; font-size: 11px; }}
#formAccept {{
    background: {c["accent.fill"]}; color: {c["accent.ink"]}; border: 1px solid {c["accent.fill"]};
    border-radius: 6px; padding: 5px 14px; font-family: {families}; font-size: 12px; font-weight: 600;
}}
#formAccept:focus {{ border-color: {c["text"]}; }}
"""
