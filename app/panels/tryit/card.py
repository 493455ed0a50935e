"""One model's card: what each of its outputs says of the sample, what it sees of it, or why it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.look.theme_source import ThemeSource
from app.panels.data.parts.pictures import image_of
from app.panels.plots.formats import value_text
from app.panels.tryit.bars import Bars
from app.panels.widgets.chips import Flow
from app.panels.widgets.fields import hint
from graph_editor.words.letting_go import let_go
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.looking import Thumbnail
from runtime.messages.trying import ModelTried, OutputTried

_SEEN, _PICTURE = 96, 180
_MOST_NUMBERS: Final = 24
_BARS: Final = ("binary", "classes", "labels")


class PictureView(QWidget):
    """A small picture, pixel by pixel where it is enlarged."""

    def __init__(self, edge: int, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: Thumbnail | None = None
        self._edge = edge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.follow(self._on_theme)

    def show_picture(self, picture: Thumbnail) -> None:
        self.picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def _on_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        image = image_of(self.picture)
        size = image.size().scaled(self.size() - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRect(1, 1, size.width(), size.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, image.width() > area.width())
        painter.drawImage(area, image)
        painter.setPen(QColor(self._theme.color("line")))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))


class OutputView(QWidget):
    """What one output says, in whatever form suits it."""

    def __init__(self, look: ThemeSource, titled: bool) -> None:
        super().__init__()
        self.title = PlainLabel()
        self.title.setProperty("role", "dim")
        self.title.setVisible(titled)
        self.bars = Bars(look)
        self.bars.setObjectName("try_bars")
        self.words = PlainLabel()
        self.words.setProperty("part", "big_number")
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.picture = PictureView(_PICTURE, look)
        self.truth = hint("")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for widget in (self.title, self.bars, self.words, self.picture, self.truth):
            rows.addWidget(widget)

    def show_output(self, output: OutputTried, truth: str) -> None:
        as_bars = output.kind in _BARS and bool(output.names)
        self.title.setText(shown_name(output.title))
        set_spoken_name(self.bars, shown_name(output.title))
        self.bars.setVisible(as_bars)
        self.picture.setVisible(output.picture is not None)
        if as_bars:
            self.bars.show_values(output.names, output.values, truth, several=output.kind == "labels")
        if output.picture is not None:
            self.picture.show_picture(output.picture)
        words = "" if as_bars or output.picture is not None else _in_words(output)
        self.words.setText(words)
        self.words.setVisible(bool(words))
        in_bars = as_bars and truth in self.bars.names
        self.truth.setText(tr("The data says: {truth}", truth=truth) if truth and not in_bars else "")
        self.truth.setVisible(bool(self.truth.text()))


def _in_words(output: OutputTried) -> str:
    if output.text:
        return output.text
    numbers = [value_text(value) for value in output.values[:_MOST_NUMBERS]]
    if len(output.names) == len(output.values) > 1:
        numbers = [f"{name}: {number}" for name, number in zip(output.names, numbers, strict=False)]
        text = "\n".join(numbers)
    else:
        text = "  ".join(numbers)
    more = len(output.values) - len(numbers)
    return f"{text} " + tr("and {count} more", count=f"{more:,}") if more else text


class ModelCard(QFrame):
    """`show_tried` shows an answer; what stands here is dimmed while the sample has become another one."""

    def __init__(self, look: ThemeSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("try_card")
        self.setProperty("role", "card")
        self._look = look
        self.title = PlainLabel()
        self.title.setProperty("role", "strong")
        self.time = PlainLabel()
        self.time.setProperty("role", "small")
        self.error: QLabel = hint("", "try_error")
        self.error.setProperty("part", "reason")
        self.hint = hint("", "try_hint")
        self.outputs: list[OutputView] = []
        self._seen: list[tuple[QWidget, QLabel, PictureView]] = []
        self._holder, self._seen_holder = QWidget(), QWidget()
        self._output_rows = QVBoxLayout(self._holder)
        self._output_rows.setContentsMargins(0, 0, 0, 0)
        self._output_rows.setSpacing(12)
        self._seen_row = Flow(self._seen_holder, 10)
        self._seen_title = PlainLabel(tr("What the model sees"))
        self._seen_title.setProperty("role", "dim")
        head = QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 11, 14, 13)
        rows.setSpacing(9)
        rows.addLayout(head)
        head.addWidget(self.title, 1)
        head.addWidget(self.time)
        for widget in (self.error, self.hint, self._holder, self._seen_title, self._seen_holder):
            rows.addWidget(widget)
        rows.addStretch(1)
        self.wait("")

    def name(self, title: str) -> None:
        self.title.setText(title)
        set_spoken_name(self, title)

    def wait(self, text: str) -> None:
        """Nothing is said yet, and why."""
        self._show_text(self.error, "")
        self._show_text(self.hint, text)
        self._holder.hide()
        self._show_seen(())
        self.time.setText("")

    def refuse(self, reason: str) -> None:
        """It says nothing of any sample."""
        self.wait("")
        self._show_text(self.error, reason)
        set_spoken_description(self, reason)

    def dim(self, dimmed: bool) -> None:
        self._holder.setEnabled(not dimmed)
        self._seen_holder.setEnabled(not dimmed)

    def show_tried(self, tried: ModelTried, truths: Mapping[str, str]) -> None:
        """`truths` are what the data says, by output."""
        error = tried.error
        self._show_text(self.error, str(error) if error is not None else "")
        self._show_text(self.hint, "")
        self._holder.setVisible(error is None)
        self.time.setText("" if error is not None else tr("{time} ms", time=f"{tried.milliseconds:.0f}"))
        self._show_seen(tried.seen)
        if error is not None:
            set_spoken_description(self, str(error))
            return
        while len(self.outputs) > len(tried.outputs):
            let_go(self.outputs.pop())
        while len(self.outputs) < len(tried.outputs):
            self.outputs.append(OutputView(self._look, True))
            self._output_rows.addWidget(self.outputs[-1])
        for view, output in zip(self.outputs, tried.outputs, strict=True):
            view.show_output(output, truths.get(output.output, ""))
        self.outputs[0].title.setVisible(len(tried.outputs) > 1) if self.outputs else None
        set_spoken_description(self, "; ".join(_spoken(output) for output in tried.outputs))

    @staticmethod
    def _show_text(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_seen(self, seen: tuple[tuple[str, Thumbnail], ...]) -> None:
        while len(self._seen) > len(seen):
            let_go(self._seen.pop()[0])
        while len(self._seen) < len(seen):
            box, label, view = QWidget(), hint(""), PictureView(_SEEN, self._look)
            view.setObjectName("try_seen")
            rows = QVBoxLayout(box)
            rows.setContentsMargins(0, 0, 0, 0)
            rows.setSpacing(2)
            rows.addWidget(view)
            rows.addWidget(label)
            self._seen_row.addWidget(box)
            self._seen.append((box, label, view))
        for (_box, label, view), (name, picture) in zip(self._seen, seen, strict=True):
            label.setText(shown_name(name))
            label.setVisible(len(seen) > 1)
            view.show_picture(picture)
            set_spoken_name(view, tr("What the model sees: {input}", input=name))
        self._seen_title.setVisible(bool(seen))
        self._seen_holder.setVisible(bool(seen))


def _spoken(output: OutputTried) -> str:
    if output.names and output.kind in _BARS:
        return f"{shown_name(output.title)}: {shown_name(output.names[0])}, {output.values[0]:.2f}"
    return f"{shown_name(output.title)}: {_in_words(output)}"
