"""What the `data` and `training` sections of a project say, as a `RunSpec`; names the first thing that is missing.

A project may have been written by hand: each value that is none is one sentence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from resources.text import Text
from resources.training.metric_logs import name_faults
from resources.training.registry import settings_in, written_values
from resources.training.sections import (
    CALLBACKS,
    DEFAULT_LOSS_WEIGHT,
    DEFAULT_OPTIMIZER,
    OPTIMIZER,
    OUTPUTS,
    SOURCES,
    bindings_of,
    initial_names_of,
    outputs_of,
    sources_of,
)
from resources.training.setting import SettingError
from resources.training.windows import WINDOWS
from runtime.callback_specs import check_callbacks
from runtime.model_configs.ends import tensor_names
from runtime.spec import (
    NO_FILE,
    Augmentation,
    Binding,
    ColumnSpec,
    DataSource,
    DataSpec,
    Join,
    RunSpec,
    SpecError,
    TrainingSettings,
    Windows,
    initial_weights,
    logged_by,
    resolve_data_path,
)

_DATA: Final = Text("The data section of the project does not hold together")
_TRAINING: Final = Text("The training settings do not hold together")

Json = Any
T = TypeVar("T")


def spec_from_project(
    data: Mapping[str, Json],
    training: Mapping[str, Json],
    model: Json,
    project_folder: Path | None,
    name: str,
) -> RunSpec:
    """The run that a project describes. Raises SpecError with the first thing that is missing."""
    inputs, outputs = (
        list(tensor_names(model, "input_layers")),
        list(tensor_names(model, "output_layers")),
    )
    if not inputs:
        raise SpecError(Text("The model has no input yet."))
    if not outputs:
        raise SpecError(Text("The model has no output yet: mark a box as an output."))
    source = data_from_project(data, project_folder)
    bindings = _bindings(data, inputs, outputs)
    settings = _settings(data, training, outputs)
    weights = initial_weights(training, project_folder)
    in_file = initial_names_of(training) if weights else {}
    spec = RunSpec(name, model, source, bindings, settings, weights, initial_names=in_file)
    for fault in name_faults(logged_by(spec)):
        raise SpecError(fault.text, fault.entry.output)
    return spec


def data_from_project(data: Mapping[str, Json], project_folder: Path | None) -> DataSpec:
    """What a project's `data` section says of its data. Raises SpecError."""
    written = sources_of(data)
    if data.get(SOURCES):
        _convert(data[SOURCES], list[dict[str, Json]], _DATA)
    if not written:
        raise SpecError(NO_FILE)
    sources = [_source(source, project_folder) for source in written]
    _check_names([source["name"] for source in sources[1:]])
    spec = {
        "sources": [{**sources[0], "join": None}, *sources[1:]],
        "columns": _column_specs(data.get("columns")),
        "windows": _known(data.get(WINDOWS) or None, Windows),
        "augmentation": _each(data.get("augmentation"), lambda layer: _known(layer, Augmentation)),
    }
    found = _convert(spec, DataSpec, _DATA)
    for source in found.sources[1:]:
        if source.join is not None and source.join.by == "key" and not (source.join.column and source.join.to):
            text = Text(
                "The data source {name} is joined by a key, but not said by which columns.", {"name": source.name}
            )
            raise SpecError(text)
    return found


def windows_of(data: Mapping[str, Json]) -> Windows | None:
    """What a project's `data` section says of windows; None where it says nothing that can be used."""
    written = data.get(WINDOWS)
    try:
        return _convert(_known(written, Windows), Windows, _DATA) if written else None
    except SpecError:
        return None


def column_specs(data: Mapping[str, Json]) -> dict[str, ColumnSpec]:
    """What a project's `data` section says of columns. Raises SpecError."""
    return _convert(_column_specs(data.get("columns")), dict[str, ColumnSpec], _DATA)


def _source(source: Mapping[str, Json], project_folder: Path | None) -> dict[str, Json]:
    """Raises SpecError."""
    path = source.get("path") or ""
    if not source.get("kind") or (not path and not source.get("options")):  # no file, and nothing to make up
        raise SpecError(NO_FILE)
    written = {**source, "options": source.get("options") or {}, "name": source.get("name") or ""}
    if isinstance(path, str) and path:
        written["path"] = resolve_data_path(path, project_folder)
    return {**_known(written, DataSource), "join": _known(source.get("join") or None, Join)}


