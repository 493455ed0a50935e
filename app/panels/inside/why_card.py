"""Why this answer: how much each place of the input speaks for a class."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.inside.looking import LookingInside
from app.panels.inside.output_names import OutputAt
from app.panels.inside.pictures import Overlay, ViewPicture
from app.panels.inside.question import Question
from app.panels.inside.shown import input_of, map_of, words_of
from app.panels.plots.formats import value_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import heading
from app.panels.widgets.labelled_switch import LabelledSwitch
from app.panels.widgets.sentence import sentence
from graph_editor.editors.parts.combo import Combo, Entry
from graph_editor.view.painting.inside_values import ValueBars
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr
from runtime.messages.inside import CallAt, Explain, Explained, Method

METHODS: Final[tuple[tuple[Method, Text, Text], ...]] = (
    (
        "grad_cam",
        Text("Grad-CAM"),
        Text("Where the maps of a convolution raise the class; needs a layer with maps (Selvaraju et al. 2017)."),
    ),
    (
        "integrated_gradients",
        Text("integrated gradients"),
        Text("How much each place adds on the way from nothing to this sample (Sundararajan et al. 2017)."),
    ),
    ("occlusion", Text("occlusion"), Text("How much the class loses when a place is covered (Zeiler, Fergus 2014).")),
    ("saliency", Text("saliency"), Text("How fast the class changes with each place (Simonyan et al. 2013).")),
)


class WhyCard(QWidget):
    """Nothing is asked before a method is taken; then it is asked anew for each sample. A second click ends that.

    `taken` comes when what a person asked for is there to be seen.
    """

    taken = Signal()

    def __init__(self, inside: LookingInside, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inside_why")
        self._inside = inside
        self._outputs: tuple[OutputAt, ...] = ()
        self._classes: dict[str, tuple[str, ...]] = {}
        self._likeliest: dict[str, int] = {}
        self._is_wanted = False  # a method was taken, and nothing of it is shown yet
        self._own_class = False  # a person took it: else it is the one that the model says
        self._box: CallAt | None = None
        self._question = Question(inside.evaluations, self)
        self.method = Chips("inside_method", tr("Method"))
        self.method.show_entries([("", tr("none"), ""), *((key, str(title), str(tip)) for key, title, tip in METHODS)])
        self.output = Combo()
        self.output.setObjectName("inside_why_output")
        set_spoken_name(self.output, tr("Output"))
        self.classes = Combo()
        self.classes.setObjectName("inside_why_class")
        set_spoken_name(self.classes, tr("Class"))
        self.here = LabelledSwitch(tr("at the selected box"), "inside_why_here")
        self.overlay = Overlay("inside_why_picture", tr("What speaks for the class, over the input"), look)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setObjectName("inside_opacity")
        set_spoken_name(self.opacity, tr("How strongly the explanation covers the input"))
        self.opacity.setRange(0, 100)
        self.opacity.setValue(60)
        self.words = ViewPicture("inside_why_words", tr("What speaks for the class, word by word"), look, height=120)
        self.columns = ViewPicture("inside_why_columns", tr("What speaks for the class, by column"), look, height=90)
        self.score = sentence("", "inside_why_score")
        self.note = sentence("", "inside_why_note")
        self._lay_out()
        self._connect()
        self.method.show_key("")
        self._show_nothing()

    def _lay_out(self) -> None:
        self._for = PlainLabel(tr("for"))
        self._for.setProperty("role", "small")
        rows, row = QVBoxLayout(self), QHBoxLayout()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(7)
        rows.addWidget(heading(tr("Why this answer")))
        rows.addWidget(self.method)
        rows.addLayout(row)
        row.setSpacing(6)
        row.addWidget(self._for)
        row.addWidget(self.output, 1)
        row.addWidget(self.classes, 1)
        for widget in (self.here, self.overlay, self.opacity, self.words, self.columns, self.score, self.note):
            rows.addWidget(widget)

    def _connect(self) -> None:
        self.method.chosen.connect(self._on_method)
        self.output.chosen.connect(self._on_output)
        self.classes.chosen.connect(self._on_class)
        self.here.switched.connect(lambda _on: self.ask())
        self.opacity.valueChanged.connect(lambda value: self.overlay.set_opacity(value / 100))
        self._question.failed.connect(self._on_failed)
        self._question.busy_changed.connect(self._on_busy)
        self._inside.sample_changed.connect(self._on_sample)
        self._inside.model_changed.connect(self._on_sample)
        self._inside.switched.connect(self._on_switched)

    # What it is asked about

    def show_outputs(self, outputs: tuple[OutputAt, ...]) -> None:
        self._outputs = outputs
        self.output.fill([Entry(output.title, output.name) for output in outputs])
        self._show_choices()

    def show_said(self, output: str, names: tuple[str, ...], likeliest: int) -> None:
        """What the model says of the sample: its classes, and which of them it is taken for."""
        known = self._classes.get(output), self._likeliest.get(output)
        self._classes[output], self._likeliest[output] = names, likeliest
        if output == self._output and known != (names, likeliest):
            self._show_choices()
            if not self._own_class:
                self.ask()

    def show_box(self, call: CallAt | None) -> None:
        """The box that is selected."""
        self._box = call
        self._show_choices()
        if self.here.on and self.method.key == "grad_cam":
            self.ask()

    @property
    def _output(self) -> str:
        value = self.output.currentData()
        return value if isinstance(value, str) else self._outputs[0].name if self._outputs else ""

    def _show_choices(self) -> None:
        on, names = bool(self.method.key), self._classes.get(self._output, ())
        self.output.setVisible(on and len(self._outputs) > 1)
        taken = self.classes.currentData() if self._own_class else self._likeliest.get(self._output, 0)
        self.classes.fill([Entry(name, number) for number, name in enumerate(names)])
        if names:
            number = taken if isinstance(taken, int) and taken < len(names) else 0
            self.classes.show_value(number, names[number])
        self.classes.setVisible(on and len(names) > 1)
        self._for.setVisible(on and (len(names) > 1 or len(self._outputs) > 1))
        self.here.setVisible(self.method.key == "grad_cam" and self._box is not None)

    def ask(self) -> None:
        """Ask for what is chosen, if something is."""
        trained = self._inside.trained() if self._inside.on else None
        method = next((key for key, _, _ in METHODS if key == self.method.key), None)
        if method is None or trained is None or not self._output:
            return
        number = self.classes.currentData()
        layer = self._box if method == "grad_cam" and self.here.on else None
        message = Explain(
            0, trained, self._inside.sample, method, self._output, number if isinstance(number, int) else 0, layer=layer
        )
        self._question.ask(message, Explained, self._on_explained)

    # What is told

    def _on_explained(self, answer: Explained) -> None:
        below, above = answer.original, answer.overlay
        self.overlay.show_pictures(input_of(below) if below else None, map_of(above) if above else None)
        self.opacity.setVisible(above is not None)
        self.words.show_view(words_of(answer.words) if answer.words is not None else None)
        values = answer.values
        self.columns.show_view(ValueBars(values.values, values.names, len(values.values)) if values else None)
        self.score.setText(tr("The model gives it {score}.", score=value_text(answer.score)))
        self.score.show()
        self.note.setText(str(answer.note) if answer.note is not None else "")
        self.note.setVisible(answer.note is not None)
        self._on_taken()

    def _on_taken(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self.taken.emit()

    def _on_failed(self, text: str) -> None:
        if text:
            self._show_nothing()
            self.note.setText(text)
            self.note.show()
            self._on_taken()

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self.score.setText(tr("working it out…"))
            self.score.show()

    def _show_nothing(self) -> None:
        self.overlay.show_pictures(None, None)
        for view in (self.words, self.columns):
            view.show_view(None)
        for widget in (self.opacity, self.score, self.note):
            widget.hide()
        self._show_choices()

    # Slots

    def _on_method(self, key: str) -> None:
        self._question.cancel()
        self._show_nothing()
        self._is_wanted = bool(key)
        self.ask()

    def _on_output(self, _name: object) -> None:
        self._own_class = False
        self._show_choices()
        self.ask()

    def _on_class(self, _number: object) -> None:
        self._own_class = True
        self.ask()

    def _on_sample(self) -> None:
        self._own_class = False
        self.ask()

    def _on_switched(self, on: bool) -> None:
        if on:
            self.ask()
        else:
            self._question.cancel()
