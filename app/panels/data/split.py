"""Which part of the samples validates, and whether those that train are shuffled."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.state import Split, split
from app.panels.plots.formats import count_text
from app.panels.widgets.fields import column, heading, hint
from graph_editor.editors.parts.toggle_switch import ToggleSwitch
from graph_editor.words.plain_label import PlainLabel
from resources.text import tr
from resources.training.settings.shuffle import SETTING as SHUFFLE

_MOST = 90


class SplitBar(QWidget):
    """The samples in a row: those that train, then those that validate."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        look.changed.connect(self._on_theme)
        self._share = 0.8
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        gap = 3 if 0 < self._share < 1 else 0
        first = (self.width() - gap) * self._share
        for left, width, token in ((0.0, first, "plot.1"), (first + gap, self.width() - gap - first, "plot.2")):
            painter.setBrush(QColor(self._look.theme.color(token)))
            painter.drawRoundedRect(QRectF(left, 0, width, self.height()), 3, 3)


class PercentBox(QDoubleSpinBox):
    """Writes no decimals where there are none."""

    def textFromValue(self, value: float) -> str:
        return f"{value:g}"


class SplitForm(QWidget):
    """Slider and number for the validation part, switch for shuffling."""

    percent_changed = Signal(float)
    shuffle_changed = Signal(bool)

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("validation_slider")
        self.slider.setAccessibleName(tr("Validation part in percent"))
        self.slider.setRange(0, _MOST)
        self.spin = PercentBox()
        self.spin.setObjectName("validation_percent")
        self.spin.setAccessibleName(tr("Validation part in percent"))
        self.spin.setRange(0, 99)
        self.spin.setDecimals(1)
        self.spin.setSuffix(" %")
        self.spin.setPrefix(tr("the last") + " ")
        self.spin.setKeyboardTracking(False)
        self.spin.setFixedWidth(146)
        self.bar = SplitBar(look)
        self.training = PlainLabel()
        self.training.setObjectName("training_samples")
        self.validation = PlainLabel()
        self.validation.setObjectName("validation_samples")
        self.shuffle = ToggleSwitch()
        self.shuffle.setObjectName("shuffle")
        self.shuffle.setAccessibleName(tr("Shuffle the training samples before every epoch"))
        self._lay_out()
        self.slider.valueChanged.connect(self._on_slider)
        self.spin.valueChanged.connect(self._on_spin)
        self.shuffle.clicked.connect(self.shuffle_changed)

    def show_values(self, percent: float, shuffle: bool, samples: int) -> None:
        for control in (self.slider, self.spin):
            control.blockSignals(True)
        self.slider.setValue(round(percent))
        self.spin.setValue(percent)
        for control in (self.slider, self.spin):
            control.blockSignals(False)
        self.shuffle.setChecked(shuffle)
        parts: Split = split(samples, percent)
        self.bar.show_share(1 - percent / 100)
        self.training.setText(tr("{count} samples train", count=count_text(parts.training)) if samples else "")
        self.validation.setText(tr("{count} validate", count=count_text(parts.validation)) if samples else "")

    def _lay_out(self) -> None:
        rows = column(self, spacing=8)
        rows.addWidget(heading(tr("Validation")))
        numbers = QHBoxLayout()
        rows.addLayout(numbers)
        numbers.addWidget(self.slider, 1)
        numbers.addWidget(self.spin)
        rows.addWidget(self.bar)
        counts = QGridLayout()
        rows.addLayout(counts)
        counts.addWidget(self.training, 0, 0)
        counts.addWidget(self.validation, 0, 1, Qt.AlignmentFlag.AlignRight)
        rows.addWidget(
            hint(
                tr(
                    "Keras takes the last part of the samples, before shuffling. Data that is sorted by class should be"
                    " mixed in the file first."
                )
            )
        )
        shuffling = QHBoxLayout()
        label = PlainLabel(tr("Shuffle before every epoch"))
        label.setBuddy(self.shuffle)
        rows.addLayout(shuffling)
        shuffling.addWidget(label, 1)
        shuffling.addWidget(self.shuffle)
        rows.addWidget(hint(str(SHUFFLE.help)))

    def _on_slider(self, value: int) -> None:
        self.percent_changed.emit(float(value))

    def _on_spin(self, value: float) -> None:
        self.percent_changed.emit(value)
