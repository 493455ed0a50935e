"""What a person does with blocks beside placing them: save, edit, export, import, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu

from app.blocks.library import BlockEntry
from app.project.choosers import Chooser
from app.project.saving import ask_where
from app.project.session import Session
from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.clips.blocks import LONGEST_NAME, SUFFIX, Block, block_of, save_block
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import FileError
from resources.text import tr

if TYPE_CHECKING:
    from app.shell.window.main_window import MainWindow


class BlockActions(QObject):
    def __init__(
        self, session: Session, chooser: Chooser, window: Callable[[], MainWindow | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._chooser, self._window = session, chooser, window

    def attach(self, window: MainWindow) -> None:
        """Serve the palette and the canvas of a window."""
        window.build.palette_panel.block_menu_wanted.connect(self.show_menu)
        window.canvas.building_blocks.save_wanted.connect(self.save_selection)
        window.canvas.building_blocks.file_dropped.connect(self.bring_in)

    # Saving

    def save_selection(self) -> None:
        """Make a block of the selected boxes; its name is that of the frame around them, if there is one."""
        window = self._window()
        if window is None:
            return
        session, scene = self._session, window.canvas.graph_scene
        call_ids = window.canvas.selection
        places = {call: scene.place_of(call) for call in call_ids}
        titles = [frame.title for frame in frames_of(session.document) if set(frame.boxes) == set(call_ids)]
        name = (titles[0].strip()[:LONGEST_NAME] if titles else "") or tr("Block")
        try:
            block = block_of(session.document, call_ids, places, name)
        except EditError as error:
            session.notify(str(error.text), "error")
            return
        except FileError:
            session.notify(tr("These boxes cannot be kept in a file."), "error")
            return
        self._ask_and_save(block, tr("Save as a block"), None)

    def edit(self, entry: BlockEntry) -> None:
        self._ask_and_save(entry.block, tr("Details of the block"), entry.path)

    def _ask_and_save(self, block: Block, title: str, path: Path | None) -> None:
        library = self._session.blocks
        details = self._chooser.block_details(self._window(), block, title, self._session.catalog)
        if details is None:
            return
        target = path if path is not None and details.name == block.name else library.path_for(details.name)
        if target != path and target.exists() and not self._may_replace(details.name):
            return
        try:
            library.save(details, target)
            if path is not None and target != path:
                library.remove(path)
        except FileError as error:
            self._chooser.show_error(self._window(), error.text)
            return
        self._session.notify(tr("{block} is among your blocks now.", block=details.name), "ok")

    def _may_replace(self, name: str) -> bool:
        return self._chooser.confirm(
            self._window(),
            tr("Replace the block {name}?", name=name),
            tr("You have a block of that name. What it was is lost then."),
            tr("Replace it"),
        )

    # Files

    def ask_to_import(self) -> None:
        kinds = f"{tr('Blocks')} (*{SUFFIX})"
        path = self._chooser.file_to_open(self._window(), tr("Import a block"), kinds, self._folder())
        if path is not None:
            self.bring_in(path, tell=True)

    def bring_in(self, path: Path, tell: bool = False) -> None:
        """Put a copy of a file among the user's blocks."""
        try:
            own_path = self._session.blocks.bring_in(path)
        except FileError as error:
            self._session.notify(str(error.text), "error")
            return
        if tell or own_path != path:
            self._session.notify(tr("{file} is among your blocks now.", file=path.name), "ok")

    def export(self, entry: BlockEntry) -> None:
        kinds = f"{tr('Blocks')} (*{SUFFIX})"
        proposal = self._folder() / self._session.blocks.path_for(entry.block.name).name
        refuse = self._session.refuse_to_replace
        path = ask_where(self._chooser, self._window(), tr("Export the block"), kinds, proposal, SUFFIX, refuse)
        if path is None:
            return
        try:
            save_block(entry.block, path)
        except FileError as error:
            self._chooser.show_error(self._window(), error.text)

    def copy_shipped(self, entry: BlockEntry) -> None:
        """Make a block that ships one's own, under another name."""
        named = replace(entry.block, name=tr("{block}, mine", block=entry.block.name))
        self._ask_and_save(named, tr("A block of your own"), None)

    def delete(self, entry: BlockEntry) -> None:
        sure = self._chooser.confirm(
            self._window(),
            tr("Delete the block {name}?", name=entry.block.name),
            tr("Its file is deleted. Boxes that were made with it stay."),
            tr("Delete"),
        )
        if not sure:
            return
        try:
            self._session.blocks.remove(entry.path)
        except FileError as error:
            self._chooser.show_error(self._window(), error.text)

    def show_file(self, entry: BlockEntry) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent)))

    def _folder(self) -> Path:
        return self._session.project_folder or Path.home()

    # The menu in the palette

    def show_menu(self, entry: BlockEntry | None, at: QPoint) -> None:
        window = self._window()
        if window is None:
            return
        menu = QMenu(window)
        menu.setObjectName("blockMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entries: list[tuple[str, str, Callable[[], object]]] = []
        if entry is not None:
            entries.append(("block_add", tr("Add to the canvas"), lambda: self._add(entry.block)))
            if entry.shipped:
                entries.append(("block_copy", tr("Make it my own…"), lambda: self.copy_shipped(entry)))
            else:
                entries.append(("block_edit", tr("Edit details…"), lambda: self.edit(entry)))
                entries.append(("block_show", tr("Show the folder"), lambda: self.show_file(entry)))
            entries.append(("block_export", tr("Export…"), lambda: self.export(entry)))
            if not entry.shipped:
                entries.append(("block_delete", tr("Delete…"), lambda: self.delete(entry)))
        if window.canvas.selection:
            entries.append(("block_save", tr("Save the selection as a block…"), self.save_selection))
        entries.append(("block_import", tr("Import a block file…"), self.ask_to_import))
        for name, text, act in entries:
            action = menu.addAction(text)
            action.setObjectName(name)
            action.triggered.connect(lambda _checked=False, act=act: act())
        menu.popup(at)

    def _add(self, block: Block) -> None:
        window = self._window()
        if window is not None:
            window.show_workspace("build")
            window.canvas.setFocus()
            window.canvas.building_blocks.add_next(block)
