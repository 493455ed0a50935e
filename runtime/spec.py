"""What a run is: the model, the data that feeds it, and how it is trained. Plain frozen values, known to all processes.

`spec_from_project` makes a `RunSpec` from the `data` and `training` sections of a project and the model as Keras
writes it, and names the first thing that is missing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

import msgspec

from resources.text import Text
from resources.training.metric_logs import Logged, Nest, keras_metric, logged, name_faults
from resources.training.output_names import output_names
from resources.training.registry import settings_in, written_values
from resources.training.sections import (
    CALLBACKS,
    COMPOUND,
    DEFAULT_LOSS_WEIGHT,
    DEFAULT_OPTIMIZER,
    INITIAL_WEIGHTS,
    OPTIMIZER,
    OUTPUTS,
    bindings_of,
    initial_names_of,
    outputs_of,
)
from resources.training.setting import Setting, SettingError
from runtime.callback_specs import check_callbacks

SAMPLE_PREFIX: Final = "sample:"  # a data path that starts with it lies in resources/samples
NO_FILE: Final = Text("No data is chosen yet: choose a data file in Data.")
SAMPLES_FOLDER: Final = Path(__file__).parent.parent / "resources" / "samples"

Json = Any
T = TypeVar("T")
V = TypeVar("V", bound=bool | int | float | str | None)


class SpecError(Exception):
    """A project that cannot be trained yet. `text` names the missing thing, `target` the input or output."""

    def __init__(self, text: Text, target: str | None = None) -> None:
        super().__init__(text.english())
        self.text = text
        self.target = target


class _Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a run's specification."""


class DataSource(_Spec, frozen=True):
    """Where columns come from: a file (`path` is absolute), or made up (`options` describes the columns).

    `kind` names a module of runtime/worker/data/sources, whose docstring says what its `options` are.
    """

    kind: str
    path: str = ""
    options: dict[str, Json] = {}

    @property
    def made_up(self) -> bool:
        """Whether there is no file that it is read from."""
        return not self.path


class Binding(_Spec, frozen=True):
    """Columns that feed an input, or are the truth of an output. `target` is the layer's name.

    One column of any shape, or several columns of single numbers, which are stacked to a vector.
    """

    target: str
    columns: tuple[str, ...]


class KerasObject(_Spec, frozen=True):
    """An optimizer, loss or metric by its class name (or Keras' snake_case identifier) and constructor arguments."""

    class_name: str
    config: dict[str, Json] = {}


class OutputTraining(_Spec, frozen=True):
    """How one output is trained. `weight` scales its loss in the sum."""

    name: str
    loss: KerasObject
    metrics: tuple[KerasObject, ...] = ()
    weight: float = DEFAULT_LOSS_WEIGHT


class CompoundSettings(_Spec, frozen=True):
    """What of the training has parameters of its own, or one for each output.

    `callbacks` maps the key of a callback that is on to its parameters; what is left out has its default.
    """

    optimizer: KerasObject = KerasObject(DEFAULT_OPTIMIZER)
    outputs: tuple[OutputTraining, ...] = ()
    callbacks: dict[str, dict[str, Json]] = {}

    def __getitem__(self, setting: Setting[V]) -> V:
        value: V = getattr(self, setting.key)
        return value

    def by_key(self) -> dict[str, Json]:
        """The value of each setting that is a field of its own, by key."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in COMPOUND}


if TYPE_CHECKING:

    class TrainingSettings(CompoundSettings, frozen=True):
        def __init__(
            self,
            optimizer: KerasObject = ...,
            outputs: tuple[OutputTraining, ...] = ...,
            callbacks: dict[str, dict[str, Json]] = ...,
            **values: Json,
        ) -> None: ...

else:
    # A field for each declared setting; each is asked for by its declaration: settings[EPOCHS].
    TrainingSettings = msgspec.defstruct(
        "TrainingSettings",
        [(setting.key, setting.annotation, setting.default) for setting in settings_in("training", "data")],
        bases=(CompoundSettings,),
        module=__name__,
        namespace={"__doc__": "How a model is trained: the compound settings, and a field for each declared one."},
        frozen=True,
        forbid_unknown_fields=True,
    )


class CodeFile(_Spec, frozen=True):
    """A Python file that somebody has agreed to run, with exactly the contents of that SHA-256 (in hexadecimal)."""

    path: str
    sha256: str


class RunSpec(_Spec, frozen=True):
    """One training run. `model` is Keras' functional config: {"module", "class_name", "config"}.

    `initial_weights` is a `.keras`, `.weights.h5` or `.h5` file to start from; `initial_names` are what layers are
    called in it, by their names now, where they differ. `custom_code` is run before the model is built; consent was
    given before it came here. `titles` says what people call inputs and outputs, by their names.
    """

    name: str
    model: Json
    data: DataSource
    bindings: tuple[Binding, ...]
    training: TrainingSettings
    initial_weights: str | None = None
    custom_code: tuple[CodeFile, ...] = ()
    initial_names: dict[str, str] = {}
    titles: dict[str, str] = {}

    def title(self, name: str) -> str:
        """What people call an input or an output."""
        return self.titles.get(name, name)

    def output_titles(self) -> dict[str, str]:
        """What people call the outputs, by their names."""
        return {output.name: self.title(output.name) for output in self.training.outputs}

    def binding(self, target: str) -> Binding | None:
        return next((binding for binding in self.bindings if binding.target == target), None)


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
    source = source_from_project(data, project_folder)
    bindings = _bindings(data, inputs, outputs)
    settings = _settings(data, training, outputs)
    weights = initial_weights(training, project_folder)
    in_file = initial_names_of(training) if weights else {}
    spec = RunSpec(name, model, source, bindings, settings, weights, initial_names=in_file)
    for fault in name_faults(logged_by(spec)):
        raise SpecError(fault.text, fault.entry.output)
    return spec


def initial_weights(training: Mapping[str, Json], project_folder: Path | None) -> str | None:
    """The absolute path of the file that a project's training starts from."""
    path = training.get(INITIAL_WEIGHTS)
    return resolve_data_path(path, project_folder) if isinstance(path, str) and path else None


