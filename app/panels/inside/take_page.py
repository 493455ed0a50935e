"""Taking away what comes out of a box: for all samples as a file, or the part of the model up to there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from app.panels.inside.looking import LookingInside
from app.panels.inside.page import Page
from app.panels.inside.sample_card import PARTS, offer_parts
from app.panels.inside.shown import shape_words
from app.panels.plots.formats import count_text
from app.panels.widgets.chips import Chips
from app.panels.widgets.fields import button, heading
from app.panels.widgets.sentence import sentence
from app.project.choosers import Chooser
from app.project.saving import ask_where
from app.project.session import Session
from resources.text import Text, tr
from runtime.messages.inside import CallAt, CutModel, ExtractFeatures, FeaturesExtracted, ModelCut
from runtime.messages.trained import On, PartName

FORMATS: Final[tuple[tuple[str, Text], ...]] = (
    ("h5", Text("HDF5")),
    ("npz", Text("NPZ")),
    ("parquet", Text("Parquet")),
)


class TakePage(Page):
    def __init__(
        self, inside: LookingInside, session: Session, chooser: Chooser, parent: QWidget | None = None
    ) -> None:
        super().__init__("inside_take", inside, parent)
        self._session, self._chooser = session, chooser
        everything = ("all", tr("all"), tr("Every sample of the data"))
        self.part = Chips("inside_take_part", tr("Part of the data"))
        self.part.show_entries([*((key, str(title), "") for key, title in PARTS), everything])
        self.part.show_key("validation")
        self.format = Chips("inside_take_format", tr("Format"))
        self.format.show_entries([(key, str(title), f".{key}") for key, title in FORMATS])
        self.format.show_key("h5")
        self.save = button(tr("Save the features…"), "inside_take_save", "primary")
        self.cut = button(tr("Save the part up to here…"), "inside_take_cut")
        self.told = sentence("", "inside_take_told", selectable=True)
        self.told.hide()
        self.rows.addWidget(heading(tr("Features")))
        what = tr("What comes out of this box for every sample of a part, as one file: features for another model.")
        self.rows.addWidget(sentence(what, "inside_take_what"))
        for widget in (self.part, self.format, self.save):
            self.rows.addWidget(widget)
        self.rows.addSpacing(8)
        self.rows.addWidget(heading(tr("Part of the model")))
        what = tr("A Keras model (.keras) from the inputs to this box, with its weights: its intermediate output.")
        self.rows.addWidget(sentence(what, "inside_cut_what"))
        self.rows.addWidget(self.cut)
        self.add_waiting(self.save, self.cut)
        self.rows.addWidget(self.told)
        self.rows.addStretch(1)
        self.save.clicked.connect(self._on_save)
        self.cut.clicked.connect(self._on_cut)
        self.question.busy_changed.connect(self._on_busy)
        inside.parts_changed.connect(lambda: offer_parts(self.part, inside.parts))
        offer_parts(self.part, inside.parts)

    def show_call(self, call: CallAt | None) -> None:
        """What goes on goes on: it is about the box that it was asked for."""
        if call != self.call:
            self.told.hide()
            self.trouble.hide()
        super().show_call(call)
        self._on_busy(self.question.busy)

    def _on_busy(self, busy: bool) -> None:
        for widget in (self.save, self.cut):
            widget.setEnabled(self.call is not None and not busy)
        if busy:
            self.told.hide()

    def _where(self, title: str, kind: str, stem: str, suffix: str) -> Path | None:
        proposal = self._session.usual_folder / f"{stem}{suffix}"
        kinds = f"{kind} (*{suffix})"
        return ask_where(self._chooser, self.window(), title, kinds, proposal, suffix, self._session.refuse_to_replace)

    def _on_save(self) -> None:
        call, trained = self.call, self.inside.trained()
        if call is None or trained is None:
            return
        kind = next(str(title) for key, title in FORMATS if key == self.format.key)
        path = self._where(tr("Save the features"), kind, f"{self._session.name}-{call.layer}", f".{self.format.key}")
        if path is None:
            return
        part: PartName = next((part for part, _ in PARTS if part == self.part.key), "all")
        message = ExtractFeatures(0, trained, On(part), call, str(path))
        self.question.ask(message, FeaturesExtracted, self._on_extracted)

    def _on_extracted(self, answer: FeaturesExtracted) -> None:
        name, count = Path(answer.path).name, count_text(answer.samples)
        shape = shape_words(answer.shape)
        self._tell(tr("{file} has {count} samples, each {shape}.", file=name, count=count, shape=shape))

    def _on_cut(self) -> None:
        call, trained = self.call, self.inside.trained()
        if call is None or trained is None:
            return
        path = self._where(tr("Save the part of the model"), "Keras", f"{self._session.name}-{call.layer}", ".keras")
        if path is not None:
            self.question.ask(CutModel(0, trained, call, str(path)), ModelCut, self._on_model_cut)

    def _on_model_cut(self, answer: ModelCut) -> None:
        name, count = Path(answer.path).name, count_text(answer.parameters)
        self._tell(tr("{file} has {count} parameters.", file=name, count=count))

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self.told.show()
        self._session.notify(text, "ok")
