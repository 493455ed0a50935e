"""The document: the graphs of a project, where their boxes lie, and how they are fed and trained.

Only edits change it (``edits.py``), and only a ``History`` applies them;
views listen and refresh what a ``Changes`` names.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from graph_editor.document.graph import Call, Graph, Json, Operation

_T = TypeVar("_T")

ROOT = "main"
Point = tuple[float, float]
FARTHEST = 4_000_000.0  # scene units from the origin: a chain of 10,000 layers reaches a fourth of that


@dataclass(slots=True)
class Changes:
    """What happened to a document since its listeners were last told."""

    calls_added: set[str] = field(default_factory=set)
    calls_removed: set[str] = field(default_factory=set)
    calls_changed: set[str] = field(default_factory=set)  # their arguments, so their wires
    operations_changed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    graphs: bool = False  # nested models came or went
    wires: bool = False
    interface: bool = False
    data: bool = False
    training: bool = False
    extra: bool = False  # another part of the project file
    name: bool = False
    canvas: bool = False  # frames
    everything: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, item.name) for item in fields(self))

    @property
    def structure(self) -> bool:
        """Whether shapes or problems may be different now."""
        return bool(
            self.everything
            or self.calls_added
            or self.calls_removed
            or self.calls_changed
            or self.operations_changed
            or self.interface
            or self.graphs
        )


Listener = Callable[[Changes], None]


class Document:
    """A project. Positions are the top left corners of boxes, in scene units, by call id."""

    def __init__(self, keras_version: str = "", name: str = "model") -> None:
        self.graphs: dict[str, Graph] = {ROOT: Graph(name)}
        self.positions: dict[str, Point] = {}
        self.data: Mapping[str, Json] = {}
        self.training: Mapping[str, Json] = {}
        self.keras_version = keras_version
        self.canvas_extra: Mapping[str, Json] = {}
        self.extra: Mapping[str, Json] = {}
        self.source: tuple[bytes, Json] | None = None  # the file as it was read, and what it says
        self.memo: tuple[object, Any] | None = None  # what ``built_model`` made of the content, and of which content
        self.changes = Changes()
        self._listeners: list[Listener] = []

    @property
    def graph(self) -> Graph:
        return self.graphs[ROOT]

    @property
    def name(self) -> str:
        return self.graph.name

    @property
    def shown_name(self) -> str:
        return self.graph.shown_name

    def graph_of_call(self, call_id: str) -> Graph:
        return self.graphs[self.graph_id_of_call(call_id)]

    def graph_id_of_call(self, call_id: str) -> str:
        return _first(call_id, (key for key, graph in self.graphs.items() if call_id in graph.calls))

    def graph_of_operation(self, operation_id: str) -> Graph:
        return _first(operation_id, (graph for graph in self.graphs.values() if operation_id in graph.operations))

    def graph_id_of_operation(self, operation_id: str) -> str:
        return _first(operation_id, (key for key, graph in self.graphs.items() if operation_id in graph.operations))

    def has_call(self, call_id: str) -> bool:
        return any(call_id in graph.calls for graph in self.graphs.values())

    def call(self, call_id: str) -> Call:
        return self.graph_of_call(call_id).calls[call_id]

    def operation(self, operation_id: str) -> Operation:
        return self.graph_of_operation(operation_id).operations[operation_id]

    def operation_of(self, call_id: str) -> Operation:
        return self.graph_of_call(call_id).operation_of(call_id)

    def has_id(self, name: str) -> bool:
        """Whether an operation or a call has this id."""
        return any(name in graph.operations or name in graph.calls for graph in self.graphs.values())

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each change; the result ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def flush(self) -> None:
        """Tell the listeners what has changed since the last time."""
        changes, self.changes = self.changes, Changes()
        if changes.structure and any(graph.modes for graph in self.graphs.values()):
            changes.interface = True  # what is left out may be another output now
        if changes:
            for listener in list(self._listeners):
                listener(changes)

    def snapshot(self) -> "Document":
        """Return what the document is now, for another thread to read: edits replace values and never change them."""
        copy = Document(self.keras_version)
        copy.graphs = {key: graph.shallow() for key, graph in self.graphs.items()}
        copy.positions = dict(self.positions)
        copy.data, copy.training = self.data, self.training
        copy.canvas_extra, copy.extra, copy.source = self.canvas_extra, self.extra, self.source
        return copy

    def touch(self, operations: Iterable[str]) -> None:
        """Tell the listeners that these operations are to be looked at anew, though no edit has changed them."""
        self.changes.operations_changed.update(operations)
        self.flush()

    def replace_content(self, other: "Document") -> None:
        """Become ``other`` (a file that was opened); listeners stay."""
        for key in (
            "graphs",
            "positions",
            "data",
            "training",
            "keras_version",
            "canvas_extra",
            "extra",
        ):
            setattr(self, key, getattr(other, key))
        self.changes.everything = True
        self.flush()


def _first(name: str, entries: Iterator[_T]) -> _T:
    """Raises KeyError with the name: a StopIteration would only end somebody's loop."""
    for each in entries:
        return each
    raise KeyError(name)
