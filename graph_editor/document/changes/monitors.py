"""What callbacks watch goes by names that Keras makes of outputs and metrics: it follows these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph_editor.document.applied import Applied
from graph_editor.document.document import ROOT
from graph_editor.document.edits import (
    AddCall,
    AddOperation,
    Edit,
    ReplaceOperation,
    SetInterface,
    SetTraining,
)
from graph_editor.document.graph import Json, TensorRef
from graph_editor.document.graph import Nest as Tensors
from resources.training.metric_logs import (
    LOSS,
    VALIDATION,
    Metric,
    Nest,
    Place,
    keras_metric,
    metric_name,
    places,
    read_metric,
)
from resources.training.sections import CALLBACKS, outputs_of

MONITOR = "monitor"


@dataclass(frozen=True, slots=True)
class _Output:
    """An output: the layer that gives it, how what is told of it begins, and its metrics in order."""

    operation: str
    place: Place
    metrics: tuple[Metric, ...]

    def names(self) -> dict[tuple[str, int], str]:
        """What is told of it: its loss, and each metric by its class and its place among those of the class."""
        names: dict[tuple[str, int], str] = {}
        if self.place.several:
            names["", -1] = f"{self.place.loss_path}_{LOSS}"
        for metric in self.metrics:
            number = sum(1 for class_name, _ in names if class_name == metric[0])
            names[metric[0], number] = self.place.prefix + metric_name(metric, keras_metric)
        return names


def monitors_follow(applied: Applied) -> list[Edit]:
    """Let callbacks watch what they watched, under the name that it has now."""
    training = applied.document.training
    callbacks = training.get(CALLBACKS)
    if not isinstance(callbacks, Mapping) or not any(_monitor(values) for values in callbacks.values()):
        return []
    if not any(isinstance(edit, ReplaceOperation | SetInterface | SetTraining) for edit in applied.inverses):
        return []
    before = _before(applied)
    renamed = _renamed(before, _outputs(applied.document.graph.outputs, *_now(applied), training))
    changed: dict[str, Json] = {}
    earlier = _training_before(applied).get(CALLBACKS)
    for key, values in callbacks.items():
        monitor = _monitor(values)
        was = _monitor(earlier.get(key)) if isinstance(earlier, Mapping) else ""
        if monitor and monitor == was:  # what was chosen in this very step stays
            name = renamed(monitor.removeprefix(VALIDATION))
            prefix = VALIDATION if monitor.startswith(VALIDATION) else ""
            if prefix + name != monitor:
                changed[key] = {**values, MONITOR: prefix + name}
    return [SetTraining({**training, CALLBACKS: {**callbacks, **changed}})] if changed else []


def _monitor(values: Json) -> str:
    found = values.get(MONITOR) if isinstance(values, Mapping) else None
    return found if isinstance(found, str) else ""


def _renamed(before: list[_Output], after: list[_Output]) -> Callable[[str], str]:
    """Give the name now of what had a name; what is told of no output, or of none any more, keeps its name."""
    pairs = _pairs(before, after)
    exact: dict[str, str] = {}
    for old, new in pairs:
        names = new.names()
        exact |= {name: names[key] for key, name in old.names().items() if key in names}
        if old.place.several and not new.place.several:
            exact[f"{old.place.loss_path}_{LOSS}"] = LOSS
    by_length = sorted(pairs, key=lambda pair: -len(pair[0].place.prefix))

    def renamed(name: str) -> str:
        if name == LOSS or name in exact:
            return exact.get(name, name)
        for old, new in by_length:  # a metric that is only suggested, or of own code
            prefix = old.place.prefix
            if name.startswith(prefix) and (prefix or not old.metrics):
                return new.place.prefix + name.removeprefix(prefix)
        return name

    return renamed


def _pairs(before: list[_Output], after: list[_Output]) -> list[tuple[_Output, _Output]]:
    """The same outputs: of the same layers, else at the same place where there are as many as before."""
    by_operation = {output.operation: output for output in after}
    pairs = [(old, by_operation[old.operation]) for old in before if old.operation in by_operation]
    if len(before) == len(after):
        taken = {new.operation for _, new in pairs}
        pairs += [
            (old, new)
            for old, new in zip(before, after, strict=True)
            if old.operation not in by_operation and new.operation not in taken
        ]
    return pairs


def _now(applied: Applied) -> tuple[dict[str, str], dict[str, str]]:
    graph = applied.document.graph
    operations = {key: call.operation for key, call in graph.calls.items()}
    return operations, {key: operation.name for key, operation in graph.operations.items()}


def _before(applied: Applied) -> list[_Output]:
    """The outputs as they were before the step."""
    operations, names = _now(applied)
    tensors, known = applied.document.graph.outputs, set[str]()
    seen_interface = False
    for edit in applied.inverses:
        match edit:
            case SetInterface(_, outputs, graph) if graph == ROOT and not seen_interface:
                tensors, seen_interface = outputs, True
            case ReplaceOperation(operation) | AddOperation(operation) if operation.id not in known:
                known.add(operation.id)
                names[operation.id] = operation.name
            case AddCall(call):
                operations.setdefault(call.id, call.operation)
            case _:
                pass
    return _outputs(tensors, operations, names, _training_before(applied))


def _training_before(applied: Applied) -> Mapping[str, Json]:
    first = next((edit.training for edit in applied.inverses if isinstance(edit, SetTraining)), None)
    return applied.document.training if first is None else first


def _outputs(
    tensors: Tensors, operations: Mapping[str, str], names: Mapping[str, str], training: Mapping[str, Json]
) -> list[_Output]:
    def nest(of: Tensors, leaf: Callable[[str], str]) -> Nest:
        if isinstance(of, TensorRef):
            return leaf(operations.get(of.call, of.call))
        if isinstance(of, Mapping):
            return {str(key): nest(value, leaf) for key, value in of.items()}
        return [nest(item, leaf) for item in of]

    owners = [place.output for place in places(nest(tensors, str))]
    found = places(nest(tensors, lambda operation: names.get(operation, operation)))
    sections = outputs_of(training)
    return [
        _Output(owner, place, _metrics(sections.get(place.output, {}).get("metrics")))
        for owner, place in zip(owners, found, strict=True)
    ]


def _metrics(written: Json) -> tuple[Metric, ...]:
    return tuple(read_metric(metric) for metric in written) if isinstance(written, list | tuple) else ()
