"""Which run and which of its weights are looked into."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.panels.run_parts.run_choice import RunChoice
from app.panels.widgets.elided_combo import ElidedCombo
from app.panels.widgets.fields import heading
from app.panels.widgets.sentence import sentence
from app.project.evaluating import Evaluations
from app.project.evaluation.trained_runs import kept_weights
from graph_editor.editors.parts.combo import Entry
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr


class ModelCard(QWidget):
    """Shares its choice with Evaluate and Try it."""

    def __init__(self, evaluations: Evaluations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside_model")
        self._evaluations = evaluations
        self.run = RunChoice(evaluations, "inside_run")
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
        self.weights.chosen.connect(self._on_weights)
        evaluations.runs_changed.connect(self.refresh)
        evaluations.chosen_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        chosen = self._evaluations.chosen
        self.run.refresh()
        for widget in (self.run, self.weights):
            widget.setVisible(chosen is not None)
        self.nothing.setVisible(chosen is None)
        if chosen is None:
            return
        kept = kept_weights(chosen.run) if chosen.run is not None else ()
        self.weights.fill([Entry(weights.title, weights.which) for weights in kept])
        self.weights.setVisible(bool(kept))
        if kept:
            self.weights.show_value(chosen.which, str(chosen.which))

    def _on_weights(self, which: object) -> None:
        chosen = self._evaluations.chosen
        kept = kept_weights(chosen.run) if chosen is not None and chosen.run is not None else ()
        found = next((weights for weights in kept if weights.which == which), None)
        if chosen is not None and found is not None:
            self._evaluations.choose(chosen.run, found.which)
