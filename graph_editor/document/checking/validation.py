"""What is wrong with a document that can be told without Keras, at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes.commands import INPUT, no_such_output, set_output
from graph_editor.document.changes.giving_input import GivenInput, first_without_input, give_input
from graph_editor.document.changes.safe_names import inner_names, safe_names
from graph_editor.document.checking.built_model import BuiltModel, built, built_model
from graph_editor.document.checking.trust import distrust
from graph_editor.document.custom_code import code_files, is_own_code
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import Edit
from graph_editor.document.graph import Call, Edge, Graph, Operation, TensorRef
from graph_editor.document.naming import can_run
from graph_editor.document.nesting import is_deferred, nested_operations
from graph_editor.document.ports import Ports, Slot
from resources.keras_names import is_layer_name, is_model_name
from resources.text import Text

NAME: Final = "name"  # the kind of problems of names that Keras takes, but cannot train
NO_NAME: Final = "no_name"  # of those that it does not take
NAMES: Final = (NAME, NO_NAME)
NO_SHAPE_YET: Final = "sequential_without_input"
_OPERATIONS: Final = "keras.src.ops."  # those that take functions stand in no catalogue


@dataclass(frozen=True, slots=True)
class Mend:
    """What sets a problem right: ``text`` says in one sentence what it does, ``edits`` do it as one step.

    The edits name what they change and no more (``SetIn``, ``SetParameters``): the document may have gone on since.
    """

    text: Text
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (an error) or odd (a warning, called a remark), in one sentence.

    ``kind`` is stable for machines, ``detail`` may be long. ``place`` says in a few words where it is; without one it
    is the box of ``call``. An error hinders training, a remark nothing.
    """

    severity: Literal["error", "warning"]
    text: Text
    call: str | None = None
    edge: Edge | None = None
    detail: str = ""
    kind: str = ""
    place: Text | None = None
    mend: Mend | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def area(self) -> str:
        """What it is about: "data" of the kind "data.sorted", "training" of "training.logits"."""
        return self.kind.split(".")[0]

    @property
    def is_of_data(self) -> bool:
        """Whether it is mended in Data."""
        return self.area == "data"


def problems(document: Document, catalog: Catalog) -> list[Problem]:
    """Every structural problem of the model, those of boxes in the order in which data flows."""
    return Structure(catalog).problems(document)


def place_of(document: Document, problem: Problem) -> str:
    """Where a problem is, in a few words; empty when it is about the whole."""
    if problem.place is not None:
        return str(problem.place)
    known = problem.call is not None and document.has_call(problem.call)
    return document.operation_of(str(problem.call)).shown_name if known else ""


