"""Which sample is looked at: its part and number, what it looks like, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.output_names import input_calls
from app.panels.inside.pictures import SmallPicture
from app.panels.inside.question import Question
from app.panels.inside.shown import input_of, map_of
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button, heading, set_state
from app.panels.widgets.sentence import sentence
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import Text, tr
from runtime.messages.inside import Tiles
from runtime.messages.trained import OneSample, PartName
from runtime.messages.trying import AskForm, FormAsked, SampleShown, ShownValue, ShowSample

PARTS: Final[tuple[tuple[PartName, Text], ...]] = (
    ("validation", Text("validation")),
    ("test", Text("test")),
    ("training", Text("training")),
)
_MOST = 2**31 - 1
_LETTERS = 240


def offer_parts(chips: Chips, parts: Mapping[str, int]) -> None:
    """Only those that the data has; all of them while that is not known."""
    known = [part for part, _ in PARTS if parts.get(part)]
    for key, _title in PARTS:
        chip = chips.chip(key)
        if chip is not None:
            chip.setVisible(key in known or not known)
    if known and chips.key in dict(PARTS) and chips.key not in known:
        chips.show_key(known[0])


class SampleCard(QWidget):
    """Follows `inside`. Given values (a drawn digit, say) have no number."""

    failed = Signal(str)
    shown = Signal()  # what the sample is has been told

    def __init__(self, inside: LookingInside, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside_sample")
        self._inside = inside
        self.truths: dict[str, str] = {}  # what the sample is, by the columns that say it
        self._asked = Question(inside.evaluations, self)
        self._counts = Question(inside.evaluations, self)
        self.part = Chips("inside_part", tr("Part of the data"))
        self.part.show_entries([(key, str(title), "") for key, title in PARTS])
        self.number = QSpinBox()
        self.number.setObjectName("inside_row")
        self.number.setRange(1, _MOST)
        set_spoken_name(self.number, tr("Number of the sample"))
        self.previous = button("◀", "inside_previous", "", tr("Previous sample"))
        self.next = button("▶", "inside_next", "", tr("Next sample"))
        set_spoken_name(self.previous, tr("Previous sample"))
        set_spoken_name(self.next, tr("Next sample"))
        self.picture = SmallPicture("inside_picture", tr("The sample"), look)
        self.title = sentence("", "inside_title", "strong")
        self.truth = sentence("", "inside_truth")
        self.said = sentence("", "inside_said")
        self.said.setProperty("part", "verdict")
        self.values = sentence("", "inside_values")
        self._lay_out()
        self._connect()
        self._on_sample()
        self._on_switched(inside.on)  # it is made when people look inside for the first time

    def _lay_out(self) -> None:
        rows, row, facts, steps = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout(), QHBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        rows.addWidget(heading(tr("Sample")))
        rows.addLayout(row)
        row.setSpacing(10)
        row.addWidget(self.picture)
        row.addLayout(facts, 1)
        facts.setSpacing(3)
        for label in (self.title, self.truth, self.said):
            facts.addWidget(label)
        facts.addStretch(1)
        rows.addWidget(self.values)
        rows.addWidget(self.part)
        rows.addLayout(steps)
        steps.setSpacing(6)
        for widget in (self.previous, self.number, self.next):
            steps.addWidget(widget, 1 if widget is self.number else 0)

    def _connect(self) -> None:
        inside = self._inside
        inside.sample_changed.connect(self._on_sample)
        inside.model_changed.connect(self._on_model)
        inside.switched.connect(self._on_switched)
        inside.learnt.connect(self._on_learnt)
        self._asked.failed.connect(self.failed)
        self.part.chosen.connect(self._on_part)
        self.number.valueChanged.connect(self._on_number)
        self.previous.clicked.connect(lambda: self.number.stepDown())
        self.next.clicked.connect(lambda: self.number.stepUp())

    def show_said(self, name: str, right: bool | None) -> None:
        """What the model takes the sample for."""
        self.said.setText(tr("taken for {name}", name=name) if name else "")
        set_state(self.said, "error" if right is False else "ok" if right else "open")

    # What is looked at

    def _on_switched(self, on: bool) -> None:
        if on:
            self._on_model()

    def _on_model(self) -> None:
        trained = self._inside.trained() if self._inside.on else None
        if trained is not None:
            self._counts.ask(AskForm(0, trained), FormAsked, self._on_counts)
            self._ask()

    def _on_counts(self, answer: FormAsked) -> None:
        self._inside.set_parts(answer.parts)
        known: list[PartName] = [part for part, _ in PARTS if answer.parts.get(part)]
        offer_parts(self.part, answer.parts)
        on = self._inside.sample.on
        if known and on is not None and on.other is None and on.part not in known and not self._inside.sample.values:
            self._inside.set_row(known[0], 0)
        self._limit()

    def _limit(self) -> None:
        count = self._inside.parts.get(self.part.key, 0)
        self.number.blockSignals(True)
        self.number.setMaximum(count or _MOST)
        self.number.blockSignals(False)

    def _on_part(self, key: str) -> None:
        part = next(part for part, _ in PARTS if part == key)
        count = self._inside.parts.get(part, 0)
        self._inside.set_row(part, min(self._inside.sample.row, count - 1) if count else self._inside.sample.row)

    def _on_number(self, number: int) -> None:
        sample = self._inside.sample
        if sample.on is not None and sample.on.other is not None and not sample.values:
            self._inside.set_sample(OneSample(sample.on, number - 1))
            return
        part: PartName = next((part for part, _ in PARTS if part == self.part.key), "validation")
        self._inside.set_row(part, number - 1)

    def _on_sample(self) -> None:
        sample = self._inside.sample
        given = sample.on is None or bool(sample.values)
        self.part.show_key("" if given or sample.on is None or sample.on.other is not None else sample.on.part)
        self._limit()
        self.number.blockSignals(True)
        self.number.setValue(sample.row + 1)
        self.number.blockSignals(False)
        self.title.setText(tr("your own sample") if given else self._name(sample))
        self._ask()

    def _name(self, sample: OneSample) -> str:
        part = sample.on.part if sample.on is not None else ""
        title = next((str(title) for key, title in PARTS if key == part), part)
        if sample.on is not None and sample.on.other is not None:
            title = ", ".join(shown_name(Path(source.path).name or source.kind) for source in sample.on.other.sources)
        return f"#{count_text(sample.row + 1)} · {title}"

    def _ask(self) -> None:
        """What the sample looks like."""
        sample = self._inside.sample
        trained = self._inside.trained() if self._inside.on else None
        if sample.on is None or sample.values:
            self._asked.cancel()
            self._show(())
            self._show_fed()
        elif trained is not None:
            self._asked.ask(
                ShowSample(0, trained, sample.on, sample.row), SampleShown, lambda told: self._show(told.values)
            )

    def _on_learnt(self, _calls: object) -> None:
        sample = self._inside.sample
        if (sample.on is None or sample.values) and self.picture.isHidden():
            self._show_fed()

    def _show_fed(self) -> None:
        """A sample of a person's own looks as an Input gives it to the model."""
        for call in input_calls(self._inside.model):
            known = self._inside.known(call) or ()
            fed = next((told.view for told in known if isinstance(told.view, Tiles) and told.view.maps), None)
            if fed is not None:
                self.picture.show_picture(input_of(fed.maps[0]))
                return

    def _show(self, values: tuple[ShownValue, ...]) -> None:
        pictured = next((value.picture for value in values if value.picture is not None and not value.truth), None)
        self.picture.show_picture(map_of(pictured) if pictured is not None else None)
        self.truths = {value.column: shown_name(value.text) for value in values if value.truth and value.text}
        named = [f"{shown_name(column)} {text}" for column, text in self.truths.items()]
        name = ", ".join(named if len(named) > 1 else self.truths.values())
        self.truth.setText(tr("is {name}", name=name) if name else "")
        self.truth.setVisible(bool(name))
        texts = [
            f"{shown_name(value.column)}: {shown_name(value.text)}"
            for value in values
            if value.text and not value.truth
        ]
        text = " · ".join(texts)
        self.values.setText(text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…")
        self.values.setVisible(bool(texts))
        self.shown.emit()
