"""A picture that sings when somebody opens it, and a walk over all that Qt shows words with."""

from __future__ import annotations

import os
import re
import select
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, Qt, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGraphicsTextItem,
    QGraphicsView,
    QGroupBox,
    QLabel,
    QMenu,
    QTabBar,
    QTextEdit,
    QWidget,
)

from graph_editor.words.markup import MarkedLabel
from graph_editor.words.tooltips import tooltip_text
from resources.plain import shown_text

MARK = "canary"
NAME = "<img src='canary.png'><b>&amp;<a href='x'>\x07"  # where "/" is not allowed
TEXT = "\x1b<table width='9999'></table><b>&amp;</b><a href='x'>[*]</a><img src='canary.png'>"
_ROLES = ("ToolTipRole", "WhatsThisRole", "StatusTipRole")
_SPOKEN_ROLES = ("AccessibleTextRole", "AccessibleDescriptionRole")
_MOST_ROWS = 40
_DEEPEST = 6
_QUIET_S = 0.05
_RAW = re.compile(r"<(img(?! src=\"data:image/png;)|table|a)\b[^>]*(canary|9999|href)", re.IGNORECASE)


class Canary(Protocol):
    """A picture that tells whether it was opened."""

    def sang(self) -> bool:
        """Whether it was since the last question."""

    def close(self) -> None: ...


class PipeCanary:
    """A named pipe: a shell writes nothing into it as often as somebody reads, and says so *before* the reader goes on.

    So it depends on no times of the file system, and nobody waits: not even the thread of the window.
    """

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        script = 'while exec 3>"$0"; do echo opened; exec 3>&-; done'
        self._shell = subprocess.Popen(["/bin/sh", "-c", script, str(path)], stdout=subprocess.PIPE)
        assert self._shell.stdout is not None
        self._said = self._shell.stdout
        os.set_blocking(self._said.fileno(), False)

    def sang(self) -> bool:
        heard = bool(self._said.read())
        while heard and select.select([self._said], [], [], _QUIET_S)[0]:
            self._said.read()  # it may say it more than once while the pipe is open
        return heard

    def close(self) -> None:
        self._shell.kill()
        self._shell.wait()
        self._said.close()


