"""PDF pages: text and figures stay lines and letters, sharp at any size."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.look.fonts import mono_font, ui_font
from app.reports.content import Report
from app.reports.drawing import WIDTH, figure_height, graph_picture, paint_figure
from app.reports.form import ReportForm
from app.reports.parts import Code, Drawing, Heading, Paragraph, ReportPart, Rows, parts_of
from graph_editor.catalog.catalog import Catalog

_SIZES: Final = {1: 26, 2: 19, 3: 16, 4: 14}  # pixels of a heading; a page is WIDTH pixels wide
_PAGE: Final = QMarginsF(18, 16, 18, 16)  # millimetres
_WRAP: Final = int(Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere)
_TEXT, _DIM, _NOTE, _LINE = (QColor(name) for name in ("#1b2030", "#5d6678", "#8a5a08", "#dfe3ea"))


def write(report: Report, catalog: Catalog) -> bytes:
    """Raises OSError."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(report.title)
    writer.setCreator("Lamella")
    writer.setResolution(300)
    size = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, _PAGE, QPageLayout.Unit.Millimeter))
    pages = _Pages(writer)
    parts = list(parts_of(report))
    try:
        for place, part in enumerate(parts):
            following = parts[place + 1] if place + 1 < len(parts) else None
            pages.add(part, following, report, catalog)
    finally:
        pages.end()  # a painter that outlives what it paints on takes the program along
        buffer.close()
    return bytes(data.data())


class _Pages:
    """Puts one part below the other, in a system where the page is WIDTH wide; a heading stays with what follows."""

    def __init__(self, writer: QPdfWriter) -> None:
        self._writer = writer
        self._painter = QPainter(writer)
        self._scale = writer.width() / WIDTH
        self._height = writer.height() / self._scale
        self._painter.scale(self._scale, self._scale)
        self._painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._y = 0.0

    def end(self) -> None:
        self._painter.end()

    def add(self, part: ReportPart, following: ReportPart | None, report: Report, catalog: Catalog) -> None:
        match part:
            case Heading(text, level):
                font = ui_font(_SIZES[level], bold=True)
                self._need(60.0 + self._least(following))
                self._y += 16.0 if level > 1 and self._y > 0 else 0.0
                self._text(text, font, _TEXT, 4.0)
            case Paragraph(text, note):
                self._text(text, ui_font(12), _NOTE if note else _TEXT, 6.0)
            case Code(text):
                for line in text.splitlines():
                    self._text(line or " ", mono_font(11), _TEXT, 0.0)
            case Rows():
                self._rows(part)
            case Drawing(None, _):
                self._image(QImage.fromData(QByteArray(_graph(report, catalog))))
            case Drawing(view, _):
                height = min(figure_height(view, WIDTH), self._height)
                self._need(height)
                paint_figure(self._painter, QRectF(0, self._y, WIDTH, height), view)
                self._y += height + 8.0

    def _least(self, part: ReportPart | None) -> float:
        if isinstance(part, Drawing) and part.view is not None:
            return min(figure_height(part.view, WIDTH), self._height - 80.0)
        return 40.0

    def _need(self, height: float) -> None:
        """A new page where no room is left for so much."""
        if self._y > 0 and self._y + height > self._height:
            self._writer.newPage()
            self._y = 0.0

    def _text(self, text: str, font: QFont, colour: QColor, below: float) -> None:
        height = self._tall(text, font, WIDTH)
        self._need(height)
        self._draw(QRectF(0, self._y, WIDTH, height), text, font, colour)
        self._y += height + below

    def _rows(self, rows: Rows) -> None:
        columns = max(map(len, (rows.head, *rows.rows)), default=0)
        if not columns:
            return
        first = WIDTH * (0.36 if columns == 2 else max(0.16, 0.4 - 0.04 * columns))
        widths = [first, *[(WIDTH - first) / max(columns - 1, 1)] * (columns - 1)]
        for number, row in enumerate((rows.head, *rows.rows)):
            if row:
                self._row(row, widths, head=number == 0)
        self._y += 8.0

    def _row(self, row: tuple[str, ...], widths: list[float], *, head: bool) -> None:
        font = ui_font(11, bold=head)
        height = max(self._tall(cell, font, width - 8.0) for cell, width in zip(row, widths, strict=False)) + 5.0
        self._need(height)
        x = 0.0
        for place, (cell, width) in enumerate(zip(row, widths, strict=False)):
            self._draw(QRectF(x, self._y, width - 8.0, height), cell, font, _DIM if head or not place else _TEXT)
            x += width
        self._y += height
        self._painter.fillRect(QRectF(0, self._y - 2.0, WIDTH, 0.5), _LINE)

    def _image(self, image: QImage) -> None:
        scale = min(1.0, WIDTH / max(image.width(), 1), self._height * 0.92 / max(image.height(), 1))
        width, height = image.width() * scale, image.height() * scale
        self._need(height)
        self._painter.drawImage(QRectF((WIDTH - width) / 2, self._y, width, height), image)
        self._y += height + 8.0

    def _draw(self, rect: QRectF, text: str, font: QFont, colour: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(colour)
        self._painter.drawText(rect, _WRAP, text)

    @staticmethod
    def _tall(text: str, font: QFont, width: float) -> float:
        return QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 1e6), _WRAP, text).height()


def _graph(report: Report, catalog: Catalog) -> bytes:
    assert report.document is not None
    return graph_picture(report.document, catalog, "png")


FORM: Final = ReportForm("pdf", ".pdf", 30, write)
