"""Which run and which of its weights are looked into."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.train.run_form import ElidedCombo
from app.panels.widgets.fields import heading
from app.panels.widgets.sentence import sentence
from app.project.evaluating import Evaluations
from app.project.evaluation.trained_runs import has_weights, kept_weights
from graph_editor.editors.parts.combo import Entry
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr
from runtime.store import RunInfo


class ModelCard(QWidget):
    """Shares its choice with Evaluate and Try it."""

    def __init__(self, evaluations: Evaluations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside_model")
        self._evaluations = evaluations
        self.run = ElidedCombo()
        self.run.setObjectName("inside_run")
        set_spoken_name(self.run, tr("Run"))
        self.weights = ElidedCombo()
        self.weights.setObjectName("inside_weights")
        set_spoken_name(self.weights, tr("Weights"))
        self.nothing = sentence(tr("There is no trained model yet: train one first."), "inside_no_model")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        rows.addWidget(heading(tr("Weights")))
        for widget in (self.run, self.weights, self.nothing):
            rows.addWidget(widget)
        self.run.chosen.connect(self._on_run)
        self.weights.chosen.connect(self._on_weights)
        evaluations.runs_changed.connect(self.refresh)
        evaluations.chosen_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        evaluations, chosen = self._evaluations, self._evaluations.chosen
        runs = [run for run in evaluations.runs if has_weights(run)]
        entries = [Entry(_title(run), str(run.folder)) for run in reversed(runs)]
        if evaluations.has_imported_weights:
            entries.append(Entry(tr("the weights the project starts from"), ""))
        self.run.fill(entries)
        for widget in (self.run, self.weights):
            widget.setVisible(chosen is not None)
        self.nothing.setVisible(chosen is None)
        if chosen is None:
            return
        run = chosen.run
        self.run.show_value(str(run.folder) if run is not None else "", _title(run) if run is not None else "")
        kept = kept_weights(run) if run is not None else ()
        self.weights.fill([Entry(weights.title, weights.which) for weights in kept])
        self.weights.setVisible(bool(kept))
        if kept:
            self.weights.show_value(chosen.which, str(chosen.which))

    def _on_run(self, folder: str) -> None:
        run = next((run for run in self._evaluations.runs if run.folder == Path(folder)), None) if folder else None
        self._evaluations.choose(run)

    def _on_weights(self, which: object) -> None:
        chosen = self._evaluations.chosen
        kept = kept_weights(chosen.run) if chosen is not None and chosen.run is not None else ()
        found = next((weights for weights in kept if weights.which == which), None)
        if chosen is not None and found is not None:
            self._evaluations.choose(chosen.run, found.which)


def _title(run: RunInfo) -> str:
    return f"{run.number:04d} · {run.name}"
