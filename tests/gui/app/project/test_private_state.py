"""A real session leaves nothing behind that others can read, but the project."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.custom_code.consent import ConsentStore
from app.project.templates import TEMPLATES
from app.system.crash_log import install_crash_log
from app.system.places import config_dir, data_dir, state_dir
from graph_editor.document.changes import commands
from graph_editor.document.clips.blocks import load_block
from runtime.spec import CodeFile
from tests.gui.app.conftest import Rig

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the modes of Windows say nothing about others")
BLOCK = next((Path(__file__).parents[4] / "resources" / "blocks").glob("*"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def test_everything_that_a_session_keeps_is_its_owners_alone(
    rig: Rig, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, handlers = os.umask(0o022), list(logging.getLogger().handlers)
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    (state_dir() / "autosave").mkdir(parents=True)
    (state_dir() / "autosave" / "old.bin").write_bytes(b"as an older Lamella left it")
    try:
        install_crash_log(rig.session.notify)
        logging.getLogger("lamella").warning("a line")
        rig.chooser.to_save = tmp_path / "mine.lamella"
        session = rig.session
        session.replace(next(item for item in TEMPLATES if item.key == "digits").open(), None)
        session.blocks.save(load_block(BLOCK), session.blocks.path_for("mine"))
        assert session.training.start() is not None
        assert session.edit("Note", commands.set_training(session.document, {**session.document.training, "epochs": 3}))
        rig.desktop.autosave.save_now()
        qtbot.waitUntil(rig.desktop.autosave.path.exists)
        ConsentStore(state_dir()).agree(tmp_path / "mine.lamella", [CodeFile("x.py", "00")])
        rig.desktop.store.save()
        kept = [path for root in (config_dir(), state_dir(), data_dir()) for path in (root, *root.rglob("*"))]
        names = {path.name for path in kept}
        assert {
            "settings.json",
            "lamella.log",
            "agreed_code.json",
            "mine.lamella-block",
            "run.json",
            "old.bin",
        } <= names
        assert [path.name for path in kept if mode(path) & 0o077] == ["old.bin"]  # everything is written so
        rig.desktop.greet(tmp_path / "mine.lamella")
        qtbot.waitUntil(lambda: mode(state_dir() / "autosave" / "old.bin") == 0o600)  # and what is old is mended
        assert rig.desktop.files.save_as()
        assert mode(tmp_path / "mine.lamella") == 0o644
        session.replace(TEMPLATES[0].open(), None)  # nobody waits for the run to end
    finally:
        os.umask(before)
        for handler in set(logging.getLogger().handlers) - set(handlers):
            logging.getLogger().removeHandler(handler)
            handler.close()