def is_blank(problems: Sequence[Problem]) -> bool:
    """Whether nothing is wrong but that there is nothing yet."""
    return bool(problems) and all(problem.kind == "empty" for problem in problems)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen at one call, and the values that it was seen in."""

    call: Call
    operation: Operation
    spec: LayerSpec | None
    listed: bool  # as an input of the model
    lacks: bool  # an input that must be there
    problems: tuple[Problem, ...]

    def holds(self, call: Call, operation: Operation, spec: LayerSpec | None, listed: bool) -> bool:
        """A nested model takes what its graph says, which may be different without it being another value."""
        same = self.call is call and self.operation is operation and self.spec is spec
        return same and self.listed == listed and operation.graph is None


def hindrances(document: Document, all_problems: Iterable[Problem], catalog: Catalog) -> list[Problem]:
    """The errors that keep a model from being built: what is left out of it hinders nobody."""
    model = built_model(document, catalog)
    graph = model.document.graph
    outputs = [ref.call for ref in graph.output_refs()]
    left_out = document.graph.calls.keys() - graph.upstream(outputs) if outputs else set()
    left_out |= model.left_out.keys()
    return [problem for problem in all_problems if problem.severity == "error" and problem.call not in left_out]


class Structure:
    """What can be told of a document without Keras. Asked again after an edit, it looks only at what is new.

    Values of a document are frozen: a call that is still the same object is still the same.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._looks: dict[str, dict[str, _Look]] = {}  # by graph
        self._orders: dict[str, tuple[list[Call], list[str]]] = {}

    def problems(self, document: Document) -> list[Problem]:
        """Every structural problem, those of boxes in the order in which data flows, those in nested models last."""
        if not document.graph.calls:
            return [Problem("error", Text("The model is empty. Start with an Input."), kind="empty")]
        model = built_model(document, self._catalog)
        all_problems = self._all_problems(model.document)
        if model.document is not document:
            all_problems = _without_muted(all_problems, model, document.graph)
        if any(problem.kind in NAMES for problem in all_problems):
            all_problems = _with_safe_names(all_problems, document)
        return [_with_advice(document, problem) for problem in all_problems] if code_files(document) else all_problems

    def built(self, document: Document) -> Document:
        """Return what of a document is built."""
        return built(document, self._catalog)

    def _all_problems(self, document: Document) -> list[Problem]:
        self._forget(document)
        all_problems = [*_interface_problems(document), *_model_name_problems(document.graph)]
        waiting: list[tuple[str, Operation | None]] = [(ROOT, None)]
        for graph_id, model in waiting:  # grows while it is read
            graph = document.graphs[graph_id]
            all_problems += self._graph_problems(document, graph_id, model)
            for operation in nested_operations(graph):
                all_problems += _model_problems(document, graph, operation)
                waiting.append((str(operation.graph), operation))
        return all_problems

    def order(self, document: Document, graph_id: str = ROOT) -> list[str]:
        """`graph.topological_order()`; not to be changed."""
        graph = document.graphs[graph_id]
        calls = list(graph.calls.values())
        earlier = self._orders.get(graph_id)
        if earlier is None or calls != earlier[0]:
            earlier = self._orders[graph_id] = (calls, graph.topological_order())
        return earlier[1]

    def incomplete(self, document: Document, graph_id: str = ROOT) -> set[str]:
        """Calls of a graph that Keras cannot be asked about.

        An input is missing here or upstream, they lie on a cycle, or they call a model that is not complete itself.
        """
        graph = document.graphs[graph_id]
        unfit = {item.id for item in nested_operations(graph) if not self.is_complete(document, item)}
        looks = self._look(document, graph_id)
        lacking = {key for key, look in looks.items() if look.lacks or look.operation.id in unfit}
        return graph.downstream(lacking | (graph.calls.keys() - set(self.order(document, graph_id))))

    def is_complete(self, document: Document, model: Operation) -> bool:
        """Whether Keras can make a nested model as it is."""
        graph_id = str(model.graph)
        graph = document.graphs[graph_id]
        if is_deferred(document, model):
            return all(self.is_complete(document, inner) for inner in nested_operations(graph))
        if not graph.input_refs() or not graph.output_refs():
            return False
        return not graph.upstream(ref.call for ref in graph.output_refs()) & self.incomplete(document, graph_id)

    def _graph_problems(self, document: Document, graph_id: str, model: Operation | None) -> list[Problem]:
        graph, order = document.graphs[graph_id], self.order(document, graph_id)
        all_problems, looks = [*_cycle_problems(graph, order)], self._look(document, graph_id)
        deferred = is_deferred(document, model) if model is not None else first_without_input(document) is not None
        for call_id in order[1:] if deferred else order:  # the first layer takes what the model is called with
            all_problems += looks[call_id].problems
        return [*all_problems, *_name_problems(graph), *_dead_ends(graph)]

    def _look(self, document: Document, graph_id: str) -> dict[str, _Look]:
        graph, ports = document.graphs[graph_id], Ports(document, self._catalog)
        listed = {ref.call for ref in graph.input_refs()}
        before, looks = self._looks.get(graph_id, {}), {}
        for call_id, call in graph.calls.items():
            operation = graph.operations[call.operation]
            spec = self._catalog.layer(operation.class_name, operation.module)
            look = before.get(call_id)
            if look is None or not look.holds(call, operation, spec, call_id in listed):
                lacking = ports.missing(operation, call)
                found = tuple(_call_problems(operation, call, spec, lacking, call_id in listed))
                look = _Look(call, operation, spec, call_id in listed, bool(lacking), found)
            looks[call_id] = look
        self._looks[graph_id] = looks
        return looks

    def _forget(self, document: Document) -> None:
        """Keep nothing of graphs that are gone."""
        self._looks = {key: looks for key, looks in self._looks.items() if key in document.graphs}
        self._orders = {key: order for key, order in self._orders.items() if key in document.graphs}


