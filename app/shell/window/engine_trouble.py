"""A card that says what went wrong, that nothing is lost, and what to do next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.widgets.illustration import Illustration
from app.panels.widgets.sentence import sentence
from app.project.session import Session
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

WIDTH, MARGIN, TOP = 590, 18, 64


class EngineTrouble(QFrame):
    """Floats over the workspaces, `host`, from the engine's death until it starts again, or the card is closed."""

    def __init__(self, session: Session, look: ThemeSource, host: QWidget, show_console: Callable[[], object]) -> None:
        super().__init__(host.window())  # a page that is shown later would come to lie over a card within `host`
        self._session, self._host = session, host
        self._detail = ""
        self.setObjectName("engine_trouble")
        self.illustration = Illustration("engine", look)
        self._title = sentence(tr("Keras has stopped"), role="strong", selectable=True)
        self._reason = sentence(name="engine_trouble_reason", role="", selectable=True)
        self._comfort = sentence(
            tr("Your model is safe. Shapes, checks and training go on as soon as Keras is back."), selectable=True
        )
        self.restart = _button("trouble_restart", tr("Restart Keras"), "primary", session.engine.start)
        self.console = _button("trouble_console", tr("Show what it printed"), "", show_console)
        self.copy = _button("trouble_copy", tr("Copy details"), "quiet", self._copy)
        self._close = QToolButton()
        self._close.setObjectName("trouble_close")
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setIconSize(QSize(14, 14))
        self._close.clicked.connect(self.hide)
        self._lay_out()
        look.follow(self._on_theme)
        self.setFixedWidth(WIDTH)
        self.hide()
        session.engine.state_changed.connect(self._on_engine_state)
        host.installEventFilter(self)
        self._on_engine_state(session.engine.state)

    def _on_theme(self, theme: Theme) -> None:
        self._close.setIcon(icon("close", theme.color("dim"), 14))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(6)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 8, 14)
        row.setSpacing(12)
        row.addWidget(self.illustration, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        for label in (self._title, self._reason, self._comfort):
            words.addWidget(label)
        words.addSpacing(4)
        words.addLayout(buttons)
        for button in (self.restart, self.console, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _on_engine_state(self, state: object) -> None:
        state = self._session.engine.state
        if state.phase != "dead":
            self.hide()
            return
        self._reason.setText(state.text)
        self._reason.setVisible(bool(state.text))
        self._detail = "\n".join(part for part in (state.text, state.detail) if part)
        self.copy.setVisible(bool(self._detail))
        set_spoken_name(self, f"{self._title.text()}. {state.text}")
        self.show()
        self._place()
        self.raise_()

    def _place(self) -> None:
        self.setFixedWidth(min(WIDTH, self._host.width() - 2 * MARGIN))
        self.setFixedHeight(max(self.sizeHint().height(), self.heightForWidth(self.width())))
        place = QPoint((self._host.width() - self.width()) // 2, TOP)
        self.move(self._host.mapTo(self._host.window(), place))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._detail)
        self._session.notify(tr("Copied."), "ok")


def _button(name: str, text: str, role: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    set_spoken_name(button, text)
    button.setProperty("role", role)
    button.clicked.connect(lambda _checked=False: act())
    return button
