"""Asking for a layer, or a block, on the canvas itself: what is chosen comes where it was asked for."""

from PySide6.QtCore import QObject, QPointF

from graph_editor.catalog.fitting import by_axes
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.clips.blocks import Block
from graph_editor.document.document import Changes
from graph_editor.document.graph import TensorRef
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.commands.parts.building_blocks import BuildingBlocks
from graph_editor.view.commands.parts.canvas import WorkCanvas
from graph_editor.view.floating.search_popup import Ranking, SearchPopup
from graph_editor.view.painting.look import Look
from graph_editor.view.painting.theme import CanvasTheme
from graph_editor.view.tools.canvas import TakeLayer


class LayerSearch(QObject):
    """Belongs to the view of ``canvas``; ``blocks`` are found beside the layers."""

    def __init__(self, canvas: WorkCanvas, blocks: BuildingBlocks, look: Look[CanvasTheme]) -> None:
        super().__init__(canvas.view)
        self._canvas, self._view, self._blocks = canvas, canvas.view, blocks
        self._place: QPointF | None = None  # for the layer; None: below the selected box
        self._block_spot: tuple[QPointF | None, TensorRef | None] = (None, None)
        self._take: TakeLayer | None = None  # gets the layer instead
        self.popup = SearchPopup(canvas.catalog, look, canvas.view)
        self.popup.layer_chosen.connect(self._on_layer_chosen)
        self.popup.block_chosen.connect(self._on_block_chosen)
        self.popup.closed.connect(canvas.view.setFocus)

    def open(self, place: QPointF | None = None) -> None:
        """Let the user search for a layer, to add it at ``place``, or below the selected box and wired to that."""
        self._place, self._take, self._block_spot = place, None, (place, None)
        at = QPointF(self._view.mapFromScene(place)) if place else self._free_pixel()
        self.popup.open_at(at, None if place else self._ranking(), blocks=self._blocks.find)

    def ask(
        self, place: QPointF, take: TakeLayer, ranking: Ranking | None = None, feed: TensorRef | None = None
    ) -> None:
        """Let the user search for a layer that ``take`` gets, or for a block to be fed by ``feed``."""
        self._take, self._block_spot = take, (place, feed)
        blocks = self._blocks.find_fed if feed else None
        self.popup.open_at(QPointF(self._view.mapFromScene(place)), ranking, blocks)

    def add(self, spec: LayerSpec) -> None:
        """Add a layer below the selected box and wired to it, or in the middle of what is seen."""
        self._place = self._take = None
        self._on_layer_chosen(spec)

    def follow(self, changes: Changes) -> None:
        """A question about boxes is over when they are gone, by an undo or with another project."""
        if changes.everything or changes.calls_removed:
            self._take = None
            self.popup.close_search()

    def _ranking(self) -> Ranking | None:
        """First what fits the tensors that the selected boxes end with; None: there is none."""
        canvas = self._canvas
        end, ends = canvas.actions_on_boxes.open_end(), canvas.actions_on_boxes.joined_ends()
        if end is None and len(ends) < 2:
            return None
        told = canvas.graph_scene.spec_of(end if end is not None else ends[0])
        axes = len(told[0]) if told else None
        return lambda specs, typed: by_axes(specs, axes, typed, count=max(1, len(ends)), all_of_them=True)

    def _on_block_chosen(self, block: Block) -> None:
        self._blocks.add(block, *self._block_spot)

    def _on_layer_chosen(self, spec: LayerSpec) -> None:
        canvas, view, place, take = self._canvas, self._view, self._place, self._take
        self._take = None
        if take is not None:
            take(spec)
            return
        if place is None:
            corner = view.at_pixel(self._free_pixel())
            call_id = canvas.actions_on_boxes.add_next(spec, (corner.x(), corner.y()))
        else:
            corner = place - QPointF(BOX_WIDTH / 2, BOX_HEIGHT / 2)
            call_id = canvas.actions_on_boxes.add(spec, (round(corner.x()), round(corner.y())))
        if call_id is not None:
            view.ensureVisible(canvas.graph_scene.boxes[call_id].rect(), 40, 60)

    def _free_pixel(self) -> QPointF:
        """Below the one selected box, else where the mouse is, else in the upper middle."""
        canvas, view = self._canvas, self._view
        if len(canvas.selection) == 1:
            rect = canvas.graph_scene.shown(canvas.selection[0]).rect()
            return QPointF(view.mapFromScene(rect.bottomLeft() + QPointF(0, 30)))
        pointed = canvas.pointed_pixel
        return pointed or QPointF(view.viewport().width() / 2 - 160, view.viewport().height() / 4)
