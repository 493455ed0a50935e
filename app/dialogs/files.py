"""Asks for a file: by the system's own dialog where it has one, else by Qt's, dressed as the other dialogs are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QFileInfo, QModelIndex, QPersistentModelIndex, QSize, QStandardPaths, QUrl
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QFileSystemModel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeView,
    QWidget,
)

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from graph_editor.words.letting_go import let_go
from graph_editor.words.restyling import restyle

_SIZE = (860, 560)
_NAME_WIDTH, _SIZE_WIDTH, _SIDE_WIDTH = 360, 90, 170
_TYPE_COLUMN = 2  # says "folder" or an ending, which icon and name say already
_ICON = 16
_PICTURES = {
    "backButton": "chevron-left",
    "forwardButton": "chevron-right",
    "toParentButton": "chevron-up",
    "newFolderButton": "plus",
    "listModeButton": "menu",
    "detailModeButton": "tidy",
}
_PLACES = (
    QStandardPaths.StandardLocation.HomeLocation,
    QStandardPaths.StandardLocation.DesktopLocation,
    QStandardPaths.StandardLocation.DocumentsLocation,
    QStandardPaths.StandardLocation.DownloadLocation,
)


class FileDialog(QFileDialog):
    """Begins in `folder`. Qt makes its own widgets only where the system has no dialog; only those are dressed."""

    def __init__(self, look: ThemeSource, parent: QWidget | None, title: str, kinds: str, folder: Path) -> None:
        super().__init__(parent, title, str(folder), kinds)
        self.setObjectName("file_dialog")
        tree = self.findChild(QTreeView, "treeView")
        if tree is not None:
            self._dress(look.theme, tree, folder)

    def path(self) -> Path | None:
        """Let a person choose; None when they do not."""
        chosen = self.selectedFiles() if self.exec() else []
        let_go(self)
        return Path(chosen[0]) if chosen else None

    def _dress(self, theme: Theme, tree: QTreeView, folder: Path) -> None:
        self.resize(*_SIZE)
        self.setViewMode(QFileDialog.ViewMode.Detail)
        tree.setColumnHidden(_TYPE_COLUMN, True)
        tree.header().resizeSection(0, _NAME_WIDTH)
        tree.header().resizeSection(1, _SIZE_WIDTH)
        tree.header().setStretchLastSection(True)
        for name in ("treeView", "listView", "sidebar"):
            view = self.findChild(QAbstractItemView, name)
            if view is not None:
                view.setItemDelegate(_Pictures(theme, view))
        for name, picture in _PICTURES.items():
            tool = self.findChild(QToolButton, name)
            if tool is not None:
                tool.setIcon(icon(picture, theme.color("dim"), _ICON))
        side = self.findChild(QListView, "sidebar")
        if side is not None:
            side.setMinimumWidth(_SIDE_WIDTH)
        self.setSidebarUrls([QUrl.fromLocalFile(place) for place in _places(folder)])
        field = self.findChild(QLineEdit, "fileNameEdit")
        if field is not None and field.completer() is not None:
            found = field.completer().popup()
            found.setObjectName("completer_popup")
            found.setItemDelegate(_Pictures(theme, found))
        combo = self.findChild(QComboBox, "lookInCombo")
        if combo is not None:
            combo.setIconSize(QSize(0, 0))

    def showEvent(self, event: QShowEvent) -> None:
        """The button that Enter presses looks so; Qt makes another one when the dialog turns out to save."""
        super().showEvent(event)
        box = self.findChild(QDialogButtonBox)
        if box is None:
            return
        for button in box.buttons():
            button.setIcon(QIcon())  # a floppy disk and a red cross, where no desktop has better ones
            if box.buttonRole(button) == QDialogButtonBox.ButtonRole.AcceptRole:
                restyle(button, role="primary")


class _Pictures(QStyledItemDelegate):
    """Files and folders with the icons that the window has."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if index.column() == 0:
            path = index.data(QFileSystemModel.Roles.FilePathRole)
            folder = not isinstance(path, str) or not path or QFileInfo(path).isDir()  # all places are folders
            token = "accent" if folder else "dim"
            option.icon = icon("folder" if folder else "new", self._theme.color(token), _ICON)  # type: ignore[attr-defined]


def _places(folder: Path) -> list[str]:
    """The person's folders that there are, and the one to begin in."""
    usual = [QStandardPaths.writableLocation(place) for place in _PLACES]
    return [place for place in dict.fromkeys([*usual, str(folder)]) if place and QDir(place).exists()]
