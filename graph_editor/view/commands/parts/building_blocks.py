"""What is made of many boxes at once: blocks that are placed, a selection that is repeated."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import Json, Parameter
from graph_editor.document.canvas.make_room import FRAME_GAP
from graph_editor.document.changes.repeating import FEWEST, MOST, link_of, repeat
from graph_editor.document.clips.block_placing import place_block, size_of
from graph_editor.document.clips.blocks import Block, BlockParameter
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, EditError
from graph_editor.document.graph import Edge, Graph, TensorRef
from graph_editor.document.sizes import BOX_WIDTH
from graph_editor.editors.registry import editor_context
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.floating.form_popup import FormField, FormPopup
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from resources.text import Text, tr

_AROUND = 60.0  # what a frame needs around its boxes


class BuildingBlocks(QObject):
    """Belongs to the view of ``canvas``."""

    file_dropped = Signal(object)  # Path of a block file that was dropped on the canvas
    save_wanted = Signal()  # to make a block of the selection

    def __init__(self, canvas: WorkCanvas, look: Look[CanvasTheme]) -> None:
        super().__init__(canvas.view)
        self._canvas, self._look = canvas, look
        self._form: FormPopup | None = None
        self.find: Callable[[str], Sequence[Block]] = lambda _text: ()  # the blocks that a search may offer

    def close_form(self, _graph_id: str = "") -> None:
        if self._form is not None:
            self._form.cancel()

    @property
    def form(self) -> FormPopup:
        """Made when first wanted."""
        if self._form is None:
            self._form = FormPopup(editor_context(self._canvas.catalog), self._look, self._canvas.view)
            self._form.closed.connect(self._canvas.view.setFocus)
        return self._form

    # Blocks

    def drop(self, block: Block, at: QPointF, into: Edge | None, file: Path | None) -> None:
        """It was dropped: ask for its values where that was."""
        if file is not None:
            self.file_dropped.emit(file)
        self._ask(block, _Spot((at.x(), at.y()), into=into), at)

    def find_fed(self, text: str) -> list[Block]:
        """Those that a search finds and that take one tensor."""
        return [block for block in self.find(text) if len(block.incoming) == 1]

    def add(self, block: Block, at: QPointF | None, feed: TensorRef | None = None) -> None:
        """Add a block at a place, fed by a tensor if there is one, or where ``add_next`` finds one."""
        if at is None:
            self.add_next(block)
        elif feed is None:
            self._ask(block, _Spot((at.x(), at.y())), at)
        else:  # a wire ends there: at the top
            middle = at.y() + _AROUND + size_of(block)[1] / 2
            self._ask(block, _Spot((at.x(), middle), after=feed, here=True), at)

    def add_next(self, block: Block) -> None:
        """Add a block below the selected boxes and feed it with what they end with; else in the middle of the view."""
        canvas = self._canvas
        end = canvas.actions_on_boxes.open_end()
        if end is not None:
            rect = canvas.graph_scene.shown(end.call).rect()
            aside = rect.topRight() + QPointF(24, 0)
            branches = bool(canvas.graph_scene.graph.consumers(end.call))  # beside what is there, not in its way
            below = rect.bottom() + FRAME_GAP + size_of(block)[1] / 2
            place = self._free_middle(block, QPointF(rect.center().x(), below))
            spot = _Spot((place.x(), place.y()), after=end, here=branches)
            self._ask(block, spot, aside)
        else:
            at = self._free_middle(block, canvas.view.visible_area().center())
            self._ask(block, _Spot((at.x(), at.y())), at)

    def _ask(self, block: Block, spot: "_Spot", at: QPointF) -> None:
        canvas, graph_id = self._canvas, self._canvas.graph_scene.graph_id
        fields = form_fields(block, canvas.catalog, self._incoming_shape(spot))
        if not fields:
            self._place(block, graph_id, spot, {})
            return
        place = QPointF(canvas.view.mapFromScene(at))
        self.form.ask(block.name, fields, tr("Add"), place, lambda given: self._place(block, graph_id, spot, given))

    def _free_middle(self, block: Block, at: QPointF) -> QPointF:
        """``at``, or the first place to the right of that where no box lies."""
        width, height = size_of(block)
        around = QRectF(0, 0, width + 2 * _AROUND, height + 2 * _AROUND)
        around.moveCenter(at)
        while self._canvas.graph_scene.index.within((around.left(), around.top(), around.right(), around.bottom())):
            around.translate(BOX_WIDTH, 0)
        return around.center()

    def _incoming_shape(self, spot: "_Spot") -> tuple[int | None, ...]:
        """The shape of what will come in, as far as it is known."""
        source = spot.into.source if spot.into else spot.after
        known = self._canvas.graph_scene.spec_of(source) if source else None
        return known[0] if known else ()

    def _place(self, block: Block, graph_id: str, spot: "_Spot", values: Mapping[str, Json]) -> None:
        canvas = self._canvas

        def edits() -> tuple[list[Edit], list[str]]:
            spot.check(canvas.document, graph_id)
            return place_block(
                canvas.document,
                graph_id,
                block,
                values,
                spot.middle,
                canvas.graph_scene.place_of,
                after=spot.after,
                into=spot.into,
                here=spot.here,
            )

        new_ids = canvas.actions_on_boxes.bring(Text("Add {block}", {"block": block.name}), edits)
        if new_ids is not None:
            canvas.view.ensureVisible(self._area(new_ids), 40, 60)

    # Repeating

    def ask_to_repeat(self) -> None:
        """Ask how often the selected boxes are to stand in a row; say why they cannot."""
        canvas = self._canvas
        call_ids = canvas.selection
        try:
            link = link_of(canvas.document, call_ids)
        except EditError as error:
            canvas.report_problem(str(error.text))
            return
        fields = (
            FormField("times", Parameter("times", "int", minimum=FEWEST, maximum=MOST), tr("How many in all"), FEWEST),
            FormField(
                "share",
                Parameter("share", "bool"),
                tr("Share the weights"),
                False,
                tr("On: the same layers are used again. Off: each copy has layers of its own."),
            ),
        )
        name = canvas.graph_scene.graph.operation_of(link.calls[0]).shown_name
        count = len(link.calls)
        title = tr("Repeat {layer}", layer=name) if count == 1 else tr("Repeat {count} boxes", count=count)
        self.form.ask(
            title, fields, tr("Repeat"), self._beside(link.calls), lambda values: self._repeat(call_ids, values)
        )

    def _repeat(self, call_ids: tuple[str, ...], values: Mapping[str, Json]) -> None:
        canvas, places = self._canvas, self._canvas.graph_scene.place_of
        canvas.actions_on_boxes.bring(
            Text("Repeat"),
            lambda: repeat(canvas.document, call_ids, values["times"], bool(values["share"]), places),
        )

    def _beside(self, call_ids: Iterable[str]) -> QPointF:
        """Pixels: at the right of boxes."""
        return QPointF(self._canvas.view.mapFromScene(self._area(call_ids).topRight() + QPointF(24, 0)))

    def _area(self, call_ids: Iterable[str]) -> QRectF:
        area = QRectF()
        for call_id in call_ids:
            area |= self._canvas.graph_scene.shown(call_id).rect()
        return area


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a block goes: around ``middle``, below the box of ``after`` unless ``here``, or into a wire."""

    middle: Point
    after: TensorRef | None = None
    into: Edge | None = None
    here: bool = False

    def check(self, document: Document, graph_id: str) -> None:
        """Raise when the place has gone since it was chosen: the form blocks nothing."""
        graph = document.graphs.get(graph_id)
        fed = graph is not None and (self.after is None or self.after.call in graph.calls)
        led = graph is not None and (self.into is None or self.into in edges_into(graph, self.into.target))
        if fed and led:
            return
        raise EditError(Text("The place for the block is no longer there."))


def edges_into(graph: Graph, call_id: str) -> list[Edge]:
    return list(graph.edges_into(call_id)) if call_id in graph.calls else []


def form_fields(block: Block, catalog: Catalog, shape: Sequence[int | None]) -> list[FormField]:
    """Return what to ask for: the defaults, or what follows from the shape of what comes in, where that is known."""
    fields = []
    for item in block.parameters:
        value, axis = item.default, item.input_axis
        if shape and item.places[0][1] == "batch_shape":  # the Input of a nested model
            value = list(shape)
        elif axis is not None and -len(shape) <= axis < len(shape) and shape[axis] is not None:
            value = shape[axis]
        fields.append(FormField(item.name, kind_of(block, item, catalog), item.label or item.name, value))
    return fields


def kind_of(block: Block, item: BlockParameter, catalog: Catalog) -> Parameter:
    """Return what the catalogue says of the first place that a parameter sets; plain JSON for an unknown class."""
    operation_id, key = item.places[0]
    operation = block.operation(operation_id)
    spec = catalog.layer(operation.class_name, operation.module)
    known = next((parameter for parameter in spec.parameters if parameter.name == key), None) if spec else None
    if known is None:
        return Parameter(key, "json", nullable=True)
    return known