def _check_names(names: Sequence[Json]) -> None:
    """Raises SpecError for names of further sources that are none, or not theirs alone."""
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name.strip() or "/" in name:
            text = Text("Each data source but the first needs a name without a slash, which its columns begin with.")
            raise SpecError(text)
        if name in names[:place]:
            raise SpecError(Text("Two data sources are called {name}.", {"name": name}))


def _column_specs(columns: Json) -> Json:
    if not isinstance(columns, Mapping):
        return {} if columns is None else columns
    return {
        name: {**_known(column, ColumnSpec), "steps": _each(column.get("steps"), _step)}
        if isinstance(column, Mapping)
        else column
        for name, column in columns.items()
    }


def _step(step: Json) -> Json:
    """In a project, the settings of a step stand beside its name."""
    if not isinstance(step, Mapping):
        return step
    return {"step": step.get("step"), "settings": {key: value for key, value in step.items() if key != "step"}}


def _each(value: Json, change: Callable[[Json], Json]) -> Json:
    """What is no list stays as it is: the reader says so."""
    if value is None:
        return []
    return [change(item) for item in value] if isinstance(value, list | tuple) else value


def _known(value: Json, to: type[msgspec.Struct]) -> Json:
    """Only what `to` has, as a file may hold what a newer Lamella acts upon."""
    if not isinstance(value, Mapping):
        return value
    return {key: value[key] for key in to.__struct_fields__ if key in value}


def _bindings(data: Mapping[str, Json], inputs: Iterable[str], outputs: Iterable[str]) -> tuple[Binding, ...]:
    bound = bindings_of(data)

    def columns(target: str, sentence: Text) -> Binding:
        if target not in bound:
            raise SpecError(sentence, target)
        return Binding(target, bound[target])

    bindings = [columns(name, Text("The input {name} has no data column yet.", {"name": name})) for name in inputs]
    bindings += [columns(name, Text("The output {name} has no data column yet.", {"name": name})) for name in outputs]
    return tuple(bindings)


def _settings(data: Mapping[str, Json], training: Mapping[str, Json], outputs: Iterable[str]) -> TrainingSettings:
    """Keys that nobody has declared are left out: a file may hold what a newer Lamella acts upon."""
    check_settings(data, training)
    trained = outputs_of(training)
    values: dict[str, Json] = {
        OPTIMIZER: _keras_object(training.get(OPTIMIZER) or DEFAULT_OPTIMIZER),
        OUTPUTS: [_output(name, trained.get(name, {})) for name in outputs],
        **written_values(training, data),
    }
    if training.get(CALLBACKS) is not None:
        values[CALLBACKS] = training[CALLBACKS]
        _check_callbacks(training[CALLBACKS])
    return _convert(values, TrainingSettings)


def check_settings(data: Mapping[str, Json], training: Mapping[str, Json]) -> None:
    """Raises SpecError with the first value in a project's sections that its setting does not take."""
    values = written_values(training, data)
    try:
        for setting in settings_in("training", "data"):
            setting.check(values[setting.key])
    except SettingError as error:
        raise SpecError(error.text) from error


def _check_callbacks(callbacks: Json) -> None:
    """Raises SpecError."""
    if isinstance(callbacks, Mapping):  # the reader refuses anything else
        try:
            check_callbacks(callbacks)
        except SettingError as error:
            raise SpecError(error.text) from error


def _output(name: str, settings: Mapping[str, Json]) -> dict[str, Json]:
    if not settings.get("loss"):
        raise SpecError(
            Text(
                "The output {name} has no loss yet: choose one in Train.",
                {"name": name},
            ),
            name,
        )
    weight, metrics = settings.get("weight"), settings.get("metrics") or ()
    return {
        "name": name,
        "loss": _keras_object(settings["loss"]),
        "metrics": [_keras_object(metric) for metric in metrics] if isinstance(metrics, list | tuple) else metrics,
        "weight": DEFAULT_LOSS_WEIGHT if weight is None else weight,
    }


def _keras_object(value: Json) -> dict[str, Json]:
    if isinstance(value, str):
        return {"class_name": value, "config": {}}
    if not isinstance(value, Mapping):
        return {"class_name": value}  # which the reader refuses, and says what is wrong with it
    return {"class_name": value.get("class_name"), "config": value.get("config") or {}}


def _convert(value: Json, to: type[T], sentence: Text = _TRAINING) -> T:
    """Raises SpecError, whose text begins with `sentence`."""
    try:
        return msgspec.convert(value, to)
    except (msgspec.ValidationError, UnicodeError, OverflowError) as error:
        raise SpecError(
            Text.of(
                "{what}: {reason}",
                what=sentence,
                reason=str(error),
            )
        ) from error
