"""A new project from a template: cards with a small picture of each model."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.dialogs.frame import Frame
from app.templates import TEMPLATES, Template
from app.theme import Theme
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from resources.text import tr

CARD_SIZE = QSize(236, 196)
PICTURE_HEIGHT = 96
COLUMNS = 3
BOX = (172.0, 50.0)


class NewProjectDialog(Frame):
    """After `exec`, `document` is what was chosen, or None."""

    def __init__(self, catalog: Catalog, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("new_project_dialog", tr("New from template"), parent)
        self.document: Document | None = None
        grid = QGridLayout()
        grid.setSpacing(12)
        cards = [self._empty_card(catalog, theme), *(self._card(item, catalog, theme) for item in TEMPLATES)]
        for number, card in enumerate(cards):
            grid.addWidget(card, number // COLUMNS, number % COLUMNS)
        self.body.addLayout(grid)
        self.add_close_button()
        cards[min(1, len(cards) - 1)].setFocus()

    def _card(self, template: Template, catalog: Catalog, theme: Theme) -> QPushButton:
        document = template.open()
        card = Card(template.key, str(template.title), str(template.description), Thumbnail(document, catalog, theme))
        card.clicked.connect(partial(self._choose, lambda: document))
        return card

    def _empty_card(self, catalog: Catalog, theme: Theme) -> QPushButton:
        empty = Document(keras_version=catalog.keras_version)
        card = Card("empty", tr("Empty"), tr("A blank canvas to draw on."), Thumbnail(empty, catalog, theme))
        card.clicked.connect(partial(self._choose, lambda: empty))
        return card

    def _choose(self, make: Callable[[], Document], _checked: bool = False) -> None:
        self.document = make()
        self.accept()


class Card(QPushButton):
    def __init__(self, key: str, title: str, description: str, picture: QWidget) -> None:
        super().__init__()
        self.setObjectName("template_card")
        self.setProperty("template", key)
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.setFixedSize(CARD_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(4)
        layout.addWidget(picture)
        layout.addSpacing(4)
        for text, role in ((title, "strong"), (description, "small")):
            label = QLabel(text)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        layout.addStretch(1)


class Thumbnail(QWidget):
    """The boxes of a model, as small as it takes; without names, so that the shape speaks."""

    def __init__(self, document: Document, catalog: Catalog, theme: Theme) -> None:
        super().__init__()
        self.setFixedHeight(PICTURE_HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line = QColor(theme.color("wire"))
        self._boxes = {key: QRectF(*point, *BOX) for key, point in document.positions.items()}
        self._colors = {key: QColor(_color(document, key, catalog, theme)) for key in self._boxes}
        self._wires = [(edge.source.call, edge.target) for edge in document.graph.edges()]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._boxes:
            return
        whole = QRectF()
        for box in self._boxes.values():
            whole = whole.united(box)
        factor = min(self.width() / whole.width(), self.height() / whole.height(), 0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(factor, factor)
        painter.translate(-whole.center())
        self._paint(painter, 1.0 / factor)

    def _paint(self, painter: QPainter, pixel: float) -> None:
        pen = painter.pen()
        pen.setColor(self._line)
        pen.setWidthF(pixel)
        painter.setPen(pen)
        for source, target in self._wires:
            if source in self._boxes and target in self._boxes:
                start, end = self._boxes[source], self._boxes[target]
                painter.drawLine(QPointF(start.center().x(), start.bottom()), QPointF(end.center().x(), end.top()))
        painter.setPen(Qt.PenStyle.NoPen)
        for key, box in self._boxes.items():
            painter.setBrush(self._colors[key])
            painter.drawRoundedRect(box, 2 * pixel, 2 * pixel)


def _color(document: Document, call_id: str, catalog: Catalog, theme: Theme) -> str:
    operation = document.operation_of(call_id)
    spec = catalog.layer(operation.class_name, operation.module)
    return theme.category(spec.category if spec else "operation")
