"""Optimizer, losses and metrics of a run, from their configs."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Final

import keras
import msgspec
from keras.src.losses.losses import LossFunctionWrapper

from resources.keras_names import is_model_name, safe_name
from resources.text import Text
from resources.training.metric_logs import WORDS, KnownMetric, Logged, logged, name_faults
from resources.training.registry import arguments, calls_before
from runtime.model_configs.ends import interface, output_nest, tensor_names
from runtime.spec import KerasObject, OutputTraining, TrainingSettings
from runtime.worker.custom.metrics import known_metric, plain_name
from runtime.worker.custom.registry import find_custom
from runtime.worker.keras_models.allow import check_config
from runtime.worker.process.control import WorkerError

Json = Any

_UNKNOWN: Final = {
    "optimizer": Text("Keras has no optimizer {name}."),
    "loss": Text("Keras has no loss {name}."),
    "metric": Text("Keras has no metric {name}."),
}


def compile_model(model: Any, config: Mapping[str, Json], settings: TrainingSettings) -> list[Logged]:
    """Return what training will tell, and which values are better as Keras has it.

    Raises WorkerError naming the object that Keras does not have or does not take, or the name that is taken.
    """
    trained = {output.name: output for output in settings.outputs}
    nest = interface(config, "output_layers")
    metrics = {name: [make_metric(metric) for metric in output.metrics] for name, output in trained.items()}
    entries = _logged(config, metrics)
    _name_outputs_apart(model, config)
    model.compile(
        optimizer=make_optimizer(settings.optimizer),
        loss=packed(nest, lambda name: make_loss(_output(trained, name).loss)),
        metrics=packed(nest, lambda name: metrics[_output(trained, name).name]),
        loss_weights=packed(nest, lambda name: _output(trained, name).weight),
        **arguments("compile", settings.by_key(), handled=False),
    )
    return entries


def _name_outputs_apart(model: Any, config: Mapping[str, Json]) -> None:
    """Let Keras report each of several outputs of one layer by itself: it would put their losses into one."""
    names = list(tensor_names(config, "output_layers"))
    if len(names) == len(getattr(model, "output_names", ())) and names != model.output_names:
        model.output_names = names


def _logged(config: Mapping[str, Json], metrics: Mapping[str, Sequence[Any]]) -> list[Logged]:
    """Raises WorkerError for a name that would hide another."""
    known: dict[str, KnownMetric] = {}
    named: dict[str, list[tuple[str, Mapping[str, Json]]]] = {}
    for output, made in metrics.items():
        for index, metric in enumerate(made):
            key = f"{index} of {output}"
            known[key] = known_metric(metric)
            named.setdefault(output, []).append((key, {}))
    entries = logged(output_nest(config), named, known.get)
    for fault in name_faults(entries):
        raise WorkerError(fault.text)
    return entries


def call_before(settings: TrainingSettings) -> None:
    """Tell Keras what it has to know before a model is made. Raises WorkerError naming what Keras does not take."""
    for function, value in calls_before(settings.by_key()):
        try:
            attrgetter(function.removeprefix("keras."))(keras)(value)
        except (TypeError, ValueError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            text = Text.of("{name} does not take these settings: {reason}", name=function, reason=reason)
            raise WorkerError(text, str(error)) from error


def make_optimizer(spec: KerasObject) -> Any:
    return _runnable(_make(spec, keras.optimizers, "optimizer"))


def make_loss(spec: KerasObject) -> Any:
    loss = _make(spec, keras.losses, "loss")
    name = getattr(loss, "__name__", "")
    if callable(loss) and not isinstance(loss, keras.losses.Loss) and name and not is_model_name(name):
        loss = LossFunctionWrapper(loss, name=safe_name(name, "loss"))
    return _runnable(loss)


def _runnable(keras_object: Any) -> Any:
    """Of the name of a loss and of an optimizer TensorFlow makes a scope; nobody reads it anywhere."""
    name = getattr(keras_object, "name", None)
    if isinstance(name, str) and not is_model_name(name):
        keras_object.name = safe_name(name, type(keras_object).__name__.lower())
    return keras_object


def make_metric(spec: KerasObject) -> Any:
    """Words that Keras resolves by shape ("accuracy") stay words."""
    if spec.class_name in WORDS:
        return spec.class_name
    metric = _make(spec, keras.metrics, "metric")
    if "name" in spec.config or not isinstance(metric, keras.Metric):
        return metric
    plain = plain_name(metric.name, _make(spec, keras.metrics, "metric").name)
    if plain == metric.name:
        return metric
    # Keras numbers the second metric of a class in a process: curves of different runs would have different names.
    return _make(KerasObject(spec.class_name, {**spec.config, "name": plain}), keras.metrics, "metric")


def packed(nest: Json, make: Callable[[str], Any]) -> Any:
    """`make(name)` for every tensor of `interface`, nested as `fit` wants them.

    A single tensor stands alone, whether Keras wrote it into a list or not.
    """
    if is_leaf(nest):
        return make(nest[0])
    if isinstance(nest, Mapping):
        return {key: packed(value, make) for key, value in nest.items()}
    if len(nest) == 1 and is_leaf(nest[0]):
        return make(nest[0][0])
    return [packed(value, make) for value in nest]


def is_leaf(nest: Json) -> bool:
    """Whether this is [layer name, node index, tensor index]."""
    return (
        isinstance(nest, Sequence)
        and len(nest) >= 3
        and isinstance(nest[0], str)
        and isinstance(nest[1], int)
        and isinstance(nest[2], int)
    )


def _output(trained: Mapping[str, OutputTraining], name: str) -> OutputTraining:
    if name not in trained:
        raise WorkerError(Text("The output {name} has no loss yet: choose one in Train.", {"name": name}))
    return trained[name]


def _make(spec: KerasObject, namespace: Any, kind: str) -> Any:
    name = spec.class_name
    check_config(spec.config, name)
    custom = find_custom(name)
    cls = getattr(namespace, name, None) if custom is None else custom
    if custom is not None and not isinstance(custom, type):
        return custom  # a function, which Keras takes as it is
    try:
        if isinstance(cls, type):
            return cls.from_config(dict(spec.config))  # type: ignore[attr-defined]
        keras_object = namespace.get({"class_name": name, "config": dict(spec.config)} if spec.config else name)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        if isinstance(cls, type):
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            text = Text.of("{name} does not take these settings: {reason}", name=name, reason=reason)
            raise WorkerError(text, str(error)) from error
        raise WorkerError(msgspec.structs.replace(_UNKNOWN[kind], args={"name": name}), str(error)) from error
    return keras_object