def _without_muted(all_problems: list[Problem], model: BuiltModel, drawn: Graph) -> list[Problem]:
    """The problems of what is built; that something is left out is no problem, unless no output remains."""
    left_out = {"dead_end", "unlisted_input"}
    all_problems = [
        problem for problem in all_problems if not (problem.kind in left_out and problem.call in model.left_out)
    ]
    if model.document.graph.output_refs() or not drawn.output_refs():
        return all_problems
    text = Text("No output of the model is left: each one needs a box that is muted. Switch one of these on again.")
    kept = [problem for problem in all_problems if problem.kind not in ("no_output", "no_input")]
    return [Problem("error", text, kind="all_muted"), *kept]


def _with_safe_names(all_problems: list[Problem], document: Document) -> list[Problem]:
    """Propose new names for all layers at once, at each that needs one."""
    edits = tuple(safe_names(document))
    text = Text("Make names that Keras takes; the old ones stay as titles")
    return [
        replace(problem, mend=Mend(text, edits)) if problem.kind in NAMES and edits else problem
        for problem in all_problems
    ]


def _unsafe_names(operation: Operation, call: Call) -> Iterator[Problem]:
    """Say which names of a layer, and of layers in it, Keras cannot run."""
    if not can_run(operation):
        text = Text("Keras cannot train a layer called {name}: {reason}", _why(operation.name))
        yield Problem("error", text, call.id, kind=_name_kind(operation.name))
    for name in list(dict.fromkeys(inner_names(operation)))[:1]:
        text = Text("Keras cannot train {layer} with a layer called {name} in it: {reason}", _why(name))
        args = {**text.args, "layer": operation.shown_name}
        yield Problem("error", Text(text.template, args), call.id, kind=_name_kind(name))


def _model_name_problems(graph: Graph) -> Iterator[Problem]:
    if not is_model_name(graph.name):
        text = Text("Keras cannot train a model called {name}: {reason}", _why(graph.name))
        yield Problem("error", text, kind=_name_kind(graph.name))


def _name_kind(name: str) -> str:
    return NO_NAME if "/" in name or not name.strip() else NAME


def _why(name: str) -> dict[str, str | int | float | Text]:
    if "/" in name:
        reason = Text("it keeps the “/” for itself.")
    elif is_layer_name(name):
        reason = Text("a model's name begins with a letter, a digit or a dot.")
    else:
        reason = Text("names take Latin letters, digits and . _ - > there, no spaces and no other signs.")
    return {"name": name, "reason": reason}


def _with_advice(document: Document, problem: Problem) -> Problem:
    """Return what to do about a box whose class may be in the project's own code."""
    if problem.kind != "untrusted" or problem.call is None:
        return problem
    operation = document.operation_of(problem.call)
    if not is_own_code(operation):
        return problem
    text = Text(
        "{layer} is a {class_name} of the project's own code, which runs only if you allow it: “Run the project's "
        "code” in the menu Model.",
        {"layer": operation.shown_name, "class_name": operation.class_name[:80]},
    )
    return replace(problem, text=text, kind="own_code")


def _model_problems(document: Document, parent: Graph, operation: Operation) -> Iterator[Problem]:
    """Yield what a nested model lacks as a whole, said at its first box."""
    graph = document.graphs[str(operation.graph)]
    call_id = next(iter(parent.calls_of(operation.id)), None)
    if not graph.input_refs() and not is_deferred(document, operation):
        text = Text("{layer} has no input. Open it, and add an Input there.", {"layer": operation.shown_name})
        yield Problem("error", text, call_id, kind="nested_no_input")
    if not graph.output_refs():
        text = Text("{layer} has no output. Open it, and mark a layer as an output.", {"layer": operation.shown_name})
        yield Problem("error", text, call_id, kind="nested_no_output")


def _interface_problems(document: Document) -> Iterator[Problem]:
    graph = document.graph
    given = give_input(document)
    if given is not None:
        yield _no_shape_yet(document, given)
    elif not graph.input_refs():
        yield Problem("error", Text("The model has no input. Add an Input and wire it."), kind="no_input")
    if not graph.output_refs():
        text = Text("The model has no output. Select its last layer and mark it as an output.")
        yield Problem("error", text, kind="no_output", mend=_last_as_output(document))


