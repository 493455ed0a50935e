"""The small window in which one plot is told how to show its lines."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.panels.plots.lines import PlotOptions
from graph_editor.words.attaching import attached
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import tr

_STEPS = 100


def options_text(options: PlotOptions, held: bool = False) -> str:
    """The options in words, for the line beside the plot's name. `held`: values stay until they are changed."""
    if held:
        text = {"epoch": tr("By epoch"), "step": tr("By step"), "time": tr("By time")}[options.by]
    elif options.by == "epoch" and options.everywhere and options.smoothing:
        text = tr("every epoch, smoothed {factor}", factor=f"{options.smoothing:g}")
    elif options.by == "epoch":
        text = tr("every epoch")
    elif options.by == "time" and options.smoothing:
        text = tr("by time, smoothed {factor}", factor=f"{options.smoothing:g}")
    elif options.by == "time":
        text = tr("by time")
    elif options.smoothing:
        text = tr("every step, smoothed {factor}", factor=f"{options.smoothing:g}")
    else:
        text = tr("every step")
    return tr("{options}, logarithmic", options=text) if options.log else text


class OptionsPopup(QFrame):
    """Radio buttons for the x axis, a slider for smoothing, switches. Emits the new options at once."""

    options_changed = Signal(object)  # PlotOptions
    apply_to_all_requested = Signal(object)  # PlotOptions

    def __init__(self, options: PlotOptions, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("plot_options")
        self.setAccessibleName(tr("How this plot is shown"))
        self._options = options
        self._by_step = QRadioButton(tr("By step"))
        self._by_epoch = QRadioButton(tr("By epoch"))
        self._by_time = QRadioButton(tr("By time"))
        self._by_step.setObjectName("by_step")
        self._by_epoch.setObjectName("by_epoch")
        self._by_time.setObjectName("by_time")
        self._group = QButtonGroup(self)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("smoothing")
        self._slider.setRange(0, _STEPS - 1)
        self._slider.setMinimumWidth(150)
        self._slider.setAccessibleName(tr("Smoothing"))
        self._factor = PlainLabel()
        self._factor.setProperty("role", "mono")
        self._log = QCheckBox(tr("Logarithmic scale"))
        self._log.setObjectName("log_scale")
        self._earlier = QCheckBox(tr("Earlier runs behind it"))
        self._earlier.setObjectName("earlier_runs")
        self._all = QPushButton(tr("Use for all plots"))
        self._all.setObjectName("use_for_all")
        self._build()
        self._show()
        for choice in (self._by_step, self._by_epoch, self._by_time):
            choice.toggled.connect(self._on_changed)
        self._slider.valueChanged.connect(self._on_changed)
        self._log.toggled.connect(self._on_changed)
        self._earlier.toggled.connect(self._on_changed)
        self._all.clicked.connect(lambda: self.apply_to_all_requested.emit(self._options))

    def _build(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(10)
        switch = attached(rows, QHBoxLayout())
        for button in (self._by_step, self._by_epoch, self._by_time):
            self._group.addButton(button)
            set_spoken_name(button, button.text())
            switch.addWidget(button)
        smoothing = QGridLayout()
        label = PlainLabel(tr("Smoothing"))
        label.setProperty("role", "dim")
        rows.addLayout(smoothing)
        smoothing.addWidget(label, 0, 0)
        smoothing.addWidget(self._slider, 0, 1)
        smoothing.addWidget(self._factor, 0, 2)
        for box in (self._log, self._earlier, self._all):
            set_spoken_name(box, box.text())
            rows.addWidget(box)

    def _show(self) -> None:
        {"step": self._by_step, "epoch": self._by_epoch, "time": self._by_time}[self._options.by].setChecked(True)
        self._slider.setValue(round(self._options.smoothing * _STEPS))
        self._log.setChecked(self._options.log)
        self._earlier.setChecked(self._options.earlier)
        self._refresh()

    def _refresh(self) -> None:
        self._slider.setEnabled(self._options.by != "epoch" or self._options.everywhere)
        self._factor.setText(f"{self._options.smoothing:.2f}")

    def _on_changed(self, _value: object) -> None:
        self._options = replace(
            self._options,
            by="step" if self._by_step.isChecked() else "time" if self._by_time.isChecked() else "epoch",
            smoothing=self._slider.value() / _STEPS,
            log=self._log.isChecked(),
            earlier=self._earlier.isChecked(),
        )
        self._refresh()
        self.options_changed.emit(self._options)
