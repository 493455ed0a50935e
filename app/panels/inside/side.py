"""The left column while people look inside: which weights, which sample, in which mode, and why this answer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.matched import MatchedBoxes
from app.panels.inside.mode_card import ModeCard
from app.panels.inside.model_card import ModelCard
from app.panels.inside.output_names import OutputAt, input_calls, outputs_of, said
from app.panels.inside.sample_card import SampleCard
from app.panels.inside.why_card import WhyCard
from app.panels.widgets.banner import Banner
from app.panels.widgets.fields import button
from app.panels.widgets.sentence import sentence
from graph_editor.words.plain_label import PlainLabel
from resources.plain import listed
from resources.text import Text, tr
from runtime.messages.inside import CallAt
from runtime.spec import RunSpec


class InsideSide(QFrame):
    """`closed` asks for the boxes as they are; `project_wanted` for the project as it was when the run was started."""

    closed = Signal()
    outputs_changed = Signal()
    project_wanted = Signal()

    def __init__(
        self, inside: LookingInside, boxes: MatchedBoxes, look: ThemeSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inside_side")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(tr("Look inside"))
        self._inside, self._boxes = inside, boxes
        self.outputs: tuple[OutputAt, ...] = ()
        self.close_button = button(tr("Done"), "inside_close", "", tr("Show the boxes as they are (Ctrl+Shift+I)"))
        self.differs = Banner("inside_differs", narrow=True)
        self.failure = Banner("inside_failure", narrow=True)
        self.model = ModelCard(inside.evaluations)
        self.sample = SampleCard(inside, look)
        self.mode = ModeCard(inside)
        self.why = WhyCard(inside, look)
        self._lay_out()
        self.why.taken.connect(self._show_why)
        self.close_button.clicked.connect(self.closed)
        self.sample.failed.connect(self._on_failed)
        self.sample.shown.connect(self._show_said)
        inside.failed.connect(self._on_refused)
        inside.learnt.connect(self._on_learnt)
        inside.sample_changed.connect(self._show_said)
        inside.mode_changed.connect(self._show_said)
        inside.model_changed.connect(self._on_model)
        inside.switched.connect(self._on_switched)
        boxes.changed.connect(self._show_difference)
        self._on_model()

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Look inside"))
        title.setProperty("role", "title")
        inner = QWidget()
        inner.setObjectName("inside_side_inner")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(14, 12, 14, 14)
        rows.setSpacing(14)
        head = QHBoxLayout()
        rows.addLayout(head)
        head.addWidget(title, 1)
        head.addWidget(self.close_button)
        rows.addWidget(sentence(tr("What every box makes of one sample, with the weights of a run."), "inside_what"))
        for widget in (self.differs, self.failure, self.sample, self.model, self.mode, self.why):
            rows.addWidget(widget)
        rows.addStretch(1)
        area = self._area = QScrollArea()
        area.setObjectName("inside_scroll")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(inner)
        inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def wanted(self) -> tuple[CallAt, ...]:
        """The boxes that are asked about even when they are not seen: outputs say what the sample is taken for."""
        sample = self._inside.sample
        own = sample.on is None or bool(sample.values)  # the boxes alone know what such a one looks like
        inputs = input_calls(self._inside.model) if own else ()
        return (*(output.call for output in self.outputs), *inputs)

    def showEvent(self, event: QShowEvent) -> None:
        """Runs may have been deleted or renamed meanwhile, in the Runs workspace or by another window."""
        super().showEvent(event)
        if self._inside.on:
            self._inside.evaluations.reload()

    # Slots

    def _show_why(self) -> None:
        """In a low window it would come below what is seen, and nothing would seem to happen."""
        inner = self._area.widget()
        layout = inner.layout()
        if layout is not None:
            layout.activate()
        inner.resize(inner.width(), max(inner.sizeHint().height(), inner.heightForWidth(inner.width())))
        self._area.ensureWidgetVisible(self.why, 0, 14)

    def _on_model(self) -> None:
        self.failure.hide()
        trained = self._inside.trained() if self._inside.on else None
        if self._inside.on and trained is None and self._inside.evaluations.chosen is not None:
            self._on_failed(str(self._inside.refusal or ""))
        spec = self._spec()
        self.outputs = outputs_of(spec) if spec is not None else ()
        self.why.show_outputs(self.outputs)
        self._show_difference()
        self._show_said()
        self.outputs_changed.emit()

    def _on_switched(self, _on: bool) -> None:
        self._on_model()

    def _on_refused(self, text: Text) -> None:
        self._on_failed(str(text))

    def _spec(self) -> RunSpec | None:
        chosen = self._inside.evaluations.chosen
        if chosen is not None and chosen.run is not None:
            return chosen.run.spec
        trained = self._inside.trained() if self._inside.on else None
        return trained.spec if trained is not None else None

    def _on_learnt(self, calls: tuple[CallAt, ...]) -> None:
        self.failure.hide()
        if any(output.call in calls for output in self.outputs):
            self._show_said()

    def _show_said(self) -> None:
        """What the model takes the sample for, by its outputs with classes."""
        first, right = "", None
        for output in self.outputs:
            answer = said(self._inside.known(output.call) or (), output.index)
            if answer is None:
                continue
            names, likeliest = answer
            self.why.show_said(output.name, names, likeliest)
            if not first and len(names) > 1:
                first = names[likeliest]
                truth = self._truth_of(output.name)
                right = first == truth if truth else None
        self.sample.show_said(first, right)

    def _truth_of(self, output: str) -> str:
        """What the sample is, where one column tells the truth of an output."""
        spec = self._spec()
        binding = spec.binding(output) if spec is not None else None
        columns = binding.columns if binding is not None else ()
        return self.sample.truths.get(columns[0], "") if len(columns) == 1 else ""

    def _show_difference(self) -> None:
        found = self._boxes.match
        if not self._inside.on or not found.differs:
            self.differs.hide()
            return
        run = self._inside.evaluations.chosen.run if self._inside.evaluations.chosen is not None else None
        wanted = (("inside_open_project", tr("Open the run's project"), self.project_wanted.emit),) if run else ()
        self.differs.say(str(difference_sentence(found.missing, found.changed, found.gone)), "warning", actions=wanted)

    def _on_failed(self, text: str) -> None:
        if text:
            self.failure.say(text, "error")
        else:
            self.failure.hide()


def difference_sentence(missing: tuple[str, ...], changed: tuple[str, ...], removed: tuple[str, ...]) -> Text:
    """What of the open project is not as it was trained, in one sentence."""
    if missing:
        return Text("The run was trained without {names}: nothing shows there.", {"names": listed(missing)})
    if changed:
        return Text("{names} changed since the run: what shows is what they were then.", {"names": listed(changed)})
    return Text("The run had layers that are not drawn any more: {names}.", {"names": listed(removed)})