def _no_shape_yet(document: Document, given: GivenInput) -> Problem:
    text = Text(
        "{model} is a Sequential without an Input: it has no shapes and no weights until it has one. As it is, it can "
        "be exported as .keras, JSON or Python only.",
        {"model": document.graph.shown_name},
    )
    sizes = "×".join(map(str, given.sizes))
    mend = Text("Put an Input of {shape} before {layer}", {"shape": sizes, "layer": given.head})
    return Problem("error", text, next(iter(document.graph.calls)), kind=NO_SHAPE_YET, mend=Mend(mend, given.edits))


def _last_as_output(document: Document) -> Mend | None:
    """Make the last box that feeds nothing, and can be one, an output."""
    graph = document.graph
    for call in reversed(graph.topological_order()):
        name, tensor = graph.operation_of(call).shown_name, TensorRef(call)
        fits = not graph.consumers(call) and graph.operation_of(call).class_name != INPUT
        if fits and no_such_output(document, tensor) is None:
            return Mend(Text("Make {layer} an output", {"layer": name}), tuple(set_output(document, tensor, True)))
    return None


def _cycle_problems(graph: Graph, order: list[str]) -> Iterator[Problem]:
    stuck = graph.calls.keys() - set(order)
    for call_id in graph.calls:
        if call_id in stuck and call_id in graph.downstream(graph.consumers(call_id)):
            name = graph.operation_of(call_id).shown_name
            yield Problem(
                "error",
                Text("{layer} depends on its own output: the wires form a circle.", {"layer": name}),
                call_id,
                kind="cycle",
            )


def _unknown(operation: Operation) -> Text:
    text = Text(
        "{layer} is of the class {class_name}, which Keras does not have; it will not be run.",
        {"layer": operation.shown_name, "class_name": operation.class_name},
    )
    if operation.module.startswith(_OPERATIONS):
        return Text(
            "{layer} is the operation {class_name} of Keras, which Lamella cannot build: it will not be run.", text.args
        )
    return text


def _call_problems(
    operation: Operation, call: Call, spec: LayerSpec | None, lacking: list[Slot], listed: bool
) -> Iterator[Problem]:
    """`listed`: the call is an input of the model."""
    yield from _unsafe_names(operation, call)
    is_known = spec is not None or operation.graph is not None
    reason = distrust(operation, spec)
    if reason is not None:
        yield Problem("error", reason, call.id, kind="untrusted")
        return
    if not is_known and operation.class_name not in {"Functional", "Sequential"}:
        yield Problem("error", _unknown(operation), call.id, kind="unknown_class")
        return
    if operation.class_name == INPUT:
        if not listed:
            text = Text("{layer} is not listed as an input of the model.", {"layer": operation.shown_name})
            yield Problem("error", text, call.id, kind="unlisted_input")
        return
    if lacking or not (is_known or list(call.tensors())):
        text = _missing_text(operation.shown_name, lacking, is_known)
        yield Problem("error", text, call.id, kind="missing_input")


def _missing_text(name: str, lacking: list[Slot], is_known: bool) -> Text:
    if is_known and lacking[0].grows:
        return Text("{layer} joins several tensors: wire at least two to it.", {"layer": name})
    if is_known and (len(lacking) > 1 or lacking[0].path[0] == "kwargs"):
        wanted = ", ".join(slot.name for slot in lacking)
        return Text("{layer} still needs: {inputs}.", {"layer": name, "inputs": wanted})
    return Text("{layer} has no input. Lead a wire to it.", {"layer": name})


def _name_problems(graph: Graph) -> Iterator[Problem]:
    for name, owners in graph.shared_names():
        for operation_id in owners[1:]:
            calls = graph.calls_of(operation_id)
            text = Text("{count} layers are called {name}.", {"count": len(owners), "name": name})
            yield Problem("error", text, calls[0] if calls else None, kind="duplicate_name")


def _dead_ends(graph: Graph) -> list[Problem]:
    """Warnings for boxes from which nothing reaches an output; Keras leaves them out of the model."""
    if not graph.output_refs():
        return []
    dead_ends = []
    for call_id in graph.calls.keys() - graph.upstream(ref.call for ref in graph.output_refs()):
        if not graph.consumers(call_id):
            name = graph.operation_of(call_id).shown_name
            text = Text("{layer} leads to no output, so it is left out.", {"layer": name})
            dead_ends.append(Problem("warning", text, call_id, kind="dead_end"))
    return sorted(dead_ends, key=lambda problem: str(problem.call))
