"""The strip above Runs: what can be done with the selected run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.run_parts.export_run import run_formats
from app.panels.run_parts.run_facts import best_monitor
from app.panels.widgets.fields import button
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr
from runtime.store import IMPORTED, RunInfo


class RunsActions(QFrame):
    """Which buttons can be pressed follows the selection."""

    export_requested = Signal(str, bool)  # the key of an ExportFormat, whether with the weights of the best epoch
    restore_requested = Signal()
    project_requested = Signal()
    folder_requested = Signal()
    stop_requested = Signal()
    delete_requested = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_bar")
        self.count = PlainLabel()
        self.count.setObjectName("runs_count")
        self.count.setProperty("role", "strong")
        self.export = button(tr("Export model"), "export_run")
        self.restore = button(
            tr("Use its settings"), "restore_settings", "", tr("Put this run's training settings into the project")
        )
        self.project = button(
            tr("Save its project…"), "save_run_project", "", tr("The project as it was when this run was started")
        )
        self.folder = button(tr("Open folder"), "open_run_folder")
        self.stop = button(tr("Stop"), "stop_run", "danger", tr("End after this batch and keep the model"))
        self.delete = button(tr("Delete"), "delete_run")
        menu = QMenu(self.export)
        menu.setObjectName("export_run_menu")
        self._last_title = self._add_kinds(menu, best=False)[0]
        self._best_actions = [menu.addSeparator(), *self._add_kinds(menu, best=True)]
        self.export.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(8)
        row.addWidget(self.count)
        row.addStretch(1)
        for widget in (self.export, self.restore, self.project, self.folder, self.stop, self.delete):
            row.addWidget(widget)
        for widget, signal in (
            (self.restore, self.restore_requested),
            (self.project, self.project_requested),
            (self.folder, self.folder_requested),
            (self.stop, self.stop_requested),
            (self.delete, self.delete_requested),
        ):
            widget.clicked.connect(signal)
        look.follow(self._on_theme)
        self.show_state(0, (), False)

    def _on_theme(self, theme: Theme) -> None:
        for widget, name, token in (
            (self.export, "export", "text"),
            (self.folder, "folder", "text"),
            (self.stop, "stop", "error.text"),
            (self.delete, "trash", "text"),
        ):
            widget.setIcon(icon(name, theme.color(token), 14))

    def _add_kinds(self, menu: QMenu, best: bool) -> list[QAction]:
        """A title and the formats below it; the architecture alone is the same for all weights."""
        title = menu.addAction(tr("Last epoch"))
        title.setEnabled(False)
        actions = [title]
        for form in run_formats():
            if best and not form.weights:
                continue
            action = menu.addAction(str(form.title))
            action.setObjectName(f"export_run.{form.key}.best" if best else f"export_run.{form.key}")
            action.triggered.connect(lambda _checked=False, key=form.key: self.export_requested.emit(key, best))
            actions.append(action)
        return actions

    def show_state(self, count: int, runs: Sequence[RunInfo], stopping: bool) -> None:
        """`count` runs in all; `stopping`: the chosen one was asked to stop already."""
        self.count.setText(tr("{count} runs", count=count) if count != 1 else tr("1 run"))
        one = runs[0] if len(runs) == 1 else None
        running = one is not None and one.status == "running"
        self.export.setEnabled(one is not None and one.model is not None)
        has_best = one is not None and one.best_model is not None
        epoch = one.model_epoch if one is not None else None
        self._last_title.setText(tr("Last epoch") if epoch is None else tr("Epoch {epoch}", epoch=epoch))
        self._last_title.setVisible(has_best or epoch is not None)
        for action in self._best_actions:
            action.setVisible(has_best)
        if one is not None and has_best:
            self._best_actions[1].setText(tr("Best {monitor}", monitor=best_monitor(one.spec)))
        sound = one is not None and one.status not in ("damaged", IMPORTED)
        self.restore.setEnabled(sound)
        self.project.setEnabled(sound)
        self.folder.setEnabled(one is not None)
        self.stop.setVisible(running)
        self.stop.setEnabled(running and not stopping)
        self.delete.setEnabled(bool(runs) and not any(run.status in ("running", "damaged") for run in runs))
