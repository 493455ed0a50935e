"""What a person does to boxes and wires, each as one step of the history. Nothing here knows of mouse or keys."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.fitting import takes_several
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document import arguments
from graph_editor.document.canvas.collapsing import set_collapsed
from graph_editor.document.canvas.frames import change_frame, remove_frame
from graph_editor.document.canvas.notes import Box, place_notes
from graph_editor.document.canvas.seen import seen_as_one
from graph_editor.document.canvas.wire_dots import Wire, carry_dots, drop_dots, put_dots, wire_of
from graph_editor.document.changes import commands
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.inserting import insert_into, settled, with_room
from graph_editor.document.changes.replacing import replace_layers
from graph_editor.document.changes.wires import disconnect_all, lead_from, rewired
from graph_editor.document.checking.open_end import joined_ends, open_end
from graph_editor.document.document import Document, Point
from graph_editor.document.edits import Edit, EditError, SetArguments
from graph_editor.document.graph import ArgumentPath, Edge, TensorRef
from graph_editor.document.history import History
from graph_editor.document.sizes import BOX_HEIGHT, BOX_WIDTH
from graph_editor.view.items.scene import GraphScene
from graph_editor.view.painting.metrics import NEXT_GAP
from resources.text import Text, tr

_STEP = (24.0, 24.0)  # how far a copy lies from its original

NOTHING: Final[Mapping[str, Box]] = MappingProxyType({})


class BoxActions:
    """Works on ``scene``'s selection; ``report`` is told in one sentence what could not be done."""

    def __init__(
        self,
        document: Document,
        history: History,
        catalog: Catalog,
        scene: GraphScene,
        report: Callable[[str], None],
    ) -> None:
        self._document = document
        self._history = history
        self._catalog = catalog
        self._scene = scene
        self._report = report

    # Adding

    def add(
        self,
        spec: LayerSpec,
        place: Point,
        *,
        after: TensorRef | Sequence[TensorRef] | None = None,
        into: Edge | None = None,
        before: tuple[str, ArgumentPath] | None = None,
    ) -> str | None:
        """Add a layer and select it; its call id, None when refused.

        It is fed by ``after``, one tensor or several, put into the wire ``into``, or feeds an argument of the box
        ``before``.
        """

        def edits() -> tuple[list[Edit], list[str]]:
            feeds = bool(spec.inputs)
            steps, call_id = commands.add_layer(
                self._document,
                spec.class_name,
                spec.module,
                None,
                place,
                self._catalog,
                after=after if feeds else None,
                into=into if feeds else None,
                graph_id=self._scene.graph_id,
            )
            if before is not None:
                fed = arguments.with_tensor(self._document.call(before[0]), before[1], TensorRef(call_id))
                steps.append(SetArguments(before[0], *fed))
            return steps + (self._room(into, call_id, place) if into and feeds else []), [call_id]

        new_ids = self.bring(Text("Add {layer}", {"layer": spec.shown_name}), edits)
        return None if new_ids is None else new_ids[0]

    def _room(self, edge: Edge, call_id: str, place: Point) -> list[Edit]:
        """Return what an added box means for the wires that are seen as one with ``edge``, and for others around it."""
        led = rewired(self._document, seen_as_one(self._document, edge), TensorRef(call_id))
        place, pushed = with_room(self._document, edge, place, self._scene.place_of)
        return led + settled(self._document, edge, call_id, place, pushed, self._scene.place_of)

    def open_end(self) -> TensorRef | None:
        """Return what the selected boxes end with, if that is one tensor."""
        return open_end(self._scene.graph, self._scene.selection)

    def joined_ends(self) -> list[TensorRef]:
        """Return what the selected boxes give that one layer may join, from left to right."""
        ends = joined_ends(self._scene.graph, self._scene.selection)
        return sorted(ends, key=lambda end: self._scene.place_of(end.call))

    def add_next(self, spec: LayerSpec, fallback: Point) -> str | None:
        """Add a layer below the selected boxes and feed it with what they end with, else at ``fallback``.

        A layer that joins tensors gets those of all of them.
        """
        ends = self.joined_ends()
        if len(ends) > 1 and takes_several(spec, len(ends)):
            rects = [self._scene.shown(end.call).rect() for end in ends]
            middle = (min(rect.left() for rect in rects) + max(rect.right() for rect in rects)) / 2
            below = max(rect.bottom() for rect in rects) + NEXT_GAP
            return self.add(spec, self.free_place((middle - BOX_WIDTH / 2, below)), after=ends)
        end = self.open_end()
        if end is None or (not spec.inputs and len(self._scene.selection) > 1):
            return self.add(spec, self.free_place(fallback))
        rect = self._scene.shown(end.call).rect()
        if not spec.inputs:
            return self.add(spec, self.free_place((rect.right() + 28, rect.top())))
        return self.add(spec, self.free_place((rect.left(), rect.bottom() + NEXT_GAP)), after=end)

    def free_place(self, wish: Point) -> Point:
        """The first place from ``wish`` to the right where no box lies."""
        x, y = round(wish[0]), round(wish[1])
        while self._scene.index.within((x - 8, y - 8, x + BOX_WIDTH + 8, y + BOX_HEIGHT + 8)):
            x += round(BOX_WIDTH + 28)
        return float(x), float(y)

    # Wires

    def connect(self, source: TensorRef, target: str, path: ArgumentPath | None) -> bool:
        return self.do(Text("Connect"), lambda: commands.connect(self._document, source, target, path, self._catalog))

    def reconnect(self, edge: Edge, target: str, path: ArgumentPath | None) -> bool:
        return self.do(
            Text("Move a wire"),
            lambda: [
                *commands.reconnect(self._document, edge, target, path, self._catalog),
                *carry_dots(self._document, [(wire_of(edge), (edge.source.call, edge.source.index, target))]),
            ],
        )

    def resource(self, edge: Edge, source: TensorRef) -> bool:
        """Feed the end of a wire from another output, and the ends of those that are seen as one with it."""
        return self._lead_from(Text("Move a wire"), seen_as_one(self._document, edge), source)

    def insert(self, call_id: str, edge: Edge, place: Point) -> bool:
        """Put a box that takes nothing yet into a wire."""
        return self.do(
            Text("Insert into a wire"),
            lambda: insert_into(self._document, call_id, edge, place, self._catalog, self._scene.place_of),
        )

    def disconnect(self, edge: Edge) -> bool:
        return self.do(Text("Disconnect"), lambda: commands.disconnect(self._document, edge))

    def disconnect_seen(self, edge: Edge) -> bool:
        """Take away a wire with those that are seen as one with it."""
        return self.do(Text("Disconnect"), lambda: disconnect_all(self._document, seen_as_one(self._document, edge)))

    def cut_wires(self, edges: Sequence[Edge]) -> bool:
        return self.do(Text("Cut wires"), lambda: disconnect_all(self._document, edges))

    def lead_from(self, edges: Sequence[Edge], source: TensorRef) -> bool:
        """Let wires begin at another output."""
        return self._lead_from(Text("Move wires"), edges, source)

    def _lead_from(self, label: Text, edges: Sequence[Edge], source: TensorRef) -> bool:
        carried = [(wire_of(edge), (source.call, source.index, edge.target)) for edge in edges]
        return self.do(label, lambda: [*lead_from(self._document, edges, source), *carry_dots(self._document, carried)])

    # The selection

    def delete(self) -> None:
        call_ids = self._scene.selection
        notes = self._scene.notes.selected_names
        self.do(Text("Delete"), lambda: commands.delete_calls(self._document, call_ids, notes))

    def duplicate(self) -> None:
        scene = self._scene
        notes = dict.fromkeys(scene.notes.selected_names, scene.graph_id)
        if scene.selection or notes:
            self.bring(
                Text("Duplicate"), lambda: duplicate(self._document, scene.selection, _STEP, notes), with_notes=True
            )

    def share(self) -> None:
        """Use the layer of the one selected box again."""
        if len(self._scene.selection) != 1:
            self._report(tr("Select one box to use its layer again."))
            return

        def edits() -> tuple[list[Edit], list[str]]:
            call_id = self._scene.selection[0]
            x, y = self._scene.place_of(call_id)
            steps, new = commands.share(self._document, call_id, self.free_place((x + BOX_WIDTH + 28, y)))
            return steps, [new]

        self.bring(Text("Use again"), edits)

    def group(self) -> None:
        """Make a nested model of the selected boxes."""

        def edits() -> tuple[list[Edit], list[str]]:
            steps, new = group(self._document, self._scene.selection, self._catalog, self._scene.spec_of)
            return steps, [new]

        self.bring(Text("Make a nested model"), edits)

    def dissolve(self) -> None:
        """Put what is in the one selected nested model where its box is."""
        if len(self._scene.selection) != 1:
            self._report(tr("Select the one nested model that should be dissolved."))
            return
        self.bring(Text("Dissolve"), lambda: dissolve(self._document, self._scene.selection[0]))

    def replace(self, call_ids: Sequence[str], spec: LayerSpec) -> bool:
        """Put layers of another kind in the place of those of some boxes."""
        return self.do(
            Text("Replace by {layer}", {"layer": spec.shown_name}),
            lambda: replace_layers(self._document, call_ids, spec, self._catalog),
        )

    def toggle_collapsed(self) -> None:
        """Make bars of the selected boxes; show all of them again when they are that already."""
        call_ids = self._scene.selection
        collapsed = not all(self._scene.boxes[call_id].look.collapsed for call_id in call_ids)
        label = Text("Collapse") if collapsed else Text("Expand")
        self.do(label, lambda: set_collapsed(self._document, call_ids, collapsed))

    def toggle_output(self) -> None:
        """Make the selected boxes outputs of the model; no longer so when all are already."""
        call_ids = self._scene.selection
        if not call_ids:
            return
        marked = [ref for ref in self._scene.graph.output_refs() if ref.call in call_ids]
        known = {ref.call for ref in marked}
        others = [TensorRef(call_id) for call_id in call_ids if call_id not in known]
        label = Text("Mark as output") if others else Text("No longer an output")
        makers = [partial(commands.set_output, self._document, ref, bool(others)) for ref in others or marked]
        self._do_each(label, makers)

    def nudge(self, dx: float, dy: float) -> None:
        """Move the selected boxes; steps that follow each other count as one."""
        call_ids = tuple(self._scene.collapsed_frames.whole(self._scene.selection))
        places = {call_id: self._scene.place_of(call_id) for call_id in call_ids}
        new_places = {call_id: (x + dx, y + dy) for call_id, (x, y) in places.items()}
        notes = {key: (x + dx, y + dy, w, h) for key, (x, y, w, h) in self._scene.notes.places().items()}
        self.move(new_places, notes, merge_key=("nudge", call_ids, tuple(notes)))

    def move(
        self,
        places: Mapping[str, Point],
        notes: Mapping[str, Box] = NOTHING,
        merge_key: tuple[object, ...] | None = None,
    ) -> bool:
        """Move boxes and notes."""

        def edits() -> list[Edit]:
            return [*commands.move_calls(self._document, places), *place_notes(self._document, notes)]

        return self.do(Text("Move"), edits, merge_key)

    def resize_note(self, note_id: str, box: Box) -> bool:
        return self.do(Text("Change the size of a note"), lambda: place_notes(self._document, {note_id: box}))

    def tidy(self, places: Mapping[str, Point]) -> bool:
        """Put boxes in order; their wires find their own way again."""
        return self.do(
            Text("Tidy"), lambda: [*commands.move_calls(self._document, places), *drop_dots(self._document, places)]
        )

    def rename(self, call_id: str, name: str) -> bool:
        operation = self._scene.graph.operation_of(call_id)
        return self.do(Text("Rename"), lambda: commands.rename(self._document, operation.id, name.strip()))

    def put_dots(self, wire: Wire, places: Sequence[Point], label: Text) -> bool:
        """Let a wire run through ``places``."""
        return self.do(label, lambda: put_dots(self._document, wire, places))

    def change_frame(self, frame_id: str, *, title: str | None = None, color: str | None = None) -> bool:
        label = Text("Colour a frame") if title is None else Text("Rename a frame")
        return self.do(label, lambda: change_frame(self._document, frame_id, title=title, color=color))

    def remove_frame(self, frame_id: str) -> bool:
        return self.do(Text("Remove the frame"), lambda: remove_frame(self._document, frame_id))

    # Doing

    def do(self, label: Text, make: Callable[[], Sequence[Edit]], merge_key: tuple[object, ...] | None = None) -> bool:
        try:
            self._history.do(label, make(), merge_key)
        except EditError as error:
            self._report(str(error.text))
            return False
        return True

    def bring(
        self, label: Text, make: Callable[[], tuple[Sequence[Edit], Sequence[str]]], with_notes: bool = False
    ) -> Sequence[str] | None:
        """Do the edits that ``make`` returns with the ids of the boxes that come, and select these.

        ``with_notes`` selects the notes that come, too. The ids come back, or None when it was refused.
        """
        scene, notes_before = self._scene, set(self._scene.notes.items)
        new_ids: list[str] = []

        def edits() -> Sequence[Edit]:
            steps, new = make()
            new_ids.extend(new)
            return steps

        if not self.do(label, edits):
            return None
        scene.select(new_ids, [key for key in scene.notes.items if with_notes and key not in notes_before])
        return new_ids

    def _do_each(self, label: Text, makers: Sequence[Callable[[], Sequence[Edit]]]) -> None:
        """Edits that each have to see what the one before has done, as one step."""
        key = ("each", object())
        for make in makers:
            if not self.do(label, make, key):
                return
