"""The bar at the top: menu, project, workspaces, device, Train."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.project.session import Session
from app.shell.window.device_menu import DeviceButton
from app.workspaces.parts.workspace import Workspace
from graph_editor.words.elided_label import ElidedLabel
from graph_editor.words.literal import on_button
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

HEIGHT = 48


class WorkspaceSwitch(QFrame):
    """The segmented choice of the workspace; arrow keys move within it."""

    chosen = Signal(str)

    def __init__(self, workspaces: Iterable[Workspace], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("workspace_switch")
        self.setAccessibleName(tr("Workspaces"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for workspace in workspaces:
            button = QPushButton(on_button(str(workspace.title)))
            button.setObjectName(f"workspace_{workspace.key}")
            set_spoken_name(button, str(workspace.title))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, name=workspace.key: self.chosen.emit(name))
            self._group.addButton(button)
            self._buttons[workspace.key] = button
            layout.addWidget(button)

    def show_current(self, key: str) -> None:
        """The keyboard goes along if it is on another one: that would look chosen, too."""
        self._buttons[key].setChecked(True)
        if any(button.hasFocus() for button in self._buttons.values()):
            self._buttons[key].setFocus()


class Header(QFrame):
    """`train_pressed` and `workspace_chosen` are wishes; the window decides."""

    workspace_chosen = Signal(str)
    train_pressed = Signal()

    def __init__(self, session: Session, look: ThemeSource, workspaces: Iterable[Workspace], menu: QMenu) -> None:
        super().__init__()
        self._session = session
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT)
        self._menu = menu
        self.menu_button = self._make_menu_button()
        self._mark, self._project = PlainLabel(), ElidedLabel()
        self.switch = WorkspaceSwitch(workspaces)
        self.switch.chosen.connect(self.workspace_chosen)
        self.device = DeviceButton(session, look)
        self.train_button = self._make_train_button()
        self._arrange()
        menu.aboutToHide.connect(self._on_menu_closed)
        session.title_changed.connect(self._on_title_changed)
        look.follow(self._on_theme)
        self._on_title_changed()

    def open_menu(self) -> None:
        """Show the main menu below its button with its first entry chosen, as the keyboard expects.

        The entry is chosen by a key: `setActiveAction` would open its submenu, which then ignores the mouse.
        """
        self._show_menu()
        down = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._menu, down)

    def _show_menu(self) -> None:
        self._menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 4)))

    def _on_menu_closed(self) -> None:
        """The button no longer looks pressed: it was not told that the mouse has left it while the menu was there."""
        button = self.menu_button
        inside = button.rect().contains(button.mapFromGlobal(QCursor.pos()))
        button.setDown(False)
        button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, inside)
        button.update()

    def show_workspace(self, workspace: Workspace) -> None:
        """Hide the button for training in the workspace whose page has one of its own."""
        self.train_button.setVisible(not workspace.trains)  # first: the keyboard may go from it to the switch
        self.switch.show_current(workspace.key)

    def _on_theme(self, theme: Theme) -> None:
        self.menu_button.setIcon(icon("menu", theme.color("dim"), 18))
        self._mark.setPixmap(icon("lamella-mark", theme.color("text"), 20).pixmap(20, 20))
        self.train_button.setIcon(icon("play", theme.color("accent.ink"), 14))

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("menu_button")
        button.setAccessibleName(tr("Menu"))
        set_tooltip(button, tr("Menu (F10)"))
        button.setIconSize(QSize(18, 18))
        button.clicked.connect(self._show_menu)
        return button

    def _make_train_button(self) -> QPushButton:
        button = QPushButton(tr("Train"))
        button.setObjectName("train_button")
        button.setAccessibleName(tr("Train the model"))
        set_tooltip(button, tr("Train the model (F5)"))
        button.setProperty("role", "primary")
        button.clicked.connect(self.train_pressed)
        return button

    def _arrange(self) -> None:
        name = PlainLabel("Lamella")
        name.setObjectName("header_name")
        self._project.setObjectName("header_project")
        layout = QGridLayout(self)
        layout.setContentsMargins(8, 0, 14, 0)
        layout.setHorizontalSpacing(12)
        left, right = QHBoxLayout(), QHBoxLayout()
        layout.addLayout(left, 0, 0)
        _fill_row(left, (self.menu_button, 6), (self._mark, 8), (name, 14), (self._project, 0))
        layout.addWidget(self.switch, 0, 1)
        layout.addLayout(right, 0, 2)
        _fill_row(right, (self.device, 0), (self.train_button, 0))
        right.setSpacing(12)  # which goes with the button when that is hidden
        right.insertStretch(0, 1)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(2, 1)
        layout.setColumnMinimumWidth(0, 40)

    def _on_title_changed(self) -> None:
        title = project_title(self._session)
        self._project.show_text(title)
        set_spoken_name(self._project, title)


def project_title(session: Session) -> str:
    """The project's name, with a dot when it has changes that are not saved."""
    return f"{session.name} •" if session.changed else session.name


def _fill_row(row: QHBoxLayout, *items: tuple[QWidget, int]) -> None:
    row.setSpacing(0)
    for widget, gap in items:
        row.addWidget(widget)
        if gap:
            row.addSpacing(gap)
