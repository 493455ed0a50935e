"""Which trained model is meant: a run that has weights, or what the open project has without one."""

from __future__ import annotations

from itertools import islice

from PySide6.QtWidgets import QWidget

from app.panels.run_parts.run_facts import best_in_training
from app.panels.widgets.elided_combo import ElidedCombo
from app.project.evaluating import Evaluations
from app.project.evaluation.trained_runs import has_weights, titled
from graph_editor.editors.parts.combo import Entry
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

_PROJECT = ""  # in place of the folder of a run
MOST_LISTED = 500  # runs that are listed: nobody looks for one among more here


class RunChoice(ElidedCombo):
    """The newest runs first. What a person takes, `evaluations` talks about from then on."""

    def __init__(self, evaluations: Evaluations, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_spoken_name(self, tr("Run"))
        self._evaluations = evaluations
        self.chosen.connect(self._on_chosen)

    def refresh(self) -> None:
        """List what there is now, and select what is meant."""
        evaluations, chosen = self._evaluations, self._evaluations.chosen
        runs = islice((run for run in reversed(evaluations.runs) if has_weights(run)), MOST_LISTED)
        entries = [Entry(titled(run), str(run.folder), best_in_training(run)) for run in runs]
        if evaluations.has_imported_weights:
            entries.append(Entry(tr("the imported model"), _PROJECT))
        self.fill(entries)
        if chosen is not None:
            run = chosen.run
            self.show_value(str(run.folder) if run is not None else _PROJECT, titled(run) if run is not None else "")

    def _on_chosen(self, folder: object) -> None:
        run = next((run for run in self._evaluations.runs if str(run.folder) == folder), None)
        if run is not None or folder == _PROJECT:
            self._evaluations.choose(run)
