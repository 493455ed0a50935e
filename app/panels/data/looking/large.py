"""One picture of the data, large, with its size and where it comes from; arrows go to its neighbours."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.engine.engine_link import EngineLink
from app.panels.data.parts.pictures import image_of
from app.panels.data.parts.words import sample_text, shape_text
from app.panels.widgets.fields import button
from app.project.data_look.asking import Asking
from app.project.data_look.cells import cells_of
from graph_editor.words.literal import window_title
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from resources.plain import shown_name
from resources.text import tr
from runtime.messages.connection import Failed
from runtime.messages.describing import Column
from runtime.messages.looking import ColumnPreview, DataPreviewed, PreviewData
from runtime.messages.protocol import Answer
from runtime.spec import DataSpec

_EDGE = 1024
_SIZE = QSize(620, 640)


class LargePicture(QDialog):
    """`show_sample` shows another one. `label` is a column whose value is told with each, or nothing."""

    def __init__(
        self, engine: EngineLink, data: DataSpec, column: Column, label: Column | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("large_picture")
        self.setWindowTitle(window_title(shown_name(column.name)))
        set_spoken_name(self, tr("Picture"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asking = Asking(engine)
        self._data, self._column, self._label = data, column, label
        self.row = 0
        self._pixmap = QPixmap()
        self._picture = PlainLabel()
        self._picture.setObjectName("large_picture_view")
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setMinimumSize(200, 200)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.caption = PlainLabel()
        self.caption.setObjectName("large_picture_caption")
        self.caption.setWordWrap(True)
        self.place = PlainLabel()
        self.place.setObjectName("large_picture_place")
        self.place.setProperty("part", "hint")
        self.place.setWordWrap(True)
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        before = button("‹", "large_picture_before", "", tr("The one before (left arrow)"))
        after = button("›", "large_picture_after", "", tr("The next one (right arrow)"))
        set_spoken_name(before, tr("The one before (left arrow)"))
        set_spoken_name(after, tr("The next one (right arrow)"))
        before.clicked.connect(lambda: self.show_sample(self.row - 1))
        after.clicked.connect(lambda: self.show_sample(self.row + 1))
        rows, foot, words = QVBoxLayout(self), QHBoxLayout(), QVBoxLayout()
        rows.setContentsMargins(16, 16, 16, 14)
        rows.addWidget(self._picture, 1)
        rows.addLayout(foot)
        foot.addWidget(before)
        foot.addLayout(words, 1)
        foot.addWidget(after)
        for label_widget in (self.caption, self.place):
            label_widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            words.addWidget(label_widget)
        self.resize(_SIZE)
        self._picture.setFocus()

    def show_sample(self, row: int) -> None:
        self.row = max(0, min(row, self._column.samples - 1))
        names = (self._column.name,) if self._label is None else (self._column.name, self._label.name)
        self._asking.forget()
        message = PreviewData(0, self._data, names, rows=(self.row,), thumbnails=_EDGE)
        self._asking.ask(self.row, message, self._on_answer)

    def _on_answer(self, answer: Answer) -> None:
        if isinstance(answer, Failed):
            self._say(str(answer.error), "")
        elif isinstance(answer, DataPreviewed):
            previews = {preview.name: preview for preview in answer.columns}
            if self._column.name in previews:
                label = self._label.name if self._label is not None else ""
                self._show(previews[self._column.name], previews.get(label))

    def _show(self, preview: ColumnPreview, label: ColumnPreview | None) -> None:
        picture = preview.pictures[0] if preview.pictures else None
        self._pixmap = QPixmap.fromImage(image_of(picture)) if picture is not None else QPixmap()
        parts = [sample_text(self.row, self._column.samples)]
        if label is not None:
            parts += [shown_name(cell.text) for cell in cells_of(label, self._label)[:1]]
        if picture is not None:
            parts.append(shape_text((picture.height, picture.width, picture.channels)))
        reason = preview.unreadable.get(0)
        place = str(preview.places[0]) if preview.places else ""
        self._say(" · ".join(filter(None, parts)), str(reason) if reason is not None else place)

    def _say(self, caption: str, place: str) -> None:
        self.caption.setText(caption)
        set_spoken_name(self, caption)
        self.place.setText(place)
        self._fit()

    def _fit(self) -> None:
        if self._pixmap.isNull():
            self._picture.clear()
            return
        room = self._picture.size()
        larger = self._pixmap.width() < room.width() and self._pixmap.height() < room.height()
        smooth = Qt.TransformationMode.SmoothTransformation
        mode = Qt.TransformationMode.FastTransformation if larger else smooth
        self._picture.setPixmap(self._pixmap.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, mode))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        if Qt.Key(event.key()) in steps:
            self.show_sample(self.row + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)
