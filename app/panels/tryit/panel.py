"""Try it: one sample, as a person makes it or as the data has it, and what models say of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.look.theme_source import ThemeSource
from app.panels.tryit.asking import Predictions
from app.panels.tryit.cards import Cards
from app.panels.tryit.fields.number import read_number, written
from app.panels.tryit.form import SampleForm
from app.panels.tryit.making import Means
from app.panels.tryit.models import Asked, asked_models, runs_beside
from app.panels.tryit.parts.files import SampleFiles, dropped_file
from app.panels.tryit.sample_bar import SampleBar
from app.panels.widgets.fields import button, column, hint
from app.panels.widgets.multi_choice import MultiChoice
from app.project.choosers import Chooser
from app.project.evaluating import Evaluations
from app.project.evaluation.trained_runs import titled
from app.project.session import Session
from graph_editor.background.background import Background
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr
from runtime.messages.protocol import Answer
from runtime.messages.trained import GivenValue, On, OneSample, PartName, Trained
from runtime.messages.trying import (
    AskForm,
    FormAsked,
    FormField,
    SampleShown,
    SampleTried,
    ShownValue,
    ShowSample,
)
from runtime.spec import RunSpec

_LEFT: Final = 330
_SHOWN: Final = 256  # pixels of a picture of the data
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
_DRAWN_EDGE: Final = 64  # pictures up to this size begin with an empty pad


class TryPanel(QWidget):
    """Asks nothing before it is seen. Nothing of what is tried is kept."""

    def __init__(
        self,
        session: Session,
        evaluations: Evaluations,
        look: ThemeSource,
        chooser: Chooser,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("try_panel")
        self._session, self._evaluations, self._chooser = session, evaluations, chooser
        self._files = SampleFiles(background, self)
        self._beside: tuple[Path, ...] = ()
        self._asked: list[Asked] = []
        self._form_of: Trained | None = None
        self._form_known = False  # what a sample of `_form_of` is has been told
        self._row: tuple[On, int] | None = None
        self._wanted: tuple[On, int] | None = None  # a sample to show as soon as it is known what a sample is
        self._changed: dict[str, None] = {}  # columns that a person has given, in their order
        self._truths: dict[str, str] = {}
        self._asking_form = self._asking_sample = 0
        self._stale = True
        self._known: tuple[object, ...] = ()  # what the models follow from
        self.setAcceptDrops(True)
        self.predictions = Predictions(evaluations, self)
        self.bar = SampleBar()
        self.form = SampleForm(Means(look, self._choose_file, self._files.read, evaluations.ask))
        self.back = button(tr("Back to the sample as it is in the data"), "try_back", "link")
        self.inside = button(
            tr("Look inside"), "try_inside", "", tr("What comes out of each box for this sample, on the canvas")
        )
        self.beside = MultiChoice(tr("no other run"))
        self.beside.setObjectName("try_beside")
        set_spoken_name(self.beside, tr("Other runs on the same sample"))
        self.cards = Cards(look)
        self.nothing = hint("", "try_nothing")
        self._lay_out()
        self._connect()
        self._left.hide()  # until it is known what a sample is

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setObjectName("try_sample")
        rows = column(inner, (14, 12, 14, 14), 10)
        title = PlainLabel(tr("Sample"))
        title.setProperty("role", "strong")
        rows.addWidget(title)
        rows.addWidget(self.bar)
        rows.addWidget(self.form)
        rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.inside, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(hint(tr("What you try here is not stored."), "try_not_stored"))
        rows.addStretch(1)
        self._left = QScrollArea()
        self._left.setObjectName("try_left")
        self._left.setProperty("role", "panel")
        self._left.setAccessibleName(tr("Sample"))
        self._left.setFrameShape(QFrame.Shape.NoFrame)
        self._left.setWidgetResizable(True)
        self._left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._left.setFixedWidth(_LEFT)
        inner.setProperty("role", "panel")
        self._left.setWidget(inner)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left)
        right, head = QVBoxLayout(), QHBoxLayout()
        row.addLayout(right, 1)
        right.setContentsMargins(14, 12, 14, 12)
        right.setSpacing(10)
        right.addLayout(head)
        label = PlainLabel(tr("Also ask"))
        label.setProperty("part", "field")
        label.setBuddy(self.beside)
        head.addWidget(label)
        head.addWidget(self.beside, 1)
        head.addStretch(1)
        right.addWidget(self.nothing)
        right.addWidget(self.cards, 1)

    def _connect(self) -> None:
        self._evaluations.chosen_changed.connect(self._on_models)
        self._evaluations.runs_changed.connect(self._on_models)
        self.beside.chosen.connect(self._on_beside)
        self.bar.wanted.connect(self._on_row)
        self.back.clicked.connect(self._on_back)
        self.inside.clicked.connect(self._on_inside)
        self.form.changed.connect(self._on_changed)
        self.predictions.told.connect(self._on_told)
        self.predictions.failed.connect(lambda why: self.cards.refuse(str(why)))
        self._show_state()

    # which models

    def _on_models(self) -> None:
        self._stale = True
        if self.isVisible():
            self._renew()

    def _renew(self) -> None:
        """Find out whom to ask, and what for."""
        self._stale = False
        others = {str(run.folder): titled(run) for run in runs_beside(self._evaluations)}
        self._beside = tuple(folder for folder in self._beside if str(folder) in others)
        self.beside.set_entries([(key, title, "") for key, title in others.items()])
        self.beside.set_keys([str(folder) for folder in self._beside])
        self.beside.setEnabled(bool(others))
        known = (self._evaluations.chosen, self._evaluations.device, self._beside)
        if known != self._known:  # else a person is asked about the code of a model each time that runs are read
            self._known, self._asked = known, asked_models(self._evaluations, self._beside)
        self.cards.show_models(self._asked)
        self.nothing.setText("" if self._asked else tr("There is no trained model yet: train one first."))
        self.nothing.setVisible(not self._asked)
        first = self._asked[0].trained if self._asked else None
        self._left.setVisible(first is not None and bool(self.form.fields or self.bar.chosen[0]))
        if first is None:
            self.predictions.forget()
            self._form_of = None
        elif first != self._form_of or not (self._form_known or self._evaluations.waits_for(self._asking_form)):
            self._ask_form(first)
        elif self._form_known and not self._take_wanted():
            self._try()

    def _ask_form(self, trained: Trained) -> None:
        self._evaluations.cancel(self._asking_form)
        self.predictions.forget()
        self.cards.wait(tr("The model is being loaded…"))
        self._form_of, self._form_known = trained, False
        self._asking_form = self._evaluations.ask(AskForm(0, trained), self._on_form, self._on_no_form)

    def _on_no_form(self, why: Text) -> None:
        self._form_of = None
        self._left.hide()
        self.cards.refuse(str(why))

    def _on_form(self, answer: Answer) -> None:
        if not isinstance(answer, FormAsked):
            return
        self._form_known = True
        same = answer.fields == self.form.fields
        self.form.use(answer.fields)
        self.bar.show_parts(answer.parts, str(answer.note) if answer.note is not None else "")
        self._left.show()
        if same:
            self._show_row()
            if not self._take_wanted():
                self._try()
            return
        self._row, self._changed, self._truths = None, {}, {}
        part = self.bar.chosen[0]
        self.bar.show_sample(part, -1)
        if self._take_wanted():
            return
        if part and not (self.form.picture is not None and begins_empty(answer.fields)):
            self._on_row(part, 0)
        else:
            self._try()

    def _on_beside(self, folders: tuple[str, ...]) -> None:
        self._beside = tuple(map(Path, folders))
        self._renew()

    # which sample

    def show_row(self, on: On, row: int) -> None:
        """Take this sample, as another view has it; it is shown as soon as the panel is seen."""
        self._wanted, self._stale = (on, row), True
        if self.isVisible():
            self._renew()

    def _take_wanted(self) -> bool:
        """Ask for the sample that another view has sent here; whether there is one."""
        place, self._wanted = self._wanted, None
        if place is not None:
            self._ask_sample(*place)
        return place is not None

    def _show_row(self) -> None:
        on, row = self._row or (None, -1)
        is_part = on is not None and on.other is None
        self.bar.show_sample(on.part if on is not None and is_part else self.bar.chosen[0], row if is_part else -1)

    def _on_row(self, part: str, row: int) -> None:
        name: PartName = part  # type: ignore[assignment]
        self._ask_sample(On(name), row)

    def _ask_sample(self, on: On, row: int) -> None:
        if self._form_of is None:
            return
        self._evaluations.cancel(self._asking_sample)
        question = ShowSample(0, self._form_of, on, row, _SHOWN)
        self._asking_sample = self._evaluations.ask(
            question, lambda answer: self._on_shown(on, answer), lambda why: self.bar.say(str(why))
        )

    def _on_shown(self, on: On, answer: Answer) -> None:
        if not isinstance(answer, SampleShown):
            return
        self._row, self._changed = (on, answer.row), {}
        self.form.show_values([value for value in answer.values if not value.truth])
        texts = {value.column: truth_text(value) for value in answer.values if value.truth}
        self._truths = truths_of(self._spec, texts)
        self._show_row()
        self.bar.say(answer.name)
        self._try()

    @property
    def _spec(self) -> RunSpec | None:
        chosen = self._evaluations.chosen
        if chosen is not None and chosen.run is not None:
            return chosen.run.spec
        return self._form_of.spec if self._form_of is not None else None

    def _on_back(self) -> None:
        if self._row is not None:
            self._ask_sample(*self._row)

    def _on_inside(self) -> None:
        sample = self.sample()
        if sample is not None:
            self._session.navigation.inside_requested.emit(sample)

    def _on_changed(self, name: str) -> None:
        self._changed[name] = None
        self._try()

    def sample(self) -> OneSample | None:
        """What is to be tried; None while something of it is missing or cannot be read."""
        names = self._changed if self._row is not None else [field.column for field in self.form.fields]
        values: dict[str, GivenValue] = {}
        for name in names:
            value = self.form.value(name)
            if value is None:
                return None
            values[name] = value
        if self._row is None:
            return OneSample(values=values) if values else None
        return OneSample(*self._row, values)

    def _try(self) -> None:
        self._show_state()
        models = tuple(model.trained for model in self._asked if model.trained is not None)
        sample = self.sample()
        self.inside.setEnabled(sample is not None and bool(models))
        if sample is None or not models or self._form_of is None:
            self.predictions.forget()
            self.cards.dim(True)
            if self._begun_empty:
                self.cards.wait(tr("Draw something, or take a sample of the data."))
        else:
            self.predictions.want(models, sample)

    @property
    def _begun_empty(self) -> bool:
        picture = self.form.picture
        return picture is not None and picture.pad.drawing.empty

    def _show_state(self) -> None:
        self.back.setVisible(self._row is not None and bool(self._changed))

    def _on_told(self, tried: SampleTried) -> None:
        truths = {} if self._changed else self._truths
        errors = {str(model.error) if model.error is not None else "" for model in tried.models}
        given = list(self._changed)[-1:]
        if len(errors) == 1 and "" not in errors and given:
            self.form.complain(given[0], errors.pop())  # of the sample, not of a model
            self.cards.dim(True)
            self.cards.wait(tr("This sample cannot be tried."))
        else:
            self.cards.show_tried(tried, truths)

    def _choose_file(self, name: str) -> Path | None:
        title = tr("Open a file for {column}", column=name)
        path = self._chooser.file_to_open(self, title, tr("All files (*)"), self._session.usual_folder)
        if path is not None:
            self._session.visited(path)
        return path

    # what Qt tells

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._renew()
        else:
            self._try()

    def event(self, event: QEvent) -> bool:
        """A picture is pasted wherever the keyboard is in here, not into the graph."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_paste(event):
            event.accept()
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture may be dropped anywhere in here; all else is left to the window."""
        path, mime = dropped_file(event.mimeData()), event.mimeData()
        is_file = path is not None and path.suffix.lower() in _PICTURES
        if self.form.picture is not None and self._left.isVisible() and (is_file or mime.hasImage()):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.form.picture is not None and self.form.picture.take_mime(event.mimeData()):
            event.acceptProposedAction()

    def _is_paste(self, event: QKeyEvent) -> bool:
        return self.form.picture is not None and event.matches(QKeySequence.StandardKey.Paste)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        picture = self.form.picture
        if picture is not None and self._is_paste(event):
            picture.paste_picture()
        else:
            super().keyPressEvent(event)


def begins_empty(fields: tuple[FormField, ...]) -> bool:
    """Whether a person is expected to draw: pictures are small."""
    shapes = [field.shape for field in fields if field.kind in ("image", "mask")]
    return bool(shapes) and all(size is not None and size <= _DRAWN_EDGE for shape in shapes for size in shape[:2])


def truth_text(value: ShownValue) -> str:
    """What is trained with, and what the data has where that is another number."""
    raw = value.value.number if value.value is not None else None
    if raw is None or read_number(value.text) in (None, raw):
        return value.text
    return tr("{truth} ({raw} before its steps)", truth=value.text, raw=written(raw))


def truths_of(spec: RunSpec | None, texts: dict[str, str]) -> dict[str, str]:
    """What the data says of each output, by its name."""
    if spec is None:
        return {}
    found: dict[str, str] = {}
    for output in spec.training.outputs:
        binding = spec.binding(output.name)
        known = [texts[name] for name in binding.columns if name in texts] if binding is not None else []
        if known:
            found[output.name] = ", ".join(known)
    return found
