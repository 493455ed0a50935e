"""Keeps what the rules find in the model, its training and its bindings."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.project.data_watch import DataWatch
from app.project.findings.data import unbound_problems
from app.project.inference import Inference
from app.project.project_questions import rule_problems
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Problem
from graph_editor.document.document import Changes, Document


class RuleWatch(QObject):
    """Looks after every change of training and data, and whenever the structure or Keras' answers may be new."""

    problems_changed = Signal()

    def __init__(
        self, inference: Inference, data: DataWatch, built: Callable[[], Document], catalog: Catalog, parent: QObject
    ) -> None:
        """`built` is what is built of the document."""
        super().__init__(parent)
        self.problems: list[Problem] = []
        self._inference, self._data, self._built, self._catalog = inference, data, built, catalog
        inference.looked.connect(self._look)
        data.described.connect(self._look)
        data.learnt.changed.connect(self._look)

    def on_document_changed(self, changes: Changes) -> None:
        if (changes.training or changes.data) and not changes.structure:
            self._look()

    def _look(self) -> None:
        results = self._inference.results
        built = self._built()
        found = rule_problems(built, self._catalog, results, self._data.taken) if results else []
        problems = [*unbound_problems(built), *found]
        if problems != self.problems:
            self.problems = problems
            self.problems_changed.emit()
