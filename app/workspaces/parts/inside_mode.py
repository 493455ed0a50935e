"""Look inside: Build while every box shows what comes out of it, with other columns at its sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.matched import MatchedBoxes
from app.panels.inside.shown import look_of, waiting_look
from app.project.choosers import Chooser
from app.project.session import Session
from graph_editor.view.floating.inside_boxes import InsideBoxes
from graph_editor.view.floating.inside_lens import InsideLens
from graph_editor.view.floating.inside_toggle import InsideToggle
from graph_editor.view.graph_view import GraphView
from graph_editor.view.painting.inside_values import InsideLook
from resources.text import tr
from runtime.messages.inside import CallAt
from runtime.messages.trained import OneSample

if TYPE_CHECKING:
    from app.panels.inside.detail import InsideDetail
    from app.panels.inside.side import InsideSide

_AT_ONCE = 24  # boxes whose values are made into what is painted before what is there is painted


class InsideMode(QObject):
    """Keeps canvas, columns and `inside` together. The columns are made when they are first wanted."""

    def __init__(
        self,
        session: Session,
        look: ThemeSource,
        chooser: Chooser,
        canvas: GraphView,
        left: QStackedWidget,
        right: QStackedWidget,
    ) -> None:
        super().__init__(canvas)
        self._session, self._look, self._chooser = session, look, chooser
        self._canvas, self._left, self._right = canvas, left, right
        self.inside = LookingInside(session.evaluations, self)
        self.matched = MatchedBoxes(self.inside, lambda: session.built, self)
        self.boxes = InsideBoxes(canvas, canvas.graph_scene)
        self.lens = InsideLens(canvas, canvas.graph_scene, self.boxes)
        toggle = canvas.findChild(InsideToggle)
        assert toggle is not None, "every canvas has one"
        self.toggle = toggle
        self.side: InsideSide | None = None
        self.detail: InsideDetail | None = None
        self._told: dict[CallAt, None] = {}
        self._work = QTimer(self)
        self._work.setSingleShot(True)
        self._work.timeout.connect(self._show_some)
        self._connect()

    def _connect(self) -> None:
        inside, session = self.inside, self._session
        self.toggle.toggled.connect(inside.switch)
        inside.switched.connect(self._on_switched)
        inside.learnt.connect(self._on_learnt)
        session.navigation.inside_requested.connect(self._on_wanted)
        inside.failed.connect(self._on_failed)
        for signal in (inside.sample_changed, inside.mode_changed, inside.model_changed):
            signal.connect(self._on_other)
        self.matched.changed.connect(self._on_other)
        self.boxes.seen_changed.connect(self._want)
        self.lens.opened.connect(self._on_opened)
        session.document_changed.connect(self.matched.document_changed)
        session.navigation.selection_changed.connect(self._on_selection)

    def _columns(self) -> tuple[InsideSide, InsideDetail]:
        from app.panels.inside.detail import InsideDetail
        from app.panels.inside.side import InsideSide

        if self.side is None or self.detail is None:
            self.side = InsideSide(self.inside, self.matched, self._look)
            self.detail = InsideDetail(self.inside, self._session, self.matched, self._look, self._chooser)
            self.side.closed.connect(lambda: self.inside.switch(False))
            self.side.project_wanted.connect(self._on_project_wanted)
            self.side.outputs_changed.connect(self._on_outputs)
            self._left.addWidget(self.side)
            self._right.addWidget(self.detail)
        return self.side, self.detail

    # Slots

    def _on_switched(self, on: bool) -> None:
        self.toggle.show_on(on)
        columns: tuple[QWidget, QWidget] = (self._left.widget(0), self._right.widget(0))
        if on:
            columns = self._columns()
            self.matched.refresh()
            self._on_outputs()
        for stack, widget in zip((self._left, self._right), columns, strict=True):
            stack.setCurrentWidget(widget)
        self.boxes.set_on(on)
        self._on_other()
        self._on_selection(self._session.navigation.selection)

    def _on_other(self) -> None:
        """Another sample, mode or model: boxes show what is known of it, and what is seen is asked for."""
        self._told.clear()
        if not self.inside.on:
            self.boxes.forget()
            return
        known = {box: self.inside.known(call) for box, call in self.matched.match.calls.items()}
        if not any(known.values()):  # a moment of what was before is better than one of nothing
            self._drop_unmatched()
        else:
            self.boxes.show_looks({box: look_of(told) for box, told in known.items() if told})
        self._want()

    def _drop_unmatched(self) -> None:
        gone = [box for box in self.boxes.looks if box not in self.matched.match.calls]
        self.boxes.show_looks({box: InsideLook() for box in gone})

    def _want(self) -> None:
        """Ask for what is seen, and for the outputs, which say what the sample is taken for."""
        if not self.inside.on or not self._canvas.isVisible():
            return
        calls = self.matched.match.calls
        seen = [box for box in self.boxes.seen() if box in calls]
        self._show_missing(seen)
        outputs = self.side.wanted() if self.side is not None else ()
        known = set(calls.values())
        if known:
            self.inside.want([*(calls[box] for box in seen), *(call for call in outputs if call in known)])

    def _show_missing(self, seen: list[str]) -> None:
        """Boxes that the model has not say so; those that are asked for the first time wait."""
        looks = {box: waiting_look() for box in seen if box not in self.boxes.looks}
        here, calls = self._canvas.graph_scene.graph.calls, self.matched.match.calls
        if calls:
            no_box = InsideLook(note=tr("not in the run"))
            looks |= {box: no_box for box in here if box not in calls}
        self.boxes.show_looks(looks)

    def _on_outputs(self) -> None:
        """Other outputs are known: what they say is asked for."""
        if self.side is not None and self.detail is not None:
            self.detail.show_outputs(self.side.outputs)
            self._want()

    def _on_wanted(self, sample: OneSample) -> None:
        """Another view of results sends people here."""
        self.inside.look_at(sample)
        self._session.navigation.show_workspace("build")

    def _on_learnt(self, calls: tuple[CallAt, ...]) -> None:
        self._told.update(dict.fromkeys(calls))
        self._show_some()

    def _show_some(self) -> None:
        """Many boxes are made into what is painted some at a time: the window goes on meanwhile."""
        by_call: dict[CallAt, list[str]] = {}
        some_calls = {self._told.popitem()[0] for _ in range(min(_AT_ONCE, len(self._told)))}
        for box, call in self.matched.match.calls.items():
            if call in some_calls:
                by_call.setdefault(call, []).append(box)
        looks = {}
        for call, boxes in by_call.items():
            activations = self.inside.known(call)
            if activations:
                look = look_of(activations)
                looks.update(dict.fromkeys(boxes, look))
        self.boxes.show_looks(looks)
        if self._told:
            self._work.start(0)

    def _on_failed(self, _text: object) -> None:
        """The side says why; boxes that wait would wait for ever."""
        waiting = waiting_look()
        self.boxes.show_looks({box: InsideLook() for box, look in self.boxes.looks.items() if look == waiting})

    def _on_opened(self, box: str) -> None:
        self._session.navigation.select((box,))
        self._columns()[1].show_tensor()

    def _on_selection(self, ids: tuple[str, ...]) -> None:
        if self.side is not None:
            self.side.why.show_box(self.matched.call(ids[0]) if len(ids) == 1 else None)

    def _on_project_wanted(self) -> None:
        chosen = self.inside.evaluations.chosen
        if chosen is not None and chosen.folder is not None:
            self._session.navigation.run_project_requested.emit(chosen.folder)
