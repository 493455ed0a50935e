"""Puts the desktop together: the one place where parts are given to each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.command_palette.providers.entry import Surroundings
from app.commands.command import Group
from app.dialogs.chooser import DialogChooser
from app.engine.engine_link import EngineBackend, EngineLink
from app.engine.run_controller import TrainerBackend, TrainerReports
from app.look.preferences import Preferences
from app.project.choosers import Chooser
from app.project.project_files import Beginning
from app.project.runs_home import unsaved
from app.project.session import Session
from app.project.training_start import RunStarter
from app.shell.actions import edit, file, help, model, train, view
from app.shell.desktop import Desktop
from app.shell.window.file_drops import FileDrops
from app.shell.window.main_window import MainWindow
from app.system.places import config_dir
from app.system.recent_files import still_there
from app.system.settings import SettingsStore
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from runtime.spec import RunSpec


def compose(application: QApplication, chooser: Chooser | None = None, store: SettingsStore | None = None) -> Desktop:
    """The desktop with an empty project; nothing is started and nothing is shown yet.

    Without a `chooser` dialogs ask; `store` takes the place of the user's own settings.
    """
    catalog = Catalog.load()
    link = EngineLink()
    session = Session(Document(keras_version=catalog.keras_version), catalog, link, RunStarter(make_trainer))
    session.evaluations.use(make_evaluator)
    return put_together(application, session, store or SettingsStore(config_dir()), chooser)


def put_together(
    application: QApplication,
    session: Session,
    store: SettingsStore,
    chooser: Chooser | None = None,
    template: Callable[[Desktop], Beginning | None] | None = None,
) -> Desktop:
    """The desktop of `session`; `template` gives what a new project begins with, in place of the dialog."""
    preferences = Preferences(application, store)
    asking = chooser or DialogChooser(preferences.look)
    return Desktop(session, store, preferences, asking, template or choose_template, menus)


def menus(desktop: Desktop, window: MainWindow) -> list[Group]:
    """The menus of a window."""
    return [
        file.group(window, desktop.files, desktop.recovery, desktop.exporter, desktop.store),
        edit.group(window),
        view.group(window, desktop.preferences, lambda: open_palette(desktop, window)),
        model.group(window, desktop.blocks, desktop.code),
        train.group(window, desktop.report_writer),
        help.group(window, desktop.welcome),
    ]


def open_palette(desktop: Desktop, window: MainWindow) -> None:
    """Show the command palette of this window, made when first wanted."""
    from app.command_palette.collecting import all_entries
    from app.command_palette.command_palette import CommandPalette

    palette = window.findChild(CommandPalette)
    if palette is None:
        palette = CommandPalette(window, window.look, lambda: all_entries(surroundings(desktop, window)))
    palette.open_palette()


def surroundings(desktop: Desktop, window: MainWindow) -> Surroundings:
    """Return what the command palette of a window may use."""
    return Surroundings(
        desktop.session,
        window.commands.groups,
        window.canvas.commands,
        desktop.files,
        desktop.store.values.recent,
        window.go_to_canvas,
    )


def start_engine(session: Session) -> None:
    """Keras' process; its module is imported only now, after the first frame."""
    from app.engine.local_workers import LocalEngine

    session.engine.use(LocalEngine(session.engine))
    session.engine.start()


def make_evaluator(link: EngineLink) -> EngineBackend:
    from app.engine.local_workers import LocalEngine

    return LocalEngine(link, "evaluator")


def make_trainer(spec: RunSpec, folder: Path, reports: TrainerReports) -> TrainerBackend:
    from app.engine.local_workers import LocalTrainer

    return LocalTrainer(spec, folder, reports)


def choose_template(desktop: Desktop) -> Beginning | None:
    """A new project, or the file or the runs that were chosen instead."""
    from app.dialogs.new_project import NewProjectDialog

    values = desktop.store.values
    recent = still_there(desktop.background, values.recent)
    welcome = not values.welcomed
    session = desktop.session
    own = session.project_runs.untitled_name
    dialog = NewProjectDialog(
        session.catalog,
        desktop.preferences.look,
        desktop.background,
        recent,
        desktop.files.ask,
        desktop.window,
        welcome,
        lambda: unsaved(own),
    )
    if welcome:
        values.welcomed = True
        desktop.store.save()
    data: list[Path] = []
    drops = FileDrops(dialog, desktop.preferences.look).watch()
    drops.project_dropped.connect(dialog.take_path)
    drops.data_dropped.connect(data.append)
    drops.data_dropped.connect(dialog.accept)
    dialog.exec()
    if data:
        session.offers.look_at(data[0])
        return None
    if dialog.language:
        desktop.preferences.set_language(dialog.language)
        values.welcomed = not welcome  # the same card again
        return choose_template(desktop)
    return dialog.path or dialog.runs or dialog.document
