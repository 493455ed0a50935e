"""The steps of the chosen columns: what is done to their values before the model sees them, or inside of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QMenu, QWidget

from app.panels.data.steps.learnt_words import learnt_text, learnt_words, of_columns
from app.panels.data.steps.row import StepRow, removed_title
from app.panels.widgets.fields import button, column, heading, hint, set_state
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.project.preparing.before import move_before, why_not_before
from app.project.preparing.inside import move_inside, why_not_inside
from app.project.preparing.steps_of import WrittenStep, same_steps, with_steps
from app.project.session import Session
from graph_editor.document.changes.commands import set_data
from graph_editor.editors.parts.base import EditorContext
from graph_editor.words.letting_go import let_go
from resources.plain import listed
from resources.text import Text, tr
from resources.training.sections import bindings_of
from runtime.messages.describing import Column
from runtime.step_kinds import StepKind, step_kinds

Json = Any


class StepsCard(QWidget):
    """Shows what the document says of the columns in `show_columns`; each change is one undo step."""

    def __init__(self, session: Session, context: EditorContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._context = session, context
        self._columns: tuple[str, ...] = ()
        self._keys: list[str] = []
        self.rows: list[StepRow] = []
        self._about = hint("", "steps_about")
        self._list = QWidget()
        self._layout = column(self._list, spacing=6)
        self.menu = QMenu(self)
        self.menu.setObjectName("step_kinds")
        self.menu.aboutToShow.connect(self._fill_menu)
        self.add = button(tr("Add a step"), "add_step")
        self.add.setMenu(self.menu)
        self.inside = LabelledSwitch(tr("Inside the model"), "steps_inside")
        self.inside.switched.connect(self._on_inside)
        self._why = hint("", "steps_inside_why")
        self._wrong = hint("", "steps_wrong")  # why a column does not come through
        set_state(self._wrong, "error")
        session.data.learnt.changed.connect(self._show_learnt)
        whole = column(self, spacing=8)
        whole.addWidget(heading(tr("Preparation")))
        for widget in (self._about, self._list, self._wrong, self.add, self.inside, self._why):
            whole.addWidget(widget)
        self.refresh()

    def show_columns(self, names: Sequence[str]) -> None:
        """The columns that are chosen; with several, those that have the same steps are changed together."""
        self._columns = tuple(names)
        self.refresh()

    def refresh(self) -> None:
        known = self._known()
        if known or self._session.data.source is None:  # else they are being read: what is chosen stays
            self._columns = tuple(name for name in self._columns if name in known)  # not those of another project
        steps = self._steps()
        if steps is None:
            text = tr("These columns have different steps: choose one of them.")
        elif not self._columns:
            text = tr("Choose a column to see and change what is done to its values.")
        else:
            text = listed(self._columns) if steps else tr("{columns}: no steps yet.", columns=listed(self._columns))
        self._about.setText(text)
        self.add.setEnabled(bool(self._columns) and steps is not None)
        self._show_steps(steps or [])
        self._show_inside()

    def _steps(self) -> list[WrittenStep] | None:
        return same_steps(self._session.built.data, self._columns)

    def _known(self) -> dict[str, Column]:
        return {entry.name: entry for entry in self._session.data.columns}

    def _show_steps(self, steps: list[WrittenStep]) -> None:
        keys = [step.key for step in steps]
        if keys != self._keys:
            unfolded = {(row.place, row.key) for row in self.rows if row.fold.isChecked()}
            for row in self.rows:
                let_go(row)
            self.rows = [self._row(place, step) for place, step in enumerate(steps)]
            self._keys = keys
            for row in self.rows:
                row.fold.setChecked((row.place, row.key) in unfolded)
        for row, step in zip(self.rows, steps, strict=True):
            row.show_step(step, len(steps))
        self._show_learnt()

    def _show_learnt(self) -> None:
        """What steps have learnt of the samples that train, or that they are at it."""
        learnt = self._session.data.learnt
        known = {name: learnt.known[name] for name in self._columns if name in learnt.known}
        errors = [column.error for column in known.values() if column.error is not None]
        wrong = errors[0] if errors else learnt.error if self.rows else None
        self._wrong.setText(str(wrong or ""))
        self._wrong.setVisible(wrong is not None)
        for row, step in zip(self.rows, self._steps() or (), strict=False):
            found = {name: column.steps[row.place] for name, column in known.items() if len(column.steps) > row.place}
            text = of_columns({name: learnt_text(one) for name, one in found.items()}) if found else ""
            if not found and learnt.busy and step.kind is not None and step.kind.adapts:
                text = tr("Learning of the training part…")
            words = [learnt_words(one) for one in found.values()]
            row.say_learnt(text, words[0] if len(words) == 1 else "")

    def _row(self, place: int, step: WrittenStep) -> StepRow:
        row = StepRow(place, step, self._context, self._list)
        row.edited.connect(self._on_edited)
        row.moved.connect(self._on_moved)
        row.dropped.connect(self._on_dropped)
        row.removed.connect(self._on_removed)
        self._layout.addWidget(row)
        return row

    # inside or before

    def _target(self) -> str | None:
        """The input that the chosen columns feed."""
        inputs = {operation.name for operation in self._session.document.graph.operations.values()
                  if operation.class_name == "InputLayer"}  # fmt: skip
        for target, names in bindings_of(self._session.built.data).items():
            if target in inputs and self._columns and set(self._columns) <= set(names):
                return target
        return None

    def _show_inside(self) -> None:
        target = self._target()
        shown = target is not None and bool(self._known())
        self.inside.setVisible(shown)
        self._why.setVisible(shown)
        if target is None or not shown:
            return
        document, catalog, known = self._session.document, self._session.catalog, self._known()
        not_inside = why_not_inside(document, catalog, target, known)
        not_before = why_not_before(document, catalog, target, known)
        on = not_inside is not None and not_before is None
        self.inside.set_on(on)
        self.inside.setEnabled(not_inside is None or not_before is None)
        if not_inside is None:
            text = tr("Off: steps run before the model. On: they become boxes, and the exported model takes raw data.")
        elif not_before is None:
            text = tr("The boxes behind {name} prepare its columns; off makes them steps again.", name=target)
        else:
            text = str(not_inside)
        self._why.setText(text)

    def _on_inside(self, on: bool) -> None:
        target, session = self._target(), self._session
        if target is None:
            return

        def move() -> None:
            make = move_inside if on else move_before
            label = Text("Move steps into the model") if on else Text("Move steps out of the model")
            session.history.do(label, make(session.document, session.catalog, target, self._known()))

        session.attempt(move)
        self.refresh()

    # changes

    def _fill_menu(self) -> None:
        self.menu.clear()
        kinds = [self._known()[name].kind for name in self._columns if name in self._known()]
        fitting = [kind for kind in step_kinds() if all(one in kind.takes for one in kinds) or self._steps()]
        for kind in fitting:
            action = self.menu.addAction(str(kind.title))
            action.setObjectName(f"add_{kind.key}")
            action.triggered.connect(lambda _checked=False, kind=kind: self.add_step(kind))

    def add_step(self, kind: StepKind) -> None:
        label = Text.of("Add the step {step}", step=kind.title)
        entries = [self._known()[name] for name in self._columns if name in self._known()]
        words = bool(entries) and all(entry.categories or entry.kind == "text" for entry in entries)
        self._store(label, [*(self._steps() or []), WrittenStep(kind.key, dict(kind.of_words) if words else {})])

    def _on_edited(self, place: int, key: str, value: Json) -> None:
        steps = self._steps() or []
        if not key or place >= len(steps):
            self._show_steps(steps)
            return
        step = steps[place]
        steps[place] = WrittenStep(step.key, {**step.settings, key: value})
        self._store(Text.of("Change the step {step}", step=step.title), steps, ("step", self._columns, place, key))

    def _on_moved(self, place: int, way: int) -> None:
        self._move(place, place + way)

    def _on_dropped(self, place: int, height: int) -> None:
        middles = [row.mapToGlobal(row.rect().center()).y() for row in self.rows if row.place != place]
        self._move(place, sum(middle < height for middle in middles))

    def _move(self, place: int, to: int) -> None:
        steps = self._steps() or []
        if place == to or not 0 <= to < len(steps):
            return
        step = steps.pop(place)
        steps.insert(to, step)
        self._store(Text.of("Move the step {step}", step=step.title), steps)
        if to < len(self.rows):
            self.rows[to].setFocus()

    def _on_removed(self, place: int) -> None:
        steps = self._steps() or []
        if place < len(steps):
            self._store(removed_title(steps.pop(place)), steps)

    def _store(self, label: Text, steps: Sequence[WrittenStep], key: object = None) -> None:
        session = self._session
        data = with_steps(session.built.data, self._columns, steps)
        session.edit(label, set_data(session.document, data), key)
        self.refresh()
