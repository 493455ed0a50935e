"""What a menu entry is, and how a list of them becomes actions of a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from graph_editor.words.literal import on_button
from graph_editor.words.spoken import set_spoken_name

Shortcut = str | QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do. `key` is the action's object name.

    `text`, `enabled` and `checked` are asked again whenever something has changed, `submenu` whenever its menu opens.
    """

    key: str
    text: Callable[[], str]
    run: Callable[[], object] | None = None
    shortcuts: tuple[Shortcut, ...] = ()
    enabled: Callable[[], bool] | None = None
    checked: Callable[[], bool] | None = None
    submenu: Callable[[], Sequence[Command | None]] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A menu: its title and its commands, None being a line between them."""

    key: str
    title: str
    commands: tuple[Command | None, ...]


class CommandMenu:
    """The actions of all groups: they hang in menus, and on the window, so that shortcuts work without a menu bar."""

    def __init__(self, window: QWidget, groups: Sequence[Group]) -> None:
        self.groups = tuple(groups)
        self._window = window
        self._live: list[tuple[Command, QAction]] = []
        self.menu = QMenu(window)
        self.menu.setObjectName("main_menu")
        self.menu.setAccessibleName("Lamella")
        for group in groups:
            self._fill(self._submenu(self.menu, f"menu.{group.key}", group.title), group.commands, keep=True)
        self.menu.aboutToShow.connect(self.refresh)

    def action(self, key: str) -> QAction:
        """The action of the command `key`; StopIteration when there is none."""
        return next(action for command, action in self._live if command.key == key)

    def refresh(self) -> None:
        """Ask every command what it is called and whether it can be used now."""
        for command, action in self._live:
            _update(command, action)

    def _fill(self, menu: QMenu, commands: Sequence[Command | None], keep: bool) -> None:
        for command in commands:
            if command is None:
                menu.addSeparator()
            elif command.submenu is not None:
                self._add_submenu(menu, command, command.submenu)
            else:
                self._add_action(menu, command, keep)

    def _add_action(self, menu: QMenu, command: Command, keep: bool) -> None:
        action = QAction(menu)
        action.setObjectName(command.key)
        action.setCheckable(command.checked is not None)
        action.setShortcuts([QKeySequence(shortcut) for shortcut in command.shortcuts])
        if command.run is not None:
            run = command.run
            action.triggered.connect(lambda _checked=False: run())
        _update(command, action)
        menu.addAction(action)
        if keep:
            self._window.addAction(action)
            self._live.append((command, action))

    def _add_submenu(self, menu: QMenu, command: Command, entries: Callable[[], Sequence[Command | None]]) -> None:
        submenu = self._submenu(menu, command.key, command.text())

        def fill() -> None:
            submenu.clear()
            self._fill(submenu, entries(), keep=False)

        submenu.aboutToShow.connect(fill)
        fill()

    def _submenu(self, menu: QMenu, key: str, title: str) -> QMenu:
        submenu = menu.addMenu(on_button(title))
        submenu.setObjectName(key)
        set_spoken_name(submenu, title)
        return submenu


def _update(command: Command, action: QAction) -> None:
    action.setText(on_button(command.text()))
    if command.enabled is not None:
        action.setEnabled(command.enabled())
    if command.checked is not None:
        action.setChecked(command.checked())
