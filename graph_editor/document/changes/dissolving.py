"""A nested model becomes boxes again; what is computed stays the same."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from graph_editor.document import arguments
from graph_editor.document.canvas.frames import FRAMES, framed_boxes, opened
from graph_editor.document.canvas.items import Copies, with_copies, without
from graph_editor.document.canvas.make_room import make_room
from graph_editor.document.canvas.values import set_canvas, with_value
from graph_editor.document.changes.commands import INPUT
from graph_editor.document.changes.grouping import corner_of, followed
from graph_editor.document.document import ROOT, Document, Point
from graph_editor.document.draft import Draft, interface_view
from graph_editor.document.edits import (
    AddCall,
    AddOperation,
    Edit,
    EditError,
    RemoveCall,
    RemoveGraph,
    RemoveOperation,
    SetPositions,
)
from graph_editor.document.graph import BYPASSED, Call, Operation, TensorRef, position_in
from graph_editor.document.naming import Namer
from graph_editor.document.nesting import is_deferred, plain_keywords, sources
from resources.text import Text


def dissolve(document: Document, call_id: str) -> tuple[list[Edit], list[str]]:
    """Put what is in a nested model where its box is; the ids of the boxes come back as well.

    A model with several boxes dissolves into as many calls of the same layers, which then share their weights.
    """
    return _Dissolving(document, call_id).edits()


class _Dissolving:
    """Works out one dissolution; the layers keep their ids, and their first calls too."""

    def __init__(self, document: Document, call_id: str) -> None:
        self.document = document
        self.model = document.operation_of(call_id)
        if self.model.graph is None:
            raise EditError(Text("{layer} is no nested model.", {"layer": self.model.shown_name}))
        self.graph_id = document.graph_id_of_call(call_id)
        self.outer, self.inner = document.graphs[self.graph_id], document.graphs[self.model.graph]
        self.uses = [key for key in self.outer.topological_order() if key in self.outer.calls_of(self.model.id)]
        self.blocks: dict[str, Copies] = {}  # box of the model -> what its layers became, and how far they moved
        self.deferred = is_deferred(document, self.model)
        self.namer = Namer(document)
        self.spots = {key: document.positions[key] for key in self.outer.calls if key in document.positions}
        self._check()

    def _check(self) -> None:
        if len(self.uses) < len(self.outer.calls_of(self.model.id)):
            raise EditError(Text("Boxes on a circle of wires cannot be dissolved."))
        for use in self.uses:
            if self.outer.calls[use].mode == BYPASSED:
                name = self.model.shown_name
                raise EditError(Text("{layer} is bypassed, which its layers could not be together.", {"layer": name}))
            keywords = plain_keywords(self.outer.calls[use])
            if keywords:
                words = ", ".join(f"{key}={value}" for key, value in keywords.items())
                raise EditError(
                    Text(
                        "{layer} is called with {arguments}, which its layers would lose.",
                        {"layer": self.model.shown_name, "arguments": words},
                    )
                )

    def edits(self) -> tuple[list[Edit], list[str]]:
        index = position_in(self.outer.operations, self.model.id)
        removal = [RemoveGraph(str(self.model.graph))]
        operations = [op for op in self.inner.operations.values() if op.class_name != INPUT]
        new_edits: list[Edit] = []
        for number, operation in enumerate(operations):
            new_edits.append(AddOperation(self._outer_form(operation), self.graph_id, index + number))
        draft, new_calls = Draft(self.document), list[str]()
        replacements: dict[TensorRef, TensorRef | None] = {}  # tensors of the boxes that go -> what stands in for them
        order = list(self.outer.calls)
        for use in self.uses:
            for call in self._calls(use, replacements, new_calls):
                place = order.index(use)
                order.insert(place, call.id)
                new_edits.append(AddCall(call, self.graph_id, place))
        draft.rewire(self.graph_id, self.uses, lambda ref: replacements.get(ref))
        places = self._places(self.uses)
        ends = [RemoveCall(use) for use in reversed(self.uses)]
        names = self._followed_names(replacements, new_edits)
        edits = [
            *removal,
            *new_edits,
            *draft.edits(),
            *ends,
            RemoveOperation(self.model.id),
            SetPositions(places),
            *names,
        ]
        return edits + self._belongings(), new_calls

    def _outer_form(self, operation: Operation) -> Operation:
        """The layer with a name that is free outside; frozen when the model was."""
        operation = self.namer.named(self.outer, operation)
        frozen = {} if self.model.trainable else {"trainable": False}
        return replace(operation, config={**operation.config, **frozen})

    def _calls(self, use: str, replacements: dict[TensorRef, TensorRef | None], new_calls: list[str]) -> list[Call]:
        """The inner calls for one box of the model; ``replacements`` learns what stands in for its tensors."""
        box = self._rewired(self.outer.calls[use], replacements)
        first = use == self.uses[0]
        sources_inside = self._fed(box)
        calls, block = [], dict[str, str]()
        for key in self.inner.topological_order():
            call, operation = self.inner.calls[key], self.inner.operation_of(key)
            if operation.class_name == INPUT:
                continue
            new_id = key if first else self.namer.call_id()
            gaps = operation.graph is not None
            args, kwargs = arguments.mapped(call, lambda ref: sources_inside.get(ref), gaps)
            if self.deferred and not any(True for _ in call.tensors()):
                args = box.args
            mode = box.mode or call.mode
            calls.append(Call(new_id, call.operation, args, kwargs, call.extra, mode))
            for ref in self._tensors_of(key):
                sources_inside[ref] = TensorRef(new_id, ref.index)
            block[key] = new_id
        new_calls += block.values()
        self.blocks[use] = block, self._place(block, use)
        for index, ref in enumerate(self.inner.output_refs()):
            replacements[TensorRef(use, index)] = sources_inside.get(ref)
        return calls

    def _rewired(self, call: Call, replacements: Mapping[TensorRef, TensorRef | None]) -> Call:
        """The box as it will be: it may take something from another box of the same model."""
        args, kwargs = arguments.mapped(call, lambda ref: replacements.get(ref, ref), gaps=True)
        return replace(call, args=args, kwargs=kwargs)

    def _fed(self, box: Call) -> dict[TensorRef, TensorRef | None]:
        view = interface_view(self.inner, (self.inner.inputs, self.inner.outputs))
        return sources(view, box)

    def _tensors_of(self, key: str) -> set[TensorRef]:
        used = {edge.source for edge in self.inner.edges_from(key)}
        return used | {ref for ref in self.inner.output_refs() if ref.call == key}

    def _belongings(self) -> list[Edit]:
        """Bring out what lay inside beside the layers; a frame round the box becomes one round these."""
        ends = [key for key in self.inner.calls if self.inner.operation_of(key).class_name == INPUT]
        within = without(self.document.canvas_extra, ends)
        framed = framed_boxes(within.get(FRAMES.key))
        loose = {
            use: [new for old, new in block.items() if old not in framed] for use, (block, _) in self.blocks.items()
        }
        after = without(within, [str(self.model.graph), *self.inner.calls])
        after = with_value(after, FRAMES.key, opened(after.get(FRAMES.key), loose))
        inner = {str(self.model.graph): self.graph_id}
        moved = [({**block, **inner}, shift) for block, shift in self.blocks.values()]
        return set_canvas(self.document, with_copies(without(after, self.uses), within, moved))

    def _place(self, block: Mapping[str, str], use: str) -> Point:
        """Let the layers (inner call -> new call) lie as they did inside, around where the box was; how far that is."""
        positions = self.document.positions
        at, corner = self.spots.pop(use, None), corner_of(self.document, block)
        if at is None or corner is None:
            return 0.0, 0.0
        for key, new_id in block.items():
            x, y = positions[key]
            self.spots[new_id] = (at[0] + x - corner[0], at[1] + y - corner[1])
        make_room(self.spots, block.values(), at[1])
        return at[0] - corner[0], at[1] - corner[1]

    def _places(self, removed_ids: Collection[str]) -> dict[str, Point | None]:
        """Return what is different about places in the end."""
        positions = self.document.positions
        places: dict[str, Point | None] = {key: None for key in removed_ids if key in positions}
        places |= {key: None for key in self.inner.calls if key in positions and key not in self.spots}
        return places | {key: point for key, point in self.spots.items() if positions.get(key) != point}

    def _followed_names(self, replacements: Mapping[TensorRef, TensorRef | None], new_edits: list[Edit]) -> list[Edit]:
        if self.graph_id != ROOT:
            return []
        operations = {edit.operation.id: edit.operation for edit in new_edits if isinstance(edit, AddOperation)}
        calls = {edit.call.id: edit.call for edit in new_edits if isinstance(edit, AddCall)}
        after = []
        for ref in self.outer.output_refs():
            now = replacements.get(ref, ref)
            if now is None:
                return []
            call = calls.get(now.call) or self.outer.calls[now.call]
            after.append((operations.get(call.operation) or self.outer.operations[call.operation]).name)
        return followed(self.document, after)
