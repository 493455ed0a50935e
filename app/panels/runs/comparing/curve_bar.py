"""The strip above curves that are compared: what x is, and how far they are smoothed, for all plots at once."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QRadioButton, QSlider, QWidget

from app.panels.plots.lines import DEFAULT_SMOOTHING
from app.panels.plots.run_curves import By, RunCurves
from app.panels.widgets.fields import hint
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.text import tr

_STEPS = 100


class CurveBar(QFrame):
    """`changed` carries what x is, and the factor of the moving average."""

    changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("curve_bar")
        self._group = QButtonGroup(self)
        self._timeless: list[str] = []
        self.choices: dict[By, QRadioButton] = {
            "step": QRadioButton(tr("By step")),
            "epoch": QRadioButton(tr("By epoch")),
            "time": QRadioButton(tr("By time")),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 0)
        row.setSpacing(12)
        for by, choice in self.choices.items():
            choice.setObjectName(f"curves_by_{by}")
            set_spoken_name(choice, choice.text())
            self._group.addButton(choice)
            row.addWidget(choice)
        self.choices["step"].setChecked(True)
        label = PlainLabel(tr("Smoothing"))
        label.setProperty("role", "dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("curves_smoothing")
        self.slider.setRange(0, _STEPS - 1)
        self.slider.setValue(round(DEFAULT_SMOOTHING * _STEPS))
        self.slider.setMaximumWidth(220)
        text = tr("An exponential moving average without the pull to zero at its beginning, as TensorBoard has it")
        set_spoken_name(self.slider, tr("Smoothing of all curves"))
        set_tooltip(self.slider, text)
        self.factor = PlainLabel()
        self.factor.setProperty("role", "mono")
        self.note = hint("", "curves_note")
        row.addSpacing(10)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.factor)
        row.addWidget(self.note, 2)
        self._show()
        for choice in self.choices.values():
            choice.toggled.connect(lambda on: self._on_changed() if on else None)
        self.slider.valueChanged.connect(lambda _value: self._on_changed())

    @property
    def by(self) -> By:
        return next(by for by, choice in self.choices.items() if choice.isChecked())

    @property
    def smoothing(self) -> float:
        return self.slider.value() / _STEPS

    def show_runs(self, runs: Sequence[RunCurves]) -> None:
        """It is there for several runs; one says by itself how it is shown."""
        self.setVisible(len(runs) > 1)
        self._timeless = [run.title for run in runs if not run.knows_time]
        self._show()

    def _show(self) -> None:
        missing = ", ".join(self._timeless) if self.by == "time" else ""
        self.note.setText(tr("Not shown, since their times are not known: {runs}", runs=missing) if missing else "")
        self.factor.setText(f"{self.smoothing:.2f}")

    def _on_changed(self) -> None:
        self._show()
        self.changed.emit(self.by, self.smoothing)
