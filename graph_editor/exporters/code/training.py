"""Compiling and fitting as Python source, from a project's training section."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.specs import ObjectKind
from graph_editor.document.checking.logged import logged_by
from graph_editor.document.document import Document
from graph_editor.document.ends import output_names, output_nest, outputs
from graph_editor.document.naming import snake_case
from graph_editor.exporters.code.batches import BatchesCode
from graph_editor.exporters.code.data import DataCode, packed
from graph_editor.exporters.code.split import SplitCode
from graph_editor.exporters.code.values import Objects
from resources.python_code import augmented, shuffled
from resources.python_code.beside import beside
from resources.python_code.layout import assigned, attribute_set, comment, done
from resources.python_code.parts import CallbackCode, Fed, RunWriter
from resources.python_code.pieces import (
    FALSE,
    CallCode,
    Code,
    attribute,
    call,
    either,
    library,
    list_of,
    literal,
    name,
    number,
    quoted,
    subscript,
)
from resources.training.metric_logs import Direction, directions
from resources.training.registry import arguments, calls_before, written_values
from resources.training.sections import DEFAULT_LOSS_WEIGHT, DEFAULT_OPTIMIZER, INITIAL_WEIGHTS, OPTIMIZER, OUTPUTS
from resources.training.setting import Method
from resources.training.settings.batch_size import SETTING as BATCH_SIZE
from resources.training.settings.seed import SETTING as SEED
from resources.training.settings.shuffle import SETTING as SHUFFLE

Json = Any
_OWN_NAMES: Final = "Keras would call all outputs of one layer the same, and show one loss for them."
_OF_ARRAYS: Final = ("batch_size", "validation_split", "shuffle")
_WORDS: Final = ("accuracy", "acc", "crossentropy", "ce")  # Keras chooses the metric by the shape of the output


class Training:
    """Writes what happens to a model in the variable `model`, with `x` and `y` as samples."""

    def __init__(
        self, document: Document, catalog: Catalog, writer: RunWriter, own_modules: frozenset[str] = frozenset()
    ) -> None:
        self._document, self._settings = document, document.training
        self._values = written_values(document.training, document.data)
        self._objects = Objects(catalog, own_modules)
        self._catalog, self._writer = catalog, writer
        outputs = _mapping(self._settings.get(OUTPUTS))
        self._outputs = {name: _mapping(outputs.get(name)) for name in output_names(document.graph)}

    @property
    def complete(self) -> bool:
        """Whether every output has a loss."""
        return bool(self._outputs) and all(output.get("loss") for output in self._outputs.values())

    def before(self) -> list[str]:
        """Return what is said to Keras before the model is made."""
        calls = [call(library(function), literal(value)) for function, value in calls_before(self._values)]
        return [line for code in calls for line in done(code)]

    def initial_weights(self) -> list[str]:
        path = self._settings.get(INITIAL_WEIGHTS)
        if isinstance(path, str) and path.lower().endswith(".json"):
            return comment("Keras reads no weights of TensorFlow.js: export the model as .keras, and load that file.")
        return done(call(_method("load_weights"), beside(path))) if isinstance(path, str) else []

    def compile(self) -> list[str]:
        kwargs: dict[str, Code] = {
            "optimizer": self._made("optimizers", self._settings.get(OPTIMIZER) or DEFAULT_OPTIMIZER),
            "loss": self._packed(lambda output: self._made("losses", output["loss"])),
        }
        repeated = Counter(
            _name(metric) for output in self._outputs.values() for metric in _listed(output.get("metrics"))
        )
        if any(_listed(output.get("metrics")) for output in self._outputs.values()):
            kwargs["metrics"] = self._packed(
                lambda output: list_of(self._metric(metric, repeated) for metric in _listed(output.get("metrics")))
            )
        if any(_weight(output) != DEFAULT_LOSS_WEIGHT for output in self._outputs.values()):
            kwargs["loss_weights"] = self._packed(lambda output: literal(_weight(output)))
        kwargs |= self._arguments("compile")
        return [*self._own_names(), *done(CallCode(_method("compile"), (), kwargs))]

    def _own_names(self) -> list[str]:
        """Where one layer gives several outputs, Keras has one name for all, and would show one loss."""
        found = sorted(outputs(self._document.graph), key=lambda output: output.path)
        if all(output.name == output.layer for output in found):
            return []
        names = list_of(quoted(output.name) for output in found)
        return [*comment(_OWN_NAMES, 1), *attribute_set("model", "output_names", names)]

    def fit(self, data: DataCode) -> list[str]:
        kwargs, callbacks = self._arguments("fit"), self.callbacks(data.split)
        split, augmentation, has_words = data.split, data.augmentation, data.has_words
        if split.needed:
            kwargs.pop("validation_split", None)
            if split.validates is not False:
                kwargs["validation_data"] = name("validation")
        lines: list[str] = []
        given: list[Code] = [name("x"), name("y")]
        if data.loading.fed is not None:
            given = [_of_fed("training", 0)]
            kwargs = {key: value for key, value in kwargs.items() if key not in _OF_ARRAYS} | _fed(data.loading.fed)
        elif data.batches is not None:
            given = [name("samples")]
            lines = assigned("samples", self._in_batches(kwargs, data.batches, split, augments=bool(augmentation)))
            lines += augmentation.lines(SEED.sound(self._settings)) if augmentation else []
        elif augmentation:
            made = self._ordered(kwargs, augmented.OF_WORDS if has_words else augmented.CLASS)
            lines, given = assigned("samples", made), [name("samples")]
            lines += augmentation.lines(SEED.sound(self._settings))
        elif self.orders_samples:
            made, given = self._ordered(kwargs, shuffled.OF_WORDS if has_words else shuffled.CLASS), [name("samples")]
            lines = assigned("samples", made)
        elif has_words:
            lines = assigned("x", call(name(shuffled.AS_TENSORS), name("x")))
        as_arrays = has_words and data.batches is None
        if as_arrays and "validation_data" in kwargs and kwargs["validation_data"] == name("validation"):
            kwargs["validation_data"] = call(name(shuffled.AS_TENSORS), name("validation"))
        if callbacks:
            kwargs["callbacks"] = list_of(callback.made for callback in callbacks)
        for remark in dict.fromkeys(filter(None, (callback.remark for callback in callbacks))):
            lines += comment(remark, 1)
        return [*lines, *done(CallCode(_method("fit"), tuple(given), kwargs))]

    def _in_batches(self, kwargs: dict[str, Code], batches: BatchesCode, split: SplitCode, *, augments: bool) -> Code:
        """Samples that are read while they train, with what `fit` would else do with them."""
        for key in _OF_ARRAYS:
            kwargs.pop(key, None)
        kwargs.update(shuffle=FALSE)  # else Keras changes the order of the batches as well
        shuffles = bool(SHUFFLE.sound(self._document.data))
        return batches.samples(split.training, SEED.sound(self._settings), shuffles=shuffles, augments=augments)

    def _ordered(self, kwargs: dict[str, Code], feed: str) -> Code:
        """Samples in orders that follow from the seed, with what `fit` would else do with them."""
        seed, size = SEED.sound(self._settings), number(BATCH_SIZE.sound(self._settings))
        kwargs.pop("batch_size", None)
        made: dict[str, Code] = {"batch_size": size}
        if seed is not None:
            made.update(seed=number(seed))
        if not SHUFFLE.sound(self._document.data):
            made.update(shuffle=FALSE)
        if "validation_split" in kwargs:
            made["validation_split"] = kwargs.pop("validation_split")
            kwargs["validation_data"] = attribute(name("samples"), "validation")
        if "validation_data" in kwargs:
            kwargs["validation_batch_size"] = size
        kwargs.update(shuffle=FALSE)  # else Keras changes the order of the batches as well
        return CallCode(name(feed), (name("x"), name("y")), made)

    @property
    def orders_samples(self) -> bool:
        """Whether the order of samples is to follow from a seed, which Keras alone does not do in each epoch."""
        return SEED.sound(self._settings) is not None and SHUFFLE.sound(self._document.data)

    @property
    def imported(self) -> set[tuple[str, str]]:
        """What is used of the project's own code so far: module and name."""
        return self._objects.imported

    def _arguments(self, method: Method) -> dict[str, Code]:
        """Return what the settings say to `compile` or `fit`."""
        return {key: literal(value) for key, value in arguments(method, self._values, handled=True).items()}

    def _packed(self, write: Any) -> Code:
        return packed(output_nest(self._document.graph), lambda name: write(self._outputs[name]))

    def _metric(self, metric: Json, repeated: Counter[str]) -> Code:
        """Keras numbers a second metric of a class, and the curves of it with it; so these are named."""
        class_name = _name(metric)
        if class_name in _WORDS:
            return quoted(class_name)
        code = self._made("metrics", metric)
        if repeated[class_name] > 1 and isinstance(code, CallCode) and "name" not in code.kwargs:
            return CallCode(code.function, code.args, {**code.kwargs, "name": quoted(snake_case(class_name))})
        return code

    def _made(self, kind: ObjectKind, value: Json) -> Code:
        """By its constructor where the catalogue has it, else as Keras finds it by its name."""
        class_name, config = _name(value), _mapping(_mapping(value).get("config"))
        spec = self._catalog.object(kind, class_name)
        is_function = spec is not None and spec.own_module and not spec.config
        if spec is not None and is_function and self._objects.may_import(spec.own_module, spec.class_name):
            self.imported.add((spec.own_module, spec.class_name))
            return name(spec.class_name)
        code = self._objects.constructed(kind, spec, {**spec.config, **config}) if spec else None
        if code is not None:
            return code
        described = literal({"class_name": class_name, "config": config}) if config else quoted(class_name)
        return call(library(f"keras.{kind}.get"), described)

    def callbacks(self, split: SplitCode) -> list[CallbackCode]:
        """Raises SourceError for one that is not known."""
        chosen = _mapping(self._settings.get("callbacks")).items()
        known = directions(logged_by(self._document.graph, self._outputs, self._catalog))
        return [self._callback(key, _mapping(values), split.validates, known) for key, values in chosen]

    def _callback(
        self, key: str, values: Mapping[str, Json], validates: bool | None, known: Mapping[str, Direction]
    ) -> CallbackCode:
        """Where it is not known whether there is validation, it is what fits to what turns out."""
        if validates is not None:
            return self._writer.callback(key, values, validates, known)
        one, other = (self._writer.callback(key, values, has_validation, known) for has_validation in (True, False))
        return replace(one, made=either(name("validation"), one.made, other.made))


def _of_fed(part: str, place: int) -> Code:
    return subscript(subscript(name("data"), quoted(part)), number(place))


def _fed(fed: Fed) -> dict[str, Code]:
    """What `fit` is told of samples that code of the project makes: they come in the order in which it makes them."""
    kwargs: dict[str, Code] = {"steps_per_epoch": _of_fed("training", 1), "shuffle": FALSE}
    if fed.validates:
        kwargs |= {"validation_data": _of_fed("validation", 0), "validation_steps": _of_fed("validation", 1)}
    return kwargs


def _weight(output: Mapping[str, Json]) -> Json:
    return DEFAULT_LOSS_WEIGHT if output.get("weight") is None else output["weight"]


def _method(of_model: str) -> Code:
    return attribute(name("model"), of_model)


def _listed(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list | tuple) else []


def _mapping(value: Json) -> Mapping[str, Json]:
    """Return named values; what a damaged file has instead of them counts as none."""
    return value if isinstance(value, Mapping) else {}


def _name(value: Json) -> str:
    return str(value.get("class_name", "")) if isinstance(value, Mapping) else str(value)
