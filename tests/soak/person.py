"""Somebody at the window who presses, drags and types whatever is in reach, without knowing what it means."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QTabBar,
    QWidget,
)

from app.look.theme import theme_names
from app.panels.widgets.chips import Chips
from app.shell.desktop import Desktop
from app.workspaces.listing import all_workspaces
from tests.gui.view.conftest import Bench
from tests.soak.keyboard import type_text
from tests.support.sitting import Sitting

Key = Qt.Key
_CONTROL, _SHIFT, _ALT, _NONE = (Qt.KeyboardModifier[f"{name}Modifier"] for name in ("Control", "Shift", "Alt", "No"))
_TARGETS: Final = (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, QTabBar)
_TEXTS: Final = ("8", "16", "0.5", "-1", "1e-3", "", "relu", "3, 3", "None", "x", "한글", "<b>x</b>", "99999999")
_SOUGHT: Final = ("dense", "theme", "add", "zoom", "data", "report", "evaluate", "inside", "try")
_KEYS: Final = (
    (Key.Key_Z, _CONTROL),
    (Key.Key_Z, _CONTROL | _SHIFT),
    (Key.Key_S, _CONTROL),
    (Key.Key_S, _CONTROL | _SHIFT),
    (Key.Key_O, _CONTROL),
    (Key.Key_N, _CONTROL),
    (Key.Key_Q, _CONTROL),
    (Key.Key_F, _CONTROL),
    (Key.Key_A, _CONTROL),
    (Key.Key_C, _CONTROL),
    (Key.Key_V, _CONTROL),
    (Key.Key_F1, _NONE),
    (Key.Key_F5, _NONE),
    (Key.Key_F7, _NONE),
    (Key.Key_Delete, _NONE),
    (Key.Key_Tab, _NONE),
    (Key.Key_Down, _NONE),
    (Key.Key_Return, _NONE),
    (Key.Key_Escape, _NONE),
    *((key, _ALT) for key in (Key.Key_1, Key.Key_2, Key.Key_3, Key.Key_4, Key.Key_5)),
)
_AVOIDED: Final = ("file.quit", "view.language", "help.welcome")  # done as actions of their own, or by Ctrl+Q


class Person:
    """`act` does one thing; `tell` is given its name before it is done."""

    def __init__(
        self, desktop: Desktop, rng: random.Random, files: Callable[[], None], tell: Callable[[str], None]
    ) -> None:
        self._desktop, self._rng, self._tell = desktop, rng, tell
        self._open_another = files
        self.may_change_language = True
        self._ways: tuple[tuple[Callable[[], None], float], ...] = (
            (self._on_canvas, 30),
            (self._press_something, 22),
            (self._pick_in_a_list, 10),
            (self._type_somewhere, 12),
            (self._press_a_key, 10),
            (self._use_a_command, 6),
            (self._go_to_workspace, 6),
            (self._palette, 2),
            (self._train, 3),
            (self._evaluate, 4),
            (self._look_inside, 3),
            (self._paint_somewhere, 6),
            (self._theme, 1),
            (self._open, 1.5),
            (self._resize, 1),
            (self._language, 0.5),
        )

    def act(self) -> None:
        way = self._rng.choices([way for way, _ in self._ways], [weight for _, weight in self._ways])[0]
        way()

    # What there is

    def _here(self, *kinds: type[QWidget]) -> list[QWidget]:
        """Widgets of the window that can be used now, in an order of their own; no new Python object is made."""
        window = self._desktop.window
        found = []
        for item in shiboken6.getAllValidWrappers():
            if not isinstance(item, kinds) or not item.isVisible() or not item.isEnabled() or item.window() != window:
                continue
            middle = item.mapTo(window, item.rect().center())
            if window.rect().contains(middle):
                found.append((middle.y(), middle.x(), type(item).__name__, item.objectName(), item))
        return [entry[-1] for entry in sorted(found, key=lambda entry: entry[:-1])]

    def _click(
        self,
        widget: QWidget,
        at: QPoint,
        held: Qt.KeyboardModifier = _NONE,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> None:
        """As the window system would: whoever lies there gets it."""
        window = self._desktop.window
        handle = window.windowHandle()
        if handle is not None:
            QTest.mouseClick(handle, button, held, widget.mapTo(window, at))

    # What is done

    def _on_canvas(self) -> None:
        session, window = self._desktop.session, self._desktop.window
        if window.workspace != "build":
            self._tell("show build")
            window.show_workspace("build")
            return
        sitting = Sitting(Bench(window.canvas, session.document, session.history, session.catalog), self._rng)
        self._tell("canvas")
        sitting.act()
        self._tell(f"  it was {sitting.done[-1]}")

    def _press_something(self) -> None:
        found = self._here(*_TARGETS)
        if found:
            chosen = self._rng.choice(found)
            self._tell(f"press {type(chosen).__name__} {chosen.objectName()}")
            self._click(chosen, chosen.rect().center())

    def _pick_in_a_list(self) -> None:
        found = [view for view in self._here(QAbstractItemView) if isinstance(view, QAbstractItemView)]
        if found:
            view = self._rng.choice(found)
            chosen = view.viewport()
            seen = chosen.visibleRegion().boundingRect()
            at = seen.topLeft() + QPoint(
                self._rng.randrange(max(1, seen.width())), self._rng.randrange(max(1, seen.height()))
            )
            held = self._rng.choice((_NONE, _NONE, _NONE, _CONTROL, _SHIFT))
            button = Qt.MouseButton.RightButton if self._rng.random() < 0.15 else Qt.MouseButton.LeftButton
            self._tell(f"pick in {view.objectName()} at {at.x()}, {at.y()} with {button.name} {held.name}")
            self._click(chosen, at, held, button)

    def _type_somewhere(self) -> None:
        found = [field for field in self._here(QLineEdit) if isinstance(field, QLineEdit) and not field.isReadOnly()]
        if not found:
            return
        field, text = self._rng.choice(found), self._rng.choice(_TEXTS)
        self._tell(f"type {text!r} into {field.objectName() or type(field.parentWidget()).__name__}")
        self._click(field, field.rect().center())
        here = QApplication.focusWidget()
        if here is None:
            return
        QTest.keyClick(here, Key.Key_A, _CONTROL)
        type_text(here, text)
        here = QApplication.focusWidget()
        if here is not None:
            QTest.keyClick(here, self._rng.choice((Key.Key_Return, Key.Key_Tab, Key.Key_Escape)))

    def _press_a_key(self) -> None:
        key, held = self._rng.choice(_KEYS)
        self._tell(f"key {held.name} {key.name}")
        handle = self._desktop.window.windowHandle()
        if handle is not None:
            QTest.keyClick(handle, key, held)

    def _use_a_command(self) -> None:
        actions = [
            action
            for action in self._desktop.window.actions()
            if action.isEnabled() and not action.objectName().startswith(_AVOIDED)
        ]
        action = self._rng.choice(actions)
        self._tell(f"command {action.objectName()}")
        action.trigger()

    def _go_to_workspace(self) -> None:
        key = self._rng.choice([found.key for found in all_workspaces()])
        self._tell(f"show {key}")
        self._desktop.window.show_workspace(key)

    def _palette(self) -> None:
        self._tell("command palette")
        handle = self._desktop.window.windowHandle()
        if handle is not None:
            QTest.keyClick(handle, Key.Key_K, _CONTROL)
        here = QApplication.focusWidget()
        if here is not None:
            QTest.keyClicks(
                here, self._rng.choice(("dense", "theme", "add", "zoom", "data", "report", "evaluate", "inside", "try"))
            )
            QTest.keyClick(here, self._rng.choice((Key.Key_Return, Key.Key_Escape, Key.Key_Escape)))

    def _train(self) -> None:
        self._tell("train")
        self._desktop.window.start_training()

    def _evaluate(self) -> None:
        window = self._desktop.window
        if window.workspace != "evaluate":
            self._tell("show evaluate")
            window.show_workspace("evaluate")
            return
        names = ("evaluate_start", "evaluate_cancel")
        found = [
            item
            for item in self._here(QAbstractButton)
            if item.objectName() in names or isinstance(item.parentWidget(), Chips)
        ]
        if found:
            chosen = self._rng.choice(found)
            self._tell(f"evaluate: {chosen.objectName()}")
            self._click(chosen, chosen.rect().center())

    def _look_inside(self) -> None:
        """On or off; then it is about one of the boxes."""
        window = self._desktop.window
        if window.workspace != "build":
            self._tell("show build")
            window.show_workspace("build")
            return
        on = self._rng.random() < 0.7
        self._tell(f"look inside: {on}")
        window.build.inside.inside.switch(on)
        boxes = list(window.canvas.graph_scene.graph.calls)
        if boxes:
            window.canvas.select([self._rng.choice(boxes)])

    def _paint_somewhere(self) -> None:
        """Draw a stroke, or turn the wheel, over what is painted: figures, plots, the pad."""
        window = self._desktop.window
        handle = window.windowHandle()
        found = [item for item in self._here(QWidget) if _takes_the_mouse(type(item))]
        if not found:
            return
        chosen = self._rng.choice(found)
        first, last = (_window_place(chosen, window, self._rng.random(), self._rng.random()) for _ in range(2))
        self._tell(f"stroke over {type(chosen).__name__} {chosen.objectName()}")
        if self._rng.random() < 0.2:
            where = QPointF(first)
            turned = QPoint(0, self._rng.choice((-240, 120)))
            none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
            wheel = QWheelEvent(where, QPointF(handle.mapToGlobal(first)), QPoint(), turned, none, _NONE, phase, False)
            QGuiApplication.sendEvent(handle, wheel)
            return
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, _NONE, first)
        QTest.mouseMove(handle, QPoint((first.x() + last.x()) // 2, (first.y() + last.y()) // 2))
        QTest.mouseMove(handle, last)
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, _NONE, last)

    def _theme(self) -> None:
        name = self._rng.choice(("system", *theme_names()))
        self._tell(f"theme {name}")
        self._desktop.preferences.set_theme(name)

    def _open(self) -> None:
        self._tell("open another project")
        self._open_another()

    def _resize(self) -> None:
        width, height = self._rng.randint(900, 1400), self._rng.randint(560, 860)
        self._tell(f"resize {width} x {height}")
        self._desktop.window.resize(width, height)

    def _language(self) -> None:
        if not self.may_change_language:
            return
        code = self._rng.choice(("en", "ko"))
        self._tell(f"language {code}")
        self._desktop.preferences.set_language(code)


def _takes_the_mouse(kind: type[QWidget]) -> bool:
    """Whether a panel's own class does something with the mouse."""
    return any(
        base.__module__.startswith("app.panels") and f"mouse{what}Event" in vars(base)
        for base in kind.__mro__
        for what in ("Press", "Move", "Release")
    )


def _window_place(widget: QWidget, window: QWidget, across: float, down: float) -> QPoint:
    """A place of the widget that is seen, by shares of its width and height, in the window."""
    seen = widget.visibleRegion().boundingRect()
    at = QPoint(int(across * max(0, seen.width() - 1)), int(down * max(0, seen.height() - 1)))
    return widget.mapTo(window, seen.topLeft() + at)
