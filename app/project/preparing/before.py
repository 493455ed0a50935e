"""Moves boxes that prepare an input out of the model: they become steps of its columns, with the settings they had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.project.preparing.scratch import Scratch, require_input
from app.project.preparing.steps_of import WrittenStep, raw_sample, steps_of, with_binding, with_steps
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import delete_calls
from graph_editor.document.checking.validation import Mend
from graph_editor.document.document import Document
from graph_editor.document.edits import Edit, EditError, SetData, SetParameters
from graph_editor.document.graph import Operation, TensorRef
from graph_editor.document.vocabulary import LOOKUPS, VOCABULARY_SIZE, vocabularies
from resources.text import Text
from resources.training.sections import bindings_of
from resources.training.setting import SettingError
from runtime.messages.checking import DataProblem
from runtime.messages.describing import Column
from runtime.step_kinds import step_kinds, step_module
from runtime.step_samples import Layer, Sample, StepError

Json = Any
WORDS_INSIDE: Final = "words_inside"  # what the check calls words inside a model, where no backend holds them


@dataclass(slots=True)
class _Chain:
    """Boxes that follow an input one by one, as steps; `sample` is what comes out of the last."""

    operation: Operation
    call: str
    columns: tuple[str, ...]
    sample: Sample
    steps: list[WrittenStep]
    boxes: list[str]
    flattened: bool = False

    @property
    def end(self) -> str:
        return self.boxes[-1] if self.boxes else self.call

    def size(self) -> int:
        return self.sample.size if self.steps or len(self.columns) == 1 else len(self.columns)


def why_not_before(document: Document, catalog: Catalog, target: str, columns: Mapping[str, Column]) -> Text | None:
    """Why no box behind an input can become a step; None if one can."""
    try:
        move_before(document, catalog, target, columns)
    except EditError as error:
        return error.text
    return None


def mends_before(
    document: Document, catalog: Catalog, findings: Iterable[DataProblem], columns: Sequence[Column]
) -> dict[str, Mend]:
    """What takes the boxes out of the model that hold words where the backend holds none; by input.

    `columns` are as they are before all steps.
    """
    targets = [finding.target for finding in findings if finding.kind == WORDS_INSIDE and finding.target]
    known = {column.name: column for column in columns}
    mends = {}
    for target in targets:
        try:
            edits = move_before(document, catalog, target, known)
        except EditError:
            continue  # what is read there is no step: the sentence stands alone
        text = Text("Keep the steps of {input} before the model", {"input": target})
        mends[target] = Mend(text, tuple(edits))
    return mends


def move_before(document: Document, catalog: Catalog, target: str, columns: Mapping[str, Column]) -> list[Edit]:
    """Make steps of the boxes behind the input `target`, as many as are steps, and take the boxes away.

    Where what comes out of several inputs is put side by side behind such boxes, they become one input again. Raises
    EditError.
    """
    chains, joint = _chains(document, target, columns)
    if not any(chain.steps for chain in chains):
        raise EditError(Text("No box behind {name} is a step of preparation.", {"name": target}))
    scratch = Scratch(document, catalog)
    first, boxes = chains[0], [box for chain in chains for box in chain.boxes]
    behind = document.graph.consumers(joint or first.end)
    scratch.lead(joint or first.end, behind, first.call)
    data = document.data
    for chain in chains:
        data = with_binding(data, chain.operation.name, ())
        for name in chain.columns:
            data = with_steps(data, [name], [*steps_of(document.data, name), *chain.steps])
    data = with_binding(data, first.operation.name, [name for chain in chains for name in chain.columns])
    removed = [*boxes, *([joint] if joint else []), *(chain.call for chain in chains[1:])]
    scratch.do(*delete_calls(scratch.document, removed))
    raw = raw_sample(columns[first.columns[0]])
    shape = [sum(chain.size() for chain in chains)] if joint else list(first.sample.shape or (1,))
    dtype = "int64" if not joint and first.sample.whole else "float32"
    whole = [None, *shape]
    if not joint and len(first.columns) == 1 and first.sample.shape == raw.shape and not raw.words:
        whole = list(first.operation.config.get("batch_shape", whole))  # it may have added axes of size 1
    scratch.do(SetParameters(first.operation.id, {"batch_shape": whole, "dtype": dtype}), SetData(data))
    return scratch.edits


def _chains(document: Document, target: str, columns: Mapping[str, Column]) -> tuple[list[_Chain], str | None]:
    """The chain behind an input; those beside it too where a Concatenate, which comes back, joins them all."""
    first = _chain(document, target, columns)
    graph = document.graph
    consumers = graph.consumers(first.end)
    if len(consumers) != 1 or graph.operation_of(consumers[0]).class_name != "Concatenate":
        return [_without_flat(first)], None
    joint = consumers[0]
    starts = [_start(document, ref.call) for _, ref in graph.calls[joint].tensors()]
    if None in starts or graph.operation_of(joint).config.get("axis", -1) not in (-1, 1):
        return [_without_flat(first)], None
    try:
        chains = [_chain(document, str(start), columns) for start in starts]
    except EditError:
        return [_without_flat(first)], None
    whole = all(graph.consumers(chain.end) == [joint] for chain in chains)
    flat = all(chain.flattened or len(chain.sample.shape) < 2 for chain in chains)
    return (chains, joint) if whole and flat else ([_without_flat(first)], None)


def _without_flat(chain: _Chain) -> _Chain:
    """A Flatten that ends a chain is no step: it stays."""
    if chain.flattened:
        chain.boxes.pop()
    return chain


def _start(document: Document, call: str) -> str | None:
    """The name of the input that a chain of single boxes begins with."""
    graph = document.graph
    while graph.operation_of(call).class_name != "InputLayer":
        sources = [ref.call for _, ref in graph.calls[call].tensors()]
        if len(sources) != 1:
            return None
        call = sources[0]
    return graph.operation_of(call).name


def _chain(document: Document, target: str, columns: Mapping[str, Column]) -> _Chain:
    """Raises EditError for what is no input, and where its columns are not known."""
    operation, call = require_input(document, target)
    bound = bindings_of(document.data).get(operation.name, ())
    if not bound:
        raise EditError(Text("The input {name} has no data column yet.", {"name": target}))
    if missing := [name for name in bound if name not in columns]:
        raise EditError(Text("The data have no column {column}.", {"column": missing[0]}))
    sample = raw_sample(columns[bound[0]])
    if len(bound) > 1:
        sample = Sample((len(bound),), sample.dtype, sample.kind)
    chain = _Chain(operation, call, tuple(bound), sample, [], [])
    graph = document.graph
    while len(consumers := graph.consumers(chain.end)) == 1:
        box = consumers[0]
        step = _step(document, box, chain)
        if step is not None:
            chain.steps.append(step)
            chain.boxes.append(box)
        else:
            if graph.operation_of(box).class_name == "Flatten" and chain.steps and _alone(document, box):
                chain.boxes.append(box)
                chain.flattened = True
            break
    return chain


def _alone(document: Document, box: str) -> bool:
    """Whether a box gets one tensor, is the only use of its layer, and no output of the model."""
    graph = document.graph
    operation = graph.operation_of(box)
    single = len(list(graph.calls[box].tensors())) == 1 and len(graph.calls_of(operation.id)) == 1
    return single and TensorRef(box) not in graph.output_refs() and not graph.calls[box].mode


def _step(document: Document, box: str, chain: _Chain) -> WrittenStep | None:
    """The box as a step that the samples of the chain take; they are then those that come out of it."""
    operation = document.operation_of(box)
    if not _alone(document, box):
        return None
    layer: Layer = {"module": operation.module, "class_name": operation.class_name, "config": dict(operation.config)}
    for kind in step_kinds():
        module = step_module(kind.key)
        values = module.settings_of(layer) if kind.inside else None
        if values is None:
            continue
        together = kind.together and values.get("each", True)
        try:
            kind.check(values)
            before = chain.sample
            if len(chain.columns) > 1 and not together:
                continue
            after = module.result(before, kind.values(values), None)
        except (SettingError, StepError):
            continue
        sized = _sized(operation, after)
        if sized is None:
            return None
        chain.sample = sized
        short = {key: value for key, value in values.items() if value != kind.values({})[key]}
        return WrittenStep(kind.key, short)
    return None


def _sized(operation: Operation, after: Sample) -> Sample | None:
    """With the width that the words of a layer make; None where nobody knows them."""
    config = operation.config
    if operation.class_name not in LOOKUPS or config.get("output_mode", "int") == "int":
        return after
    known = vocabularies(operation).get("")
    words = config.get("vocabulary") or (known.words if known is not None else None)
    size = config.get(VOCABULARY_SIZE)
    if size is None and words:
        size = len(words) + (0 if known is not None else int(config.get("num_oov_indices", 1)))
    return None if size is None else Sample((*after.shape[:-1], int(size)), after.dtype, after.kind)