def source_from_project(data: Mapping[str, Json], project_folder: Path | None) -> DataSource:
    """The data source of a project's `data` section. Raises SpecError."""
    source = data.get("source")
    if not isinstance(source, Mapping) or not source.get("kind"):
        raise SpecError(NO_FILE)
    kind = str(source["kind"])
    path = str(source.get("path") or "")
    if not path and not source.get("options"):  # neither a file nor a description of what to make up
        raise SpecError(NO_FILE)
    resolved = resolve_data_path(path, project_folder) if path else ""
    return _convert(
        {"kind": kind, "path": resolved, "options": source.get("options") or {}},
        DataSource,
    )


def resolve_data_path(path: str, project_folder: Path | None) -> str:
    """The absolute path of a project's data file: beside the project, or a bundled sample ("sample:digits.h5")."""
    if path.startswith(SAMPLE_PREFIX):
        return str(SAMPLES_FOLDER / Path(path.removeprefix(SAMPLE_PREFIX)).name)
    absolute = Path(path).expanduser()
    return str(absolute if absolute.is_absolute() else (project_folder or Path.cwd()) / absolute)


def interface(model: Json, key: Literal["input_layers", "output_layers"]) -> Json:
    """Return what a config says of the inputs or outputs of its model, nested as they are; None if it says nothing.

    Outputs have names of their own (`resources/training/output_names.py`), where the config has those of layers.
    The config of a Sequential has no such lists: it begins with its Input and ends with its last layer.
    """
    config = model.get("config", model) if isinstance(model, Mapping) else {}
    layers = config.get("layers")
    if key == "output_layers" and key in config:
        return _named_apart(config[key], [leaf[0] for leaf in tensor_leaves(config.get("input_layers"))])
    if key in config or not isinstance(layers, list) or not layers:
        return config.get(key)
    layer = layers[0] if key == "input_layers" else layers[-1]
    if key == "input_layers" and layer.get("class_name") != "InputLayer":
        return None
    return [str(layer.get("name") or layer.get("config", {}).get("name")), 0, 0]


def _named_apart(nest: Json, inputs: Collection[str]) -> Json:
    layers = [leaf[0] for leaf in tensor_leaves(nest)]
    names = output_names(layers, inputs)
    if names == layers:
        return nest
    left = iter(names)

    def named(part: Json) -> Json:
        if _is_leaf(part):
            return [next(left), *part[1:]]
        if isinstance(part, Mapping):
            given = {key: named(part[key]) for key in sorted(part)}  # in Keras' order, as tensor_leaves
            return {key: given[key] for key in part}
        return [named(item) for item in part] if isinstance(part, (list, tuple)) else part

    return named(nest)


def tensor_names(model: Json, key: Literal["input_layers", "output_layers"]) -> Iterator[str]:
    """The names of a config's inputs or outputs: flat, in Keras' order, each name once."""
    seen: set[str] = set()
    for name, *_ in tensor_leaves(interface(model, key)):
        if name not in seen:
            seen.add(name)
            yield name


def output_nest(model: Json) -> Nest:
    """The names of a model's outputs, nested as they are."""
    return _names(interface(model, "output_layers"))


def logged_by(spec: "RunSpec") -> list[Logged]:
    """What the run will tell, as far as that is known of Keras' own metrics."""
    metrics = {output.name: [(m.class_name, m.config) for m in output.metrics] for output in spec.training.outputs}
    return logged(output_nest(spec.model), metrics, keras_metric)


def _names(nest: Json) -> Nest:
    if isinstance(nest, Mapping):
        return {str(key): _names(value) for key, value in nest.items()}
    if _is_leaf(nest):
        return nest[0]
    return [_names(item) for item in nest] if isinstance(nest, (list, tuple)) else []


def _is_leaf(nest: Json) -> bool:
    """Whether this is [layer name, node index, tensor index]."""
    return (
        isinstance(nest, (list, tuple))
        and len(nest) >= 3
        and isinstance(nest[0], str)
        and isinstance(nest[1], int)
        and isinstance(nest[2], int)
    )


def tensor_leaves(nest: Json) -> Iterator[Sequence[Json]]:
    """The tensors of "input_layers" or "output_layers": [layer name, number of the call, number of the output]."""
    if isinstance(nest, Mapping):
        for key in sorted(nest):  # Keras flattens dictionaries in the order of their keys
            yield from tensor_leaves(nest[key])
    elif isinstance(nest, (list, tuple)):
        if _is_leaf(nest):
            yield nest
        else:
            for item in nest:
                yield from tensor_leaves(item)


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


def _convert(value: Json, to: type[T]) -> T:
    try:
        return msgspec.convert(value, to)
    except msgspec.ValidationError as error:
        raise SpecError(
            Text(
                "The training settings do not hold together: {reason}",
                {"reason": str(error)},
            )
        ) from error
