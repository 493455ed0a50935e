"""What callbacks watch goes by names that Keras makes of outputs and metrics: it follows these."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graph_editor.document.applied import Applied
from graph_editor.document.changes.outputs_before import Ends, ends_before, ends_now, may_rename_outputs
from graph_editor.document.edits import Edit, SetTraining
from graph_editor.document.ends import names_in
from graph_editor.document.graph import Json, TensorRef
from resources.training.metric_logs import (
    LOSS,
    VALIDATION,
    Metric,
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

    ref: TensorRef
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
    if not may_rename_outputs(applied) and not any(isinstance(edit, SetTraining) for edit in applied.inverses):
        return []
    before = _outputs(ends_before(applied), _training_before(applied))
    renamed = _renamed(before, _outputs(ends_now(applied), training))
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
    """The same outputs: of the same tensors, else of the same layers, else at the same place among as many."""
    pairs = list[tuple[_Output, _Output]]()
    alike: list[Callable[[_Output, _Output], bool]] = [
        lambda old, new: old.ref == new.ref,
        lambda old, new: old.operation == new.operation,
    ]
    if len(before) == len(after):
        alike.append(lambda old, new: before.index(old) == after.index(new))
    for same in alike:
        for old in before:
            left = (new for new in after if all(new is not known for _, known in pairs) and same(old, new))
            if all(old is not known for known, _ in pairs) and (found := next(left, None)) is not None:
                pairs.append((old, found))
    return pairs


def _training_before(applied: Applied) -> Mapping[str, Json]:
    first = next((edit.training for edit in applied.inverses if isinstance(edit, SetTraining)), None)
    return applied.document.training if first is None else first


def _outputs(ends: Ends, training: Mapping[str, Json]) -> list[_Output]:
    """In Keras' order."""
    named, sections = ends.outputs(), outputs_of(training)
    found = places(names_in(ends.tensors, [output.name for output in named]))
    return [
        _Output(
            output.ref,
            ends.operation(output.ref),
            place,
            _metrics(sections.get(place.output, {}).get("metrics")),
        )
        for output, place in zip(sorted(named, key=lambda output: output.path), found, strict=True)
    ]


def _metrics(written: Json) -> tuple[Metric, ...]:
    return tuple(read_metric(metric) for metric in written) if isinstance(written, list | tuple) else ()
