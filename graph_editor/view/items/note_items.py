"""Notes on the canvas: cards with text, behind the boxes and the wires, in front of frames."""

from collections.abc import Iterable, Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QStaticText, QTextOption, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from graph_editor.document.canvas.notes import LARGEST, Box, Note, name_of, notes_of
from graph_editor.view.items.collapsed_frames import CollapsedFrame, CollapsedFrames
from graph_editor.view.items.item_store import ItemStore
from graph_editor.view.painting.style import Style
from graph_editor.view.painting.theme import CanvasTheme

PADDING: Final = 12.0
LETTERS: Final = 13  # pixels at 100 %
_RADIUS, _FOLD = 8.0, 14.0
_REACH: Final = 16.0  # how near to the lower right corner a press has to be to change the size
_FILLS: Final = {"yellow": "warning.soft", "blue": "accent.soft", "green": "ok.soft", "red": "error.soft"}
_EDGES: Final = {"yellow": "warning", "blue": "accent", "green": "ok", "red": "error", "grey": "dim"}


def card_colors(theme: CanvasTheme, color: str) -> tuple[QColor, QColor]:
    """The ground of a note and its edge."""
    return theme.color(_FILLS.get(color, "raised")), theme.color(_EDGES[color], 0.55)


class NoteItem(QGraphicsItem):
    """Shows a note: as large as it is said to be, and larger downwards where its text needs that."""

    def __init__(self, note: Note, style: Style) -> None:
        super().__init__()
        self.note = note
        self.selected = False
        self.far = False
        self._style = style
        self.shows_corner = True  # by which its size is changed
        self._words = QStaticText()
        self._rect = QRectF()
        self.setZValue(-4.0)
        self.show_note(note, anew=True)

    def show_note(self, note: Note, anew: bool = False) -> None:
        if note == self.note and not anew:
            return
        old, self.note = self.note, note
        if anew or (old.text, old.box[2]) != (note.text, note.box[2]):
            self._lay_out()
        x, y, width, height = note.box
        self.prepareGeometryChange()
        self._rect = QRectF(x, y, width, max(height, min(self._words.size().height() + 2 * PADDING, LARGEST[1])))
        self.update()

    def set_style(self, style: Style) -> None:
        self._style = style
        self.show_note(self.note, anew=True)

    def show_state(self, *, selected: bool | None = None, far: bool | None = None) -> None:
        self.selected = self.selected if selected is None else selected
        self.far = self.far if far is None else far
        self.update()

    def rect(self) -> QRectF:
        return QRectF(self._rect)

    def corner(self) -> QRectF:
        """Return where a press changes the size."""
        end = self._rect.bottomRight()
        return QRectF(end - QPointF(_REACH, _REACH), end + QPointF(4, 4))

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        fill, edge = card_colors(self._style.theme, self.note.color)
        if self.far:
            painter.fillRect(self._rect, fill)
            if self.selected:
                pen = QPen(self._style.border_selected.color(), 2.0)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._rect)
            return
        painter.setPen(self._style.border_selected if self.selected else QPen(edge, 1.0))
        painter.setBrush(fill)
        painter.drawRoundedRect(self._rect, _RADIUS, _RADIUS)
        if self.shows_corner:
            self._paint_corner(painter, edge)
        self._paint_words(painter)

    def _paint_corner(self, painter: QPainter, edge: QColor) -> None:
        end = self._rect.bottomRight() - QPointF(4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(edge)
        painter.drawPolygon(QPolygonF([end, end - QPointF(_FOLD - 4, 0), end - QPointF(0, _FOLD - 4)]))

    def _paint_words(self, painter: QPainter) -> None:
        face = self._style.note
        painter.setFont(face.font)
        painter.setPen(face.pen)
        inner = self._rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        if self._words.size().height() <= inner.height() + 1:
            painter.drawStaticText(inner.topLeft(), self._words)
            return
        painter.save()
        painter.setClipRect(inner.adjusted(0, 0, 0, -face.height), Qt.ClipOperation.IntersectClip)
        painter.drawStaticText(inner.topLeft(), self._words)
        painter.restore()
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, "…")

    def _lay_out(self) -> None:
        words = QStaticText(self.note.text.replace("\n", "\u2028"))
        words.setTextFormat(Qt.TextFormat.PlainText)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        words.setTextOption(option)
        words.setTextWidth(self.note.box[2] - 2 * PADDING)
        words.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        words.prepare(QTransform(), self._style.note.font)
        self._words = words


