"""A picture: drawn on a pad, dropped, pasted, chosen as a file, or that of a sample."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSlider, QWidget

from app.look.theme_source import ThemeSource
from app.panels.data.parts.words import shape_text
from app.panels.tryit.fields.field import Field
from app.panels.tryit.parts.drawing import Drawing, Origin
from app.panels.tryit.parts.files import ReadFile, dropped_file, png_of
from app.panels.tryit.parts.pad import Pad
from app.panels.tryit.parts.values import Array, Canvas
from app.panels.widgets.chips import Chips, Flow
from app.panels.widgets.fields import button, hint, part
from app.panels.widgets.labelled_switch import LabelledSwitch
from graph_editor.words.plain_label import PlainLabel
from resources.text import Text, tr
from runtime.messages.protocol import Answer
from runtime.messages.trained import GivenTensor, GivenValue
from runtime.messages.trying import FormField, OpenPicture, PictureOpened, ShownValue

_SHOWN: Final = 256  # pixels of a picture that cannot be drawn on
_THINNEST, _THICKEST, _USUAL = 2, 30, 10  # per cent of the longer side
_ONE_PIXEL: Final = 1.2  # the pen of small pictures is not thinner
_COLOURS: Final = (
    ("#ffffff", Text("white")), ("#000000", Text("black")), ("#d93025", Text("red")), ("#f2b84b", Text("yellow")),
    ("#1f9d63", Text("green")), ("#2f67e8", Text("blue")),
)  # fmt: skip


class AskPicture(Protocol):
    """Has a picture decoded; one of both is called, on the GUI thread."""

    def __call__(
        self, request: OpenPicture, done: Callable[[Answer], None], failed: Callable[[Text], None], /
    ) -> object: ...


class PictureField(Field):
    """Undo takes back lines, and whole pictures too: nothing that was drawn is lost by a drop."""

    beside = False

    def __init__(
        self,
        field: FormField,
        look: ThemeSource,
        choose: Callable[[str], Path | None],
        read: ReadFile,
        ask: AskPicture,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(field, parent)
        self.setAcceptDrops(True)
        self._choose, self._read, self._ask = choose, read, ask
        self._fitted: GivenTensor | None = None
        self._round = 0  # of pictures that were asked for: an answer that comes late is not wanted
        try:
            self.canvas: Canvas | None = Canvas(field)
        except ValueError:
            self.canvas = None
        self.pad = Pad(look)
        self.note = hint("", f"try_picture_note_{field.column}")
        part(self.note, "verdict", "warning")
        self.fit = button(tr("Make it fit"), f"try_fit_{field.column}", "", tr("Scale it, and take its channels"))
        self.rows.setSpacing(8)
        self._build_tools()
        self._install(self.pad, "try_pad")
        for widget in (self.note, self.fit, self.tools, self.pen_row, self.colours, self.centre):
            self.rows.addWidget(widget)
        self.rows.setAlignment(self.fit, Qt.AlignmentFlag.AlignLeft)
        self._connect()
        self._begin()

    @property
    def drawable(self) -> bool:
        return self.canvas is not None

    @property
    def value(self) -> GivenValue | None:
        drawing = self.pad.drawing
        if drawing.origin is not None:
            return drawing.origin.given
        if drawing.empty or self.canvas is None:
            return None
        return GivenValue(tensor=self.canvas.tensor(drawing.shares(self.pad.extent)))

    def show_value(self, shown: ShownValue) -> None:
        ground = self._ground(shown.value)
        self._show(ground, Origin(shown.value, shown.picture))

    def show_example(self) -> None:
        """An empty pad: what is drawn on it is the sample. Of what nobody can draw, the picture of a typical one."""
        if self.canvas is None and self.field.example != GivenValue():
            self._show(None, Origin(self.field.example))

    def take_mime(self, mime: QMimeData) -> bool:
        """What was dropped or pasted; whether there was a picture, or a file, in it."""
        path = dropped_file(mime)
        if path is not None:
            self._read(path, self.take_bytes, self._on_failed)
            return True
        image = mime.imageData() if mime.hasImage() else None
        if isinstance(image, QImage) and not image.isNull():
            self.take_bytes(png_of(image))
            return True
        return False

    def take_bytes(self, data: bytes) -> None:
        """A file of a picture. It is looked at first: what is none leaves everything as it is."""
        self._round += 1
        asked = self._round
        height, width, channels = (1, 1, 3) if self.canvas is None else self._size(self.canvas)
        request = OpenPicture(0, data, height, width, channels, _SHOWN)
        self._ask(request, lambda answer: self._on_opened(asked, data, answer), lambda why: self._on_failed(str(why)))

    # making it

    def _build_tools(self) -> None:
        self.tools = QWidget()
        row = Flow(self.tools)
        self.undo = self._tool("undo", tr("Undo"), tr("Take back the last line (Ctrl+Z)"))
        self.clear = self._tool("clear", tr("Clear"), tr("Begin anew (Delete)"))
        self.invert = self._tool("invert", tr("Invert"), tr("Turn dark into light"))
        self.open = self._tool("open", tr("Open…"), tr("A picture file; it may be dropped here, too"))
        self.paste = self._tool("paste", tr("Paste"), tr("The picture on the clipboard (Ctrl+V)"))
        for tool in (self.undo, self.clear, self.invert, self.open, self.paste):
            row.addWidget(tool)
        self.pen_row, self.pen = QWidget(), QSlider(Qt.Orientation.Horizontal)
        self.pen.setObjectName(f"try_pen_{self.field.column}")
        self.pen.setAccessibleName(tr("Width of the pen"))
        self.pen.setRange(_THINNEST, _THICKEST)
        pen_row = QHBoxLayout(self.pen_row)
        pen_row.setContentsMargins(0, 0, 0, 0)
        pen_label = PlainLabel(tr("Pen"))
        pen_label.setProperty("part", "field")
        pen_label.setBuddy(self.pen)
        pen_row.addWidget(pen_label)
        pen_row.addWidget(self.pen, 1)
        self.colours = Chips(f"try_colours_{self.field.column}", tr("Colour of the pen"))
        self.colours.show_entries([(code, str(name), "") for code, name in _COLOURS])
        self.centre = LabelledSwitch(tr("Centre what is drawn, as large as in the data"), "try_centre")

    def _tool(self, key: str, text: str, tip: str) -> QPushButton:
        tool = button(text, f"try_{key}_{self.field.column}", "", tip)
        tool.setProperty("part", "small")
        return tool

    def _connect(self) -> None:
        self.pad.drawn.connect(self._on_drawn)
        self.pad.undo_wanted.connect(self._on_undo)
        self.pad.clear_wanted.connect(self._on_clear)
        self.undo.clicked.connect(self._on_undo)
        self.clear.clicked.connect(self._on_clear)
        self.invert.clicked.connect(self._on_invert)
        self.open.clicked.connect(self._on_open)
        self.paste.clicked.connect(self.paste_picture)
        self.fit.clicked.connect(self._on_fit)
        self.pen.valueChanged.connect(self._on_pen)
        self.colours.chosen.connect(self._on_colour)
        self.centre.switched.connect(self._on_centre)

    def _begin(self) -> None:
        canvas = self.canvas
        self.pad.can_draw = canvas is not None
        if canvas is not None:
            self.pad.use(Drawing(canvas.height, canvas.width, canvas.channels, canvas.dark))
            self.pad.placeholder = tr("Draw here, or drop a picture")
            thinnest = 100 * _ONE_PIXEL / max(canvas.height, canvas.width)
            self.pen.setValue(round(min(_THICKEST, max(_USUAL, thinnest))))
            self._on_colour("#ffffff" if canvas.dark else "#000000")
            self.colours.show_key(self.pad.pen_color)
        else:
            self.pad.placeholder = tr("Drop a picture here")
        for widget in (self.invert, self.pen_row, self.centre):
            widget.setVisible(canvas is not None)
        self.colours.setVisible(canvas is not None and canvas.channels > 1)
        self._after()

    @staticmethod
    def _size(canvas: Canvas) -> tuple[int, int, int]:
        return canvas.height, canvas.width, canvas.channels

    def _ground(self, value: GivenValue | None) -> Array | None:
        if value is None or value.tensor is None or self.canvas is None:
            return None
        return self.canvas.shares(value.tensor)

    def _show(self, ground: Array | None, origin: Origin) -> None:
        self._round += 1
        self.pad.drawing.show(ground, origin)
        self._fitted = None
        self._after()

    def _after(self) -> None:
        """Show how things are now."""
        drawing = self.pad.drawing
        self.undo.setEnabled(drawing.can_undo)
        self.clear.setEnabled(not drawing.empty)
        self.invert.setEnabled(not drawing.empty and drawing.picture is None)
        origin = drawing.origin
        note = origin.note if origin is not None else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.fit.setVisible(self._fitted is not None and bool(note))
        self.complain("")
        self.pad.updateGeometry()
        self.pad.update()

    # what people do

    def _on_drawn(self) -> None:
        self._round += 1
        self._after()
        self.changed.emit()

    def _on_undo(self) -> None:
        self.pad.drawing.undo()
        self._on_drawn()

    def _on_clear(self) -> None:
        self.pad.drawing.clear()
        self._on_drawn()

    def _on_invert(self) -> None:
        if self.canvas is not None:
            shares = 1.0 - self.pad.drawing.shares(self.pad.extent)
            self._show(shares, Origin(GivenValue(tensor=self.canvas.tensor(shares))))
            self.changed.emit()

    def _on_pen(self, percent: int) -> None:
        self.pad.pen_width = percent / 100

    def _on_colour(self, code: str) -> None:
        self.pad.pen_color = code

    def _on_centre(self, on: bool) -> None:
        self.pad.centre(self.canvas.extent if on and self.canvas is not None else None)
        self.changed.emit()

    def _on_open(self) -> None:
        path = self._choose(self.field.column)
        if path is not None:
            self._read(path, self.take_bytes, self._on_failed)

    def paste_picture(self) -> None:
        if not self.take_mime(QApplication.clipboard().mimeData()):
            self.complain(tr("There is no picture on the clipboard."))

    def _on_failed(self, reason: str) -> None:
        self.complain(reason)

    def _on_opened(self, asked: int, data: bytes, answer: Answer) -> None:
        if asked != self._round or not isinstance(answer, PictureOpened):
            return
        self._fitted = None
        if self.canvas is None or self.field.files:
            self._show(None, Origin(GivenValue(file=data), answer.original))
        elif (answer.height, answer.width) == (self.canvas.height, self.canvas.width):
            self._take(self.canvas.given(answer.fitted))
        else:
            have, want = (answer.height, answer.width), (self.canvas.height, self.canvas.width)
            note = tr("The picture is {have}; the data has {wanted}.", have=shape_text(have), wanted=shape_text(want))
            self._show(None, Origin(None, answer.original, note))
            self._fitted = answer.fitted
            self._after()
        self.changed.emit()

    def _take(self, tensor: GivenTensor) -> None:
        self._show(self._ground(GivenValue(tensor=tensor)), Origin(GivenValue(tensor=tensor)))

    def _on_fit(self) -> None:
        if self._fitted is not None and self.canvas is not None:
            self._take(self.canvas.given(self._fitted))
            self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        if mime.hasImage() or dropped_file(mime) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.take_mime(event.mimeData()):
            event.acceptProposedAction()
        else:
            self.complain(tr("There is no picture in what was dropped: save it, and drop its file."))
