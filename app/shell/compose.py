"""Puts the desktop together: the one place where parts are given to each other."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from app.engine.engine_link import EngineLink
from app.engine.run_controller import RunController, TrainerBackend
from app.project.choosers import Chooser
from app.project.project_files import Beginning
from app.project.runs_home import unsaved
from app.project.session import Session
from app.project.training_start import RunStarter
from app.shell.desktop import Desktop
from app.system.places import config_dir
from app.system.recent_files import still_there
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document


def compose(application: QApplication, chooser: Chooser, store: SettingsStore | None = None) -> Desktop:
    """The desktop with an empty project; nothing is started and nothing is shown yet. `store`: not the user's own."""
    catalog = Catalog.load()
    link = EngineLink()
    session = Session(Document(keras_version=catalog.keras_version), catalog, link, RunStarter(make_trainer))
    return Desktop(application, session, store or SettingsStore(config_dir()), chooser, choose_template)


def start_engine(session: Session) -> None:
    """Keras' process; its module is imported only now, after the first frame."""
    from app.engine.local_workers import LocalEngine

    session.engine.use(LocalEngine(session.engine))
    session.engine.start()


def make_trainer(run: RunController) -> TrainerBackend:
    from app.engine.local_workers import LocalTrainer

    return LocalTrainer(run)


def choose_template(desktop: Desktop) -> Beginning | None:
    """A new project, or the file or the runs that were chosen instead."""
    from app.dialogs.new_project import NewProjectDialog

    values = desktop.store.values
    recent = still_there(values.recent)
    welcome = not values.welcomed
    session = desktop.session
    own = session.untitled_runs
    dialog = NewProjectDialog(
        session.catalog, desktop.theme, recent, desktop.files.ask, desktop.window, welcome, lambda: unsaved(own)
    )
    if welcome:
        values.welcomed = True
        desktop.store.save()
    dialog.exec()
    if dialog.language:
        desktop.set_language(dialog.language)
        values.welcomed = not welcome  # the same card again
        return choose_template(desktop)
    return dialog.path or dialog.runs or dialog.document