class NoteItems:
    """The notes of the graph whose boxes ``store`` has, and which of them are selected."""

    def __init__(
        self, scene: QGraphicsScene, store: ItemStore, collapsed_frames: CollapsedFrames, style: Style
    ) -> None:
        self._scene, self._store, self._collapsed_frames, self._style = scene, store, collapsed_frames, style
        self._far = False
        self.items: dict[str, NoteItem] = {}
        self._selected: dict[str, None] = {}

    def refresh(self) -> None:
        """Show the notes of the document that are in this graph, and in no collapsed frame."""
        here = (note for note in notes_of(self._store.document) if note.graph == self._store.graph_id)
        present = {note.id: note for note in here if not self._collapsed_frames.takes_note(note.id)}
        for key in [key for key in self.items if key not in present]:
            self._scene.removeItem(self.items.pop(key))
            self._selected.pop(key, None)
        for key, note in present.items():
            if key in self.items:
                self.items[key].show_note(note)
            else:
                item = self.items[key] = NoteItem(note, self._style)
                item.show_state(far=self._far)
                self._scene.addItem(item)

    def preview(self, boxes: Mapping[str, Box]) -> None:
        """Show notes elsewhere while a gesture goes on; the document does not know of it."""
        for key, (x, y, width, height) in boxes.items():
            note = self.items[key].note
            self.items[key].show_note(Note(note.id, note.graph, note.text, note.color, (x, y, width, height)))

    def places(self) -> dict[str, Box]:
        """Return where the selected ones lie."""
        return {key: self.items[key].note.box for key in self._selected}

    def set_style(self, style: Style) -> None:
        self._style = style
        for item in self.items.values():
            item.set_style(style)

    def show_from_afar(self, far: bool) -> None:
        if far == self._far:
            return
        self._far = far
        for item in self.items.values():
            item.show_state(far=far)

    # Selection: changed by ``GraphScene.select`` alone, so that boxes and notes are chosen together

    @property
    def selected(self) -> tuple[str, ...]:
        return tuple(self._selected)

    @property
    def selected_names(self) -> list[str]:
        return [name_of(key) for key in self._selected]

    def select(self, note_ids: Iterable[str]) -> bool:
        """Whether others are selected now."""
        selection = dict.fromkeys(key for key in note_ids if key in self.items)
        if list(selection) == list(self._selected):
            return False
        for key in self._selected.keys() ^ selection.keys():
            if key in self.items:
                self.items[key].show_state(selected=key in selection)
        self._selected = selection
        return True

    # Places

    def at(self, place: QPointF) -> NoteItem | None:
        return next((item for item in reversed(self.items.values()) if item.rect().contains(place)), None)

    def corner_at(self, place: QPointF) -> NoteItem | None:
        return next((item for item in reversed(self.items.values()) if item.corner().contains(place)), None)

    def shown(self, note_id: str) -> NoteItem | CollapsedFrame | None:
        """The card of a note, or what stands in for it."""
        return self.items.get(note_id) or self._collapsed_frames.of_note(note_id)

    def within(self, area: QRectF) -> list[str]:
        return [key for key, item in self.items.items() if item.rect().intersects(area)]

    def rect(self) -> QRectF:
        area = QRectF()
        for item in self.items.values():
            area |= item.rect()
        return area
