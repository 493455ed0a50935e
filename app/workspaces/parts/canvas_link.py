"""Keeps the canvas and the session told of each other; neither knows the other's class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.project.project_questions import as_drawn
from app.project.session import Session
from graph_editor.document.checking.validation import Problem
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.content import CallDisplay
from runtime.messages.inference import CallResult


class CanvasLink(QObject):
    def __init__(self, session: Session, canvas: GraphView, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._canvas = canvas
        self._following = False
        self._displays: dict[str, tuple[CallResult, CallDisplay]] = {}
        canvas.selection_changed.connect(self._on_canvas_selection)
        canvas.problem_reported.connect(self._on_problem_reported)
        canvas.graph_shown.connect(session.navigation.note_graph)
        session.navigation.selection_changed.connect(self._on_session_selection)
        session.navigation.reveal_requested.connect(self._on_reveal)
        session.navigation.graph_requested.connect(canvas.show_graph)
        session.inference.results_changed.connect(self._on_results)
        session.problems_changed.connect(self._on_problems)
        session.document_replaced.connect(self._on_replaced)
        self._on_results(session.inference.results)
        self._on_problems(session.problems)
        self._on_session_selection(session.navigation.selection)

    def _on_canvas_selection(self, ids: tuple[str, ...]) -> None:
        if not self._following:
            self._session.navigation.select(ids)

    def _on_session_selection(self, ids: tuple[str, ...]) -> None:
        """The canvas goes to the graph in which the selected boxes lie; of several graphs, to the first one's."""
        self._following = True
        document = self._session.document
        if ids and document.has_call(ids[0]):
            self._canvas.show_graph(document.graph_id_of_call(ids[0]))
        self._canvas.select(ids)
        self._following = False
        if set(self._canvas.selection) != set(ids):
            self._session.navigation.select(self._canvas.selection)

    def _on_problem_reported(self, sentence: str) -> None:
        self._session.notify(sentence, "error")

    def _on_reveal(self, call_id: str) -> None:
        self._canvas.reveal(call_id)

    def _on_results(self, results: Mapping[str, CallResult]) -> None:
        before, displays, model = self._displays, {}, self._session.built_model
        for key, found in results.items():
            result, known = as_drawn(found, model.numbers.get(key)) or found, before.get(key)
            displays[key] = known if known is not None and known[0] is result else (result, call_display(result))
        for key in model.handed_on.keys() & displays.keys():  # what it weighs is not known
            displays[key] = displays[key][0], replace(displays[key][1], parameters=None)
        self._displays = displays
        self._canvas.set_shapes({key: display for key, (_, display) in displays.items()})

    def _on_problems(self, problems: list[Problem]) -> None:
        self._canvas.set_problems(problems)

    def _on_replaced(self) -> None:
        QTimer.singleShot(0, self._canvas, self._canvas.fit)


def call_display(result: CallResult) -> CallDisplay:
    return CallDisplay(
        shapes=tuple(tensor.shape for tensor in result.outputs),
        dtypes=tuple(tensor.dtype for tensor in result.outputs),
        parameters=result.parameters if result.outputs else None,
        error=str(result.error) if result.error is not None else None,
    )
