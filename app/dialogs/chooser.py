"""Asks with the system's file dialogs, with message boxes and with the dialogs of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMessageBox, QPushButton, QWidget

from app.dialogs.files import FileDialog
from app.look.theme_source import ThemeSource
from app.project.choosers import PausedAnswer, PictureLook, RunAnswer, SaveAnswer
from app.project.run_questions import RunInQuestion, closing_words, paused_words, saving_words
from app.project.unsaved_copies import KEEP_DAYS
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import Block
from graph_editor.words.dialogs import PlainMessageBox
from graph_editor.words.restyling import restyle
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

_TEXT_WIDTH = 380  # pixels; Qt would cut sentences whose words it cannot part


class DialogChooser:
    """The chooser of the real application."""

    def __init__(self, look: ThemeSource) -> None:
        self._look = look

    def file_to_open(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        dialog = FileDialog(self._look, parent, title, kinds, folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return dialog.path()

    def folder_to_open(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        dialog = FileDialog(self._look, parent, title, "", folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        return dialog.path()

    def file_to_save(self, parent: QWidget | None, title: str, kinds: str, proposal: Path) -> Path | None:
        """The dialog asks nothing itself: `ask_where` does, of the name that the file gets, which may be another."""
        dialog = FileDialog(self._look, parent, title, kinds, proposal.parent)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.selectFile(proposal.name)
        return dialog.path()

    def save_changes(
        self, parent: QWidget | None, name: str, has_changes: bool = True, training: bool = False
    ) -> SaveAnswer:
        box = _box(parent, *saving_words(name, has_changes, training))
        save = _button(box, tr("Save"), "save", QMessageBox.ButtonRole.AcceptRole)
        discard = _button(box, tr("Don't save"), "discard", QMessageBox.ButtonRole.DestructiveRole)
        _cancel(box)
        _prefer(box, save)
        box.exec()
        answers: dict[object, SaveAnswer] = {save: "save", discard: "discard"}
        return answers.get(box.clickedButton(), "cancel")

    def overwrite_foreign(self, parent: QWidget | None, name: str) -> bool:
        box = _box(
            parent,
            tr("{name} was changed by another program.", name=name),
            tr("Another window, or a colleague, has saved it since you opened it. Saving here replaces that."),
        )
        replace = _button(box, tr("Replace it"), "replace", QMessageBox.ButtonRole.DestructiveRole)
        _cancel(box)
        box.exec()
        return box.clickedButton() is replace

    def close_while_training(self, parent: QWidget | None, runs: Sequence[RunInQuestion]) -> RunAnswer:
        """One answer for all of `runs`; those that are paused go on when they are left alone."""
        box = _box(parent, *closing_words(runs))
        stop = _button(box, tr("Stop and close"), "stop", QMessageBox.ButtonRole.DestructiveRole)
        paused = all(run.paused for run in runs)
        keep = tr("Go on in the background") if paused else tr("Keep training in the background")
        leave = _button(box, keep, "leave", QMessageBox.ButtonRole.AcceptRole)
        _cancel(box)
        _prefer(box, leave)
        box.exec()
        answers: dict[object, RunAnswer] = {stop: "stop", leave: "leave"}
        return answers.get(box.clickedButton(), "cancel")

    def leave_paused(self, parent: QWidget | None, name: str) -> PausedAnswer:
        box = _box(parent, *paused_words(name))
        stop = _button(box, tr("Stop it"), "stop", QMessageBox.ButtonRole.DestructiveRole)
        keep = _button(box, tr("Leave it paused"), "keep", QMessageBox.ButtonRole.AcceptRole)
        resume = _button(box, tr("Let it go on"), "resume", QMessageBox.ButtonRole.AcceptRole)
        _cancel(box)
        _prefer(box, resume)
        box.exec()
        answers: dict[object, PausedAnswer] = {stop: "stop", keep: "keep", resume: "resume"}
        return answers.get(box.clickedButton(), "cancel")

    def recover(self, parent: QWidget | None, name: str, when: str) -> bool:
        box = _box(
            parent,
            tr("Restore {name}?", name=name),
            tr("Lamella ended unexpectedly; there is a copy of {when} with changes that were not saved.", when=when)
            + "\n"
            + tr("If you do not restore it now, it is kept for {days} days.", days=KEEP_DAYS),
        )
        restore = _button(box, tr("Restore"), "restore", QMessageBox.ButtonRole.AcceptRole)
        box.setEscapeButton(_button(box, tr("Not now"), "discard", QMessageBox.ButtonRole.RejectRole))
        _prefer(box, restore)
        box.exec()
        return box.clickedButton() is restore

    def picture_look(self, parent: QWidget | None, kind: str) -> PictureLook | None:
        from app.dialogs.picture import PictureDialog

        dialog = PictureDialog(kind, parent)
        return dialog.look if dialog.exec() else None

    def confirm(self, parent: QWidget | None, text: str, more: str, yes: str) -> bool:
        """Whether to do what cannot be undone. A name in ``text`` may come from a file of somebody else."""
        box = _box(parent, text, more)
        sure = _button(box, yes, "confirm", QMessageBox.ButtonRole.DestructiveRole)
        _cancel(box)
        box.exec()
        return box.clickedButton() is sure

    def block_details(self, parent: QWidget | None, block: Block, title: str, catalog: Catalog) -> Block | None:
        from app.dialogs.block import BlockDialog

        dialog = BlockDialog(block, title, catalog, self._look, parent)
        return dialog.result_block if dialog.exec() else None

    def waiting(self, parent: QWidget | None, text: str) -> QDialog:
        from app.dialogs.waiting import WaitingDialog

        return WaitingDialog(text, parent)

    def show_error(self, parent: QWidget | None, text: Text) -> None:
        from app.dialogs.trouble import TroubleDialog

        TroubleDialog(str(text), self._look, parent).exec()

    def tell_crash(self, parent: QWidget | None, report: Path) -> None:
        """Say that the last window died, and where it is written what it was at; open that on demand."""
        text = tr("Lamella crashed the last time; what it was doing then is written down.")
        box = _box(parent, text, tr("Whoever looks for the fault needs this file: {path}", path=str(report)))
        show = _button(box, tr("Open the file"), "open", QMessageBox.ButtonRole.ActionRole)
        close = _button(box, tr("Close"), "close", QMessageBox.ButtonRole.RejectRole)
        box.setEscapeButton(close)
        _prefer(box, close)
        box.exec()
        if box.clickedButton() is show:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(report)))


def _box(parent: QWidget | None, text: str, more: str) -> QMessageBox:
    box = PlainMessageBox(text, more, parent)
    box.setObjectName("question")
    box.setWindowTitle("Lamella")
    set_spoken_name(box, text)
    for label in box.findChildren(QLabel):
        if label.text():  # the pictogram is a label too
            label.setWordWrap(True)
            label.setMinimumWidth(_TEXT_WIDTH)
    return box


def _button(box: QMessageBox, text: str, name: str, role: QMessageBox.ButtonRole) -> QPushButton:
    button = box.addButton(text, role)
    button.setObjectName(f"answer_{name}")
    set_spoken_name(button, text)
    return button


def _prefer(box: QMessageBox, button: QPushButton) -> None:
    """Make the button the one that Enter presses, and let it look so."""
    restyle(button, role="primary")
    box.setDefaultButton(button)


def _cancel(box: QMessageBox) -> None:
    box.setEscapeButton(_button(box, tr("Cancel"), "cancel", QMessageBox.ButtonRole.RejectRole))
