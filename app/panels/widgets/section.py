"""A heading that folds what stands below it."""

from collections.abc import Callable

from PySide6.QtCore import Property, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from graph_editor.words.spoken import set_spoken_name

_HEIGHT, _TEXT_LEFT, _DOT = 22, 15, 8


def heading_font(base: QFont) -> QFont:
    """The face of section headings: small, bold, spaced capitals."""
    font = QFont(base)
    font.setPixelSize(11)
    font.setWeight(QFont.Weight.DemiBold)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.7)
    return font


def draw_fold_arrow(painter: QPainter, left: float, middle: float, folded: bool, color: QColor) -> None:
    """A small filled triangle whose box is 7 px wide, centred on `middle`."""
    points = [(1, -3.5), (5, 0), (1, 3.5)] if folded else [(-0.5, -2), (6.5, -2), (3, 2.5)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([QPointF(left + x, middle + y) for x, y in points]))
    painter.restore()


class SectionHeader(QAbstractButton):
    """Checked means unfolded. `ink` and `ink_strong` are set by the style sheet."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        set_spoken_name(self, title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._ink = self.palette().mid().color()
        self._ink_strong = self.palette().text().color()
        self._marked = False

    def set_marked(self, marked: bool) -> None:
        """Show a dot after the title: something inside differs from Keras' default."""
        self._marked = marked
        self.update()

    @property
    def marked(self) -> bool:
        return self._marked

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        strong = self.underMouse() or self.hasFocus()
        color = self._ink_strong if strong else self._ink
        draw_fold_arrow(painter, 1, self.height() / 2, not self.isChecked(), color)
        painter.setFont(heading_font(self.font()))
        painter.setPen(QPen(color))
        area = self.rect().adjusted(_TEXT_LEFT, 0, 0, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._marked:
            width = painter.fontMetrics().horizontalAdvance(self.text().upper())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ink_strong)
            painter.drawEllipse(QPointF(_TEXT_LEFT + width + _DOT, self.height() / 2), 2.2, 2.2)

    def _set_ink(self, color: QColor) -> None:
        self._ink = QColor(color)
        self.update()

    def _set_ink_strong(self, color: QColor) -> None:
        self._ink_strong = QColor(color)
        self.update()

    ink = Property(QColor, lambda self: self._ink, _set_ink)
    ink_strong = Property(QColor, lambda self: self._ink_strong, _set_ink_strong)


class FoldSection(QWidget):
    """A heading and a body that is built when it is first unfolded."""

    fold_changed = Signal(bool)  # True: folded

    def __init__(
        self, title: str, name: str, build: Callable[[QVBoxLayout], None], parent: QWidget | None = None
    ) -> None:
        """`build` fills the body's layout, once, at the first unfolding."""
        super().__init__(parent)
        self.setObjectName(name)
        self._build: Callable[[QVBoxLayout], None] | None = build
        self.header = SectionHeader(title)
        self.header.setObjectName(f"{name}_header")
        self._body = QWidget()
        self._body.setVisible(False)
        self._body_layout = QVBoxLayout(self._body)
        self._body_layout.setContentsMargins(0, 2, 0, 6)
        self._body_layout.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._body)
        self.header.toggled.connect(self._on_toggled)

    @property
    def folded(self) -> bool:
        return not self.header.isChecked()

    def set_folded(self, folded: bool) -> None:
        self.header.setChecked(not folded)

    def _on_toggled(self, unfolded: bool) -> None:
        if unfolded and self._build is not None:
            build, self._build = self._build, None
            build(self._body_layout)
        self._body.setVisible(unfolded)
        self.fold_changed.emit(not unfolded)
