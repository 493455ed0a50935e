"""Cards to choose a project by: a picture of the model, its title and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, partial

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.look.theme import Theme, load_theme
from app.look.theme_source import ThemeSource
from app.project.templates import Template, template
from graph_editor.catalog.catalog import Catalog
from graph_editor.view.items.thumbnail import thumbnail
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.words.plain_label import PlainLabel
from graph_editor.words.spoken import set_spoken_description, set_spoken_name
from resources.text import language

COLUMNS, ROWS_SEEN, SPACING = 3, 2, 12
CARD_SIZE, PICTURE_SIZE = QSize(232, 226), QSize(208, 122)


class Card(QPushButton):
    """`reached` tells that the keyboard came to it other than by a press of the mouse, which sees it already."""

    reached = Signal()

    def __init__(self, key: str, title: str, description: str, picture: QWidget) -> None:
        super().__init__()
        self.setObjectName("template_card")
        self.setProperty("template", key)
        set_spoken_name(self, title)
        set_spoken_description(self, description)
        self.setFixedSize(CARD_SIZE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 10)
        layout.setSpacing(4)
        layout.addWidget(picture)
        layout.addSpacing(4)
        for text, role in ((title, "strong"), (description, "small")):
            label = PlainLabel(text)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            layout.addWidget(label, 0 if role == "strong" else 1)  # titles in one line, however long the rest

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.reached.emit()


class CardGrid(QScrollArea):
    """Cards in rows of `COLUMNS`, of which `ROWS_SEEN` are seen at once. A card that gets the focus comes into view."""

    def __init__(self, cards: Sequence[Card]) -> None:
        super().__init__()
        self.setObjectName("template_grid")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACING)
        for number, card in enumerate(cards):
            grid.addWidget(card, number // COLUMNS, number % COLUMNS)
            card.reached.connect(partial(self.ensureWidgetVisible, card))  # Qt's own does so for Tab within it alone
        self.setWidget(content)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        scrolls = len(cards) > COLUMNS * ROWS_SEEN
        bar = self.verticalScrollBar().sizeHint().width() if scrolls else 0
        self.setFixedWidth(COLUMNS * (CARD_SIZE.width() + SPACING) - SPACING + bar)
        rows = min(ROWS_SEEN, -(-len(cards) // COLUMNS))
        self.setFixedHeight(rows * (CARD_SIZE.height() + SPACING) - SPACING)


class Picture(QWidget):
    """A ground like the canvas with a picture on it; without one, a plus that invites to begin."""

    def __init__(self, look: ThemeSource, template: Template | None, catalog: Catalog) -> None:
        super().__init__()
        self._look, self._template, self._catalog = look, template, catalog
        look.changed.connect(self._on_theme)
        self.setFixedSize(PICTURE_SIZE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _on_theme(self, _theme: Theme) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        image = self._image()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.theme.color("background")))
        painter.drawRoundedRect(self.rect(), 7, 7)
        if image is None:
            self._paint_plus(painter)
        else:
            painter.drawImage(QPointF(0, 0), image)
        painter.end()

    def _image(self) -> QImage | None:
        if self._template is None:
            return None
        return _picture(self._template.key, self._look.theme.name, self.devicePixelRatioF(), language(), self._catalog)

    def _paint_plus(self, painter: QPainter) -> None:
        middle = QRectF(self.rect()).center()
        painter.setPen(QPen(QColor(self._look.theme.color("faint")), 1.4, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(middle.x() - 52, middle.y() - 20, 104, 40), 8, 8)
        painter.setPen(
            QPen(QColor(self._look.theme.color("accent")), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawLine(middle - QPointF(7, 0), middle + QPointF(7, 0))
        painter.drawLine(middle - QPointF(0, 7), middle + QPointF(0, 7))


@lru_cache(maxsize=32)
def _picture(key: str, theme: str, pixel_ratio: float, _language: str, catalog: Catalog) -> QImage:
    """Drawn once for each theme, language and scaling."""
    colors = CanvasTheme.from_tokens(load_theme(theme).colors)
    card_template = template(key)
    assert card_template is not None
    return thumbnail(card_template.open(), catalog, colors, PICTURE_SIZE, pixel_ratio)
