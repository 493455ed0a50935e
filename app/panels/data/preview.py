"""The first samples of every column: pictures as pictures, categories with their names, numbers as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QScrollArea, QWidget

from app.panels.plots.formats import value_text
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_name
from graph_editor.words.tooltips import set_tooltip
from resources.plain import shown_name
from resources.text import tr
from runtime.protocol import Column, ColumnPreview

SAMPLES = 12
MOST_COLUMNS = 24
PICTURE = 56
_FEW = 3

Array = NDArray[np.generic]


class PreviewStrip(QScrollArea):
    """A row a column, a place a sample. `cells(name)` gives what stands in a row, for tests and readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("data_preview")
        self.setAccessibleName(tr("First samples"))
        self.setWidgetResizable(True)
        self._cells: dict[str, list[QLabel]] = {}
        self.show_previews((), {})

    def show_previews(self, previews: Sequence[ColumnPreview], columns: Mapping[str, Column]) -> None:
        inner = QWidget()
        inner.setProperty("part", "form")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 4)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        self._cells = {}
        for row, preview in enumerate(previews):
            name = PlainLabel(shown_name(preview.name))
            name.setProperty("part", "field")
            name.setMaximumWidth(150)
            grid.addWidget(name, row, 0)
            cells = _cells(preview, columns.get(preview.name))
            for place, cell in enumerate(cells):
                set_spoken_name(cell, f"{preview.name} {place + 1}: {cell.text() or tr('picture')}")
                grid.addWidget(cell, row, place + 1, Qt.AlignmentFlag.AlignCenter)
            self._cells[preview.name] = cells
        grid.setColumnStretch(SAMPLES + 2, 1)
        grid.setRowStretch(len(previews), 1)
        self.setWidget(inner)

    def cells(self, name: str) -> list[QLabel]:
        return list(self._cells.get(name, ()))


def _cells(preview: ColumnPreview, column: Column | None) -> list[QLabel]:
    if preview.kind == "text" or preview.texts:
        return [_text(text) for text in preview.texts]
    samples = read_samples(preview)
    if preview.kind == "image" and is_picture(preview.shape):
        low, high = float(np.nanmin(samples)), float(np.nanmax(samples))
        if column is not None and column.minimum is not None and column.maximum is not None:
            low, high = column.minimum, column.maximum
        return [_picture(sample, low, high) for sample in samples]
    categories = column.categories if column is not None else ()
    return [_text(sample_text(sample, categories)) for sample in samples]


def read_samples(preview: ColumnPreview) -> Array:
    """The values as an array of shape (count, *shape)."""
    dtype = np.dtype(preview.dtype).newbyteorder("<")
    return np.frombuffer(preview.data, dtype=dtype).reshape(preview.count, *preview.shape)


def is_picture(shape: Sequence[int]) -> bool:
    return len(shape) == 2 or (len(shape) == 3 and shape[-1] in (1, 3, 4))


def sample_text(sample: Array, categories: Sequence[str]) -> str:
    """A number, the name of a category, or the beginning of a vector."""
    flat = np.asarray(sample).reshape(-1)
    if flat.size == 1:
        value = float(flat[0])
        if categories and value.is_integer() and 0 <= value < len(categories):
            return categories[int(value)]
        return f"{int(value)}" if value.is_integer() and abs(value) < 1e15 else value_text(value)
    shown = ", ".join(sample_text(value, ()) for value in flat[:_FEW])
    return f"{shown}, …" if flat.size > _FEW else shown


def picture(sample: Array, low: float, high: float) -> QImage:
    """A picture of (height, width), (height, width, 1), of three colours or of four, from values in [low, high]."""
    values = np.asarray(sample, dtype=np.float64)
    if values.ndim == 3 and values.shape[-1] == 1:
        values = values[..., 0]
    span = high - low if high > low else 1.0
    pixels = np.clip(np.nan_to_num((values - low) / span) * 255, 0, 255).astype(np.uint8)
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    formats = {3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
    kind = QImage.Format.Format_Grayscale8 if pixels.ndim == 2 else formats[pixels.shape[2]]
    return QImage(pixels.tobytes(), width, height, pixels.strides[0], kind).copy()


def _picture(sample: Array, low: float, high: float) -> QLabel:
    label = PlainLabel()
    image = picture(sample, low, high)
    smooth = max(image.width(), image.height()) > PICTURE
    mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
    pixmap = QPixmap.fromImage(image).scaled(PICTURE, PICTURE, Qt.AspectRatioMode.KeepAspectRatio, mode)
    label.setPixmap(pixmap)
    set_tooltip(label, f"{image.width()} × {image.height()}")
    return label


def _text(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("part", "figure")
    return label
