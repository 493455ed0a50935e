"""A window with an engine, dialogs and trainers made of nothing, outside of pytest."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.engine.engine_link import AnswerCallback, EngineLink
from app.look.fonts import load_fonts
from app.project.session import Session
from app.project.templates import TEMPLATES
from app.project.training_start import RunStarter
from app.shell.compose import put_together
from app.shell.desktop import Desktop
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from runtime.messages.protocol import Request
from tests.gui.app.conftest import FakeChooser, FakeEngine, FakeTrainer


class ForgetfulEngine(FakeEngine):
    """Answers at once, and keeps nothing: memory is what is measured."""

    def request(self, message: Request, callback: AnswerCallback) -> int:
        number = super().request(message, callback)
        del self.asked[:-1]
        return number


def open_window(application: QApplication, home: Path, size: tuple[int, int] | None = (1440, 900)) -> Desktop:
    """Shown, and its engine ready; ``size`` None: as large as it makes itself."""
    load_fonts()
    link, catalog = EngineLink(), Catalog.load()
    session = Session(Document(catalog.keras_version), catalog, link, RunStarter(FakeTrainer))
    store = SettingsStore(home / "config")
    store.values.theme, store.values.language = "dark", "en"
    desktop = put_together(application, session, store, FakeChooser(), lambda _desktop: TEMPLATES[0].open())
    link.use(ForgetfulEngine(link))
    if size is not None:
        desktop.window.resize(*size)
    desktop.window.show()
    link.start()
    application.processEvents()
    return desktop
