"""The strip above Train: buttons, progress, speed, time left."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from app.engine.run_controller import RunPhase
from app.look.icons import icon
from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.plots.formats import count_text, duration_text
from app.panels.run_parts.progress import Progress
from app.panels.widgets.fields import button
from graph_editor.words.markup import MarkedLabel, bold, marked, without_marks
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.text import Text, tr

_REFRESH_MS = 100
_RESOLUTION = 1000
_NARROW = 860


class RunBar(QFrame):
    """`show_phase` decides which buttons there are; `show_progress` may be called as often as events come."""

    train_requested = Signal()
    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_bar")
        self.train = button(tr("Train"), "train_button", "primary", tr("Train the model as it is now"))
        self.pause = button(tr("Pause"), "pause_button", "", tr("Wait before the next batch"))
        self.resume = button(tr("Resume"), "resume_button", "primary", tr("Go on where it waits"))
        self.stop = button(tr("Stop"), "stop_button", "danger", tr("End after this batch and keep the model"))
        self.epoch = MarkedLabel()
        self.epoch.setObjectName("epoch_label")
        self.bar = QProgressBar()
        self.bar.setObjectName("train_progress")
        self.bar.setAccessibleName(tr("Progress of training"))
        self.bar.setRange(0, _RESOLUTION)
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(60)
        self.step = _figure("step_label", "figure")
        self.speed = _figure("speed_label", "figure_dim")
        self._progress = Progress()
        self._phase: RunPhase | None = None
        self._dirty = False
        self._timer = QTimer(self)
        self._timer.setInterval(_REFRESH_MS)
        self._timer.timeout.connect(self._on_tick)
        self._lay_out()
        look.follow(self._on_theme)
        self.train.clicked.connect(self.train_requested)
        self.pause.clicked.connect(self.pause_requested)
        self.resume.clicked.connect(self.resume_requested)
        self.stop.clicked.connect(self.stop_requested)
        self.show_phase(None)

    def _on_theme(self, theme: Theme) -> None:
        for widget, name, token in (
            (self.train, "play", "accent.ink"),
            (self.resume, "play", "accent.ink"),
            (self.pause, "pause", "text"),
            (self.stop, "stop", "error.text"),
        ):
            widget.setIcon(icon(name, theme.color(token), 14))
            widget.setIconSize(QSize(14, 14))

    def show_phase(self, phase: RunPhase | None) -> None:
        """None: there was no run yet."""
        self._phase = phase
        idle = phase in (None, "ended")
        self.train.setVisible(idle)
        self.pause.setVisible(phase in ("starting", "running", "stopping"))
        self.pause.setEnabled(phase == "running")
        self.resume.setVisible(phase == "paused")
        self.stop.setVisible(not idle)
        self.stop.setEnabled(phase in ("starting", "running", "paused"))
        _say(self.stop, tr("Stopping…") if phase == "stopping" else tr("Stop"))
        self.refresh()

    def show_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._dirty = True
        if not self._timer.isActive():
            self.refresh()

    def refresh(self) -> None:
        """Write the figures now."""
        self._dirty = False
        now = self._progress
        self.epoch.setText(self._epoch_text(now))
        set_spoken_name(self.epoch, without_marks(self._epoch_text(now)))
        self.bar.setValue(round(now.share * _RESOLUTION))
        steps = tr("step {step} / {total}", step=count_text(now.step), total=count_text(now.total_steps))
        self.step.setText(steps if now.total_steps else "")
        self.speed.setText(self._speed_text(now))
        self.step.setVisible(bool(self.step.text()) and self.width() >= _NARROW)
        self.speed.setVisible(bool(self.speed.text()))
        for label in (self.step, self.speed):
            set_spoken_name(label, label.text())

    def _epoch_text(self, now: Progress) -> str:
        if self._phase is None:
            return tr("Not trained yet")
        if self._phase == "starting":
            return tr("Starting the trainer…")
        if not now.epochs:
            return tr("No epoch yet")
        return marked(Text("Epoch {epoch} of {epochs}", {"epoch": bold(str(now.epoch)), "epochs": now.epochs}))

    def _speed_text(self, now: Progress) -> str:
        if self._phase == "paused":
            return tr("paused")
        if self._phase not in ("running", "stopping") or now.samples_a_second is None:
            return ""
        speed = tr("{count} samples/s", count=count_text(now.samples_a_second))
        if now.seconds_left is None or self._phase == "stopping":
            return speed
        return f"{speed} · {tr('{time} left', time=duration_text(now.seconds_left))}"

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(12)
        for widget in (self.train, self.pause, self.resume, self.stop, self.epoch):
            row.addWidget(widget)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.step)
        row.addWidget(self.speed)

    def _on_tick(self) -> None:
        if self._dirty:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.step.setVisible(bool(self.step.text()) and self.width() >= _NARROW)


def _figure(name: str, look: str) -> QLabel:
    label = PlainLabel()
    label.setObjectName(name)
    label.setProperty("part", look)
    return label


def _say(widget: QPushButton, text: str) -> None:
    widget.setText(text)
    set_spoken_name(widget, text)