class TimeCanary:
    """A file; the file system says when it was read. For Windows, whose pipes have no names in folders."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(b"\x89PNG")
        self._forget()

    def sang(self) -> bool:
        heard = self.path.stat().st_atime > 1
        self._forget()
        return heard

    def close(self) -> None:
        self.path.unlink()

    def _forget(self) -> None:
        os.utime(self.path, (0, self.path.stat().st_mtime))  # older than the content: then reading always sets it


def canary_at(path: Path) -> Canary:
    return PipeCanary(path) if hasattr(os, "mkfifo") else TimeCanary(path)


class Walk:
    """Looks at everything there is now, as often as it is asked; `wrong` is what Qt could take for markup.

    `seen` counts what was looked at, `marked` those of them that held the hostile words.
    """

    def __init__(self) -> None:
        self.wrong: dict[str, None] = {}
        self.seen: Counter[str] = Counter()
        self.marked: Counter[str] = Counter()

    def look(self) -> None:
        for widget in QApplication.allWidgets():
            for part, reason in self._widget(widget):
                self.wrong[f"{_path(widget)} {part}: {reason}"] = None

    def look_at_tooltip(self, text: str) -> None:
        """One that is worked out for a place under the mouse, as Qt gets it."""
        for part, reason in self._guessed("tooltips by place", tooltip_text(text)):
            self.wrong[f"{part}: {reason}"] = None

    def listen(self, interface: QAccessibleInterface, depth: int = 0) -> None:
        """All that a screen reader hears of the interface and what is in it: as text, never escaped."""
        for kind in (
            QAccessible.Text.Name,
            QAccessible.Text.Description,
            QAccessible.Text.Value,
            QAccessible.Text.Help,
        ):
            text = interface.text(kind)
            if text:
                self._note(f"heard: {kind.name}", text)
                if "&lt;" in text or "&amp;amp;" in text or "\n" in text:
                    self.wrong[f"heard: is escaped, or has lines: {text[:120]!r}"] = None
        for place in range(interface.childCount() if depth < _DEEPEST else 0):
            child = interface.child(place)
            if child is not None:
                self.listen(child, depth + 1)

    def paint(self) -> None:
        """All windows that are seen, into pictures: what draws rich text loads its pictures then."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible():
                window.grab()
                self.seen["windows painted"] += 1

    def _note(self, kind: str, text: str) -> None:
        self.seen[kind] += 1
        self.marked[kind] += MARK in text
        if shown_text(text, len(text)) != text:
            self.wrong[f"{kind}: has what cannot be seen: {text[:120]!r}"] = None

    def _widget(self, widget: QWidget) -> Iterator[tuple[str, str]]:
        self.seen["widgets"] += 1
        for part, text in (
            ("tooltips", widget.toolTip()),
            ("what's this", widget.whatsThis()),
            ("status tips", widget.statusTip()),
        ):
            if text:
                yield from self._guessed(part, text)
        for part, text in (
            ("accessible names", widget.accessibleName()),
            ("accessible descriptions", widget.accessibleDescription()),
        ):
            if text:
                self._note(part, text)
                if "&lt;" in text or "&amp;amp;" in text:
                    yield part, f"is escaped: {text!r}"
        yield from self._title(widget)
        yield from self._words(widget)
        for action in widget.actions():
            yield from self._action(action)

    def _title(self, widget: QWidget) -> Iterator[tuple[str, str]]:
        title = widget.windowTitle()
        if title and widget.isWindow():
            self._note("window titles", title)
            if "[*]" in title.replace("[*][*]", "") or "\n" in title:
                yield "title", repr(title)

    def _words(self, widget: QWidget) -> Iterator[tuple[str, str]]:
        match widget:
            case MarkedLabel():
                yield from self._guessed("labels", QLabel.text(widget))
            case QLabel():
                self._note("labels", widget.text())
                ours = not isinstance(widget.window(), QMenu)  # pyqtgraph has menus of its own, which nobody opens
                if widget.textFormat() != Qt.TextFormat.PlainText and widget.text() and (ours or MARK in widget.text()):
                    yield "label", f"{widget.textFormat().name}: {widget.text()[:80]!r}"
            case QMenu():
                yield from self._mnemonic("menus", widget.title())
            case QAbstractButton():
                two_lines = widget.objectName() == "unsaved_run"  # a name, and below it what became of it
                yield from self._mnemonic("buttons", widget.text().replace("\n", " ", int(two_lines)))
            case QGroupBox():
                yield from self._mnemonic("groups", widget.title())
            case QTabBar():
                for place in range(widget.count()):
                    yield from self._mnemonic("tabs", widget.tabText(place))
                    yield from self._guessed("tooltips", widget.tabToolTip(place))
            case QComboBox():
                yield from self._model(widget.model())
            case QAbstractItemView() if widget.model() is not None:
                yield from self._model(widget.model())
            case QGraphicsView():
                yield from self._scene(widget)
            case QTextEdit():
                yield "text", "QTextEdit takes HTML"

    def _action(self, action: QAction) -> Iterator[tuple[str, str]]:
        yield from self._mnemonic("actions", action.text())
        own = action.toolTip()
        if own.replace("&", "") != action.text().split("\t")[0].replace("&", ""):  # else Qt's own, which no menu shows
            yield from self._guessed("tooltips", own)

    def _mnemonic(self, kind: str, text: str) -> Iterator[tuple[str, str]]:
        self._note(kind, text)
        if "&" in text.replace("&&", "") or "\n" in text:
            yield kind, f"has a key or a line break: {text!r}"

    def _guessed(self, kind: str, text: str) -> Iterator[tuple[str, str]]:
        """A text that Qt takes for HTML when it looks like it."""
        self._note(kind, text)
        if not Qt.mightBeRichText(text) and kind != "labels":
            return
        if _RAW.search(text):
            yield kind, f"is markup: {text[:120]!r}"
        elif MARK in text:
            document = QTextDocument()
            document.setHtml(text)
            if "<img src='canary" not in " ".join(document.toPlainText().split()):  # lines may be broken there
                yield kind, f"is not shown letter by letter: {text[:120]!r}"

    def _model(self, model: QAbstractItemModel) -> Iterator[tuple[str, str]]:
        for section in range(_columns(model, QModelIndex())):
            for role in _ROLES:
                yield from self._role(model.headerData(section, Qt.Orientation.Horizontal, _role(role)), role)
        yield from self._rows(model, QModelIndex())

    def _rows(self, model: QAbstractItemModel, parent: QModelIndex) -> Iterator[tuple[str, str]]:
        for row in range(min(model.rowCount(parent), _MOST_ROWS)):
            for column in range(_columns(model, parent)):
                index = model.index(row, column, parent)
                self._note("items", str(index.data() or ""))
                for role in _SPOKEN_ROLES:
                    self._note(f"items: {role}", str(index.data(_role(role)) or ""))
                for role in _ROLES:
                    yield from self._role(index.data(_role(role)), role)
            if not isinstance(model, QAbstractListModel):
                yield from self._rows(model, model.index(row, 0, parent))

    def _role(self, text: object, role: str) -> Iterator[tuple[str, str]]:
        if text:
            yield from self._guessed(f"items: {role}", str(text))

    def _scene(self, view: QGraphicsView) -> Iterator[tuple[str, str]]:
        for item in view.scene().items() if view.scene() is not None else ():
            self.seen["canvas and plot items"] += 1
            if item.toolTip():
                yield from self._guessed("tooltips", item.toolTip())
            if isinstance(item, QGraphicsTextItem) and _RAW.search(item.toHtml()):
                yield "text item", item.toHtml()[:120]
            if isinstance(item, pg.LabelItem | pg.TextItem):
                self._note("plot titles", item.textItem.toPlainText() if isinstance(item, pg.TextItem) else item.text)


def _columns(model: QAbstractItemModel, parent: QModelIndex) -> int:
    return 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)


def _role(name: str) -> int:
    return int(getattr(Qt.ItemDataRole, name))


def _path(widget: QWidget) -> str:
    names = []
    above: QWidget | None = widget
    while above is not None:
        names.append(above.objectName() or type(above).__name__)
        above = above.parentWidget()
    return "/".join(reversed(names[:4]))
