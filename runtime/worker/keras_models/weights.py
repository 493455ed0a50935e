"""Weights from a file into a model, layer by layer: what has the same name and the same shapes is kept.

Keras stores weights under class names and positions (`layers/dense_1`), so that an edited model finds nothing of its
own. Which layer that was is told by the config beside the weights, or by the names that Keras notes at its groups.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import keras
import numpy as np
from keras.src.saving import saving_lib
from keras.src.utils import naming

from resources.text import Text
from runtime.worker.keras_models import tensorflow_js
from runtime.worker.keras_models.allow import python_name
from runtime.worker.keras_models.old_weights import TODAY, Origin, converted, doubts, origin_of
from runtime.worker.keras_models.vocabularies import lacks_words, take_words
from runtime.worker.keras_models.weights_file import open_weights, refused
from runtime.worker.process.control import WorkerError

Json = Any
Key = tuple[str, ...]  # names of layers, from the outermost model inwards
Met = Set[int]  # addresses of layers whose weights have been taken from the file
Names = Mapping[str, str]  # what layers are called in a file, by their names in the model, where they differ
Shapes = dict[str, tuple[int, ...]]  # path within the layer's group -> shape

SAME_NAMES: Final[Names] = MappingProxyType({})
_SHOWN: Final = 6  # names in a sentence
_OLD_LAYERS: Final = "_layer_checkpoint_dependencies"  # what Keras called "layers" up to 2.13
_OPERATIONS: Final = "keras.src.ops"
_SEED: Final = "seed_generator"


@dataclass(frozen=True, slots=True)
class WeightsReport:
    """Names of layers that have weights: from the file, initialised anew, and only in the file."""

    file: str
    kept: tuple[str, ...]
    fresh: tuple[str, ...]
    dropped: tuple[str, ...]
    doubts: tuple[Text, ...] = ()

    @property
    def complete(self) -> bool:
        return not self.fresh and not self.dropped

    def notes(self) -> tuple[Text, ...]:
        """Return what to tell people."""
        count = len(self.kept)
        if self.complete:
            text = Text("The weights of all {count} layers come from {file}.", {"count": count, "file": self.file})
            return (text, *self.doubts)
        notes = [
            Text.of(
                "Weights from {file}: {kept} layers kept, {fresh} new, {dropped} dropped.",
                file=self.file,
                kept=count,
                fresh=len(self.fresh),
                dropped=len(self.dropped),
            )
        ]
        if self.fresh:
            notes.append(Text("New, with fresh weights: {layers}.", {"layers": _listed(self.fresh)}))
        if self.dropped:
            notes.append(Text("Dropped, for want of a layer that fits: {layers}.", {"layers": _listed(self.dropped)}))
        return (*notes, *self.doubts)


def load_weights(model: Any, path: Path, names: Names = SAME_NAMES) -> WeightsReport:
    """Gives `model` what fits. Raises WorkerError when the file cannot be read or nothing in it fits.

    `names` says what layers that were renamed are called in the file.
    """
    with _read(path, model, names) as (stored, open_questions):
        places = dict(_leaves(model))
        sources = _matched(places, stored, names)
        loaded_keys: list[Key] = []
        fresh: list[Key] = []
        met: set[int] = set()
        for key, layer in places.items():
            source = sources.get(key)
            if lacks_words(layer):
                found = stored.pop(source, None) if source is not None else None
                if isinstance(found, _Group):
                    take_words(layer, found.file, found.group, path)
                continue
            if not _shapes(layer):
                continue
            fits = source is not None and stored[source].load(layer, met, path)
            if fits and source is not None:
                del stored[source]
            fits = fits or not _shapes(layer, met)  # all that it is made of stands elsewhere as well
            if fits:
                _shapes_beyond(layer, met)
            if layer.weights:  # the state of a Dropout's random numbers comes along, but is no news
                (loaded_keys if fits else fresh).append(key)
        dropped = [key for key, item in stored.items() if item.has_weights]
    if fresh and not loaded_keys:
        raise WorkerError(Text("The weights of {file} do not fit this model.", {"file": str(path)}))
    return WeightsReport(path.name, _texts(loaded_keys), _texts(fresh), _texts(dropped), open_questions)


@contextmanager
def _read(path: Path, model: Any, names: Names) -> Iterator[tuple[dict[Key, "_Stored"], tuple[Text, ...]]]:
    """What a file has for layers, and what it leaves open."""
    if path.suffix.lower() == tensorflow_js.SUFFIX:
        yield dict(_of_tensorflow_js(tensorflow_js.arrays_of(path), model, names)), ()
        return
    with open_weights(path) as (file, config):
        group = _legacy_group(file)
        yield _stored(file, config, model, names), () if group is None else doubts(group, model)


def load_optimizer(model: Any, path: Path) -> Text | None:
    """Continues with the optimizer's state where the file has one that fits; says whether it does, None without one.

    The learning rate stays the one that the run asks for. `model` is compiled.
    """
    if path.suffix.lower() == tensorflow_js.SUFFIX:
        return None
    with open_weights(path) as (file, config):
        compiled = config.get("compile_config") if isinstance(config, Mapping) else None
        optimizer_config = compiled.get("optimizer") if isinstance(compiled, Mapping) else None
        if "optimizer" not in file or not isinstance(optimizer_config, Mapping):
            return None
        optimizer = model.optimizer
        afresh = Text("The optimizer starts afresh: its state in {file} does not fit.", {"file": path.name})
        if optimizer_config.get("class_name") != type(optimizer).__name__:
            return afresh
        optimizer.build(model.trainable_variables)
        if _shapes(optimizer) != _datasets(file, "optimizer"):
            return afresh
        rate = optimizer.learning_rate
        fixed = None if isinstance(getattr(optimizer, "_learning_rate", None), _Schedule) else float(rate)
        _load_state(optimizer, file, "optimizer", path)
        if fixed is not None:
            optimizer.learning_rate = fixed
    return Text("The optimizer continues from its state in {file}.", {"file": path.name})


_Schedule: Final = keras.optimizers.schedules.LearningRateSchedule


# Where the weights of a layer lie


class _Group:
    """A layer in the format of Keras 3: a group with the layer's own structure."""

    def __init__(self, file: Any, path: str) -> None:
        self.file, self.group = file, path
        self._found = _datasets(file, path)
        self.has_weights = any(_SEED not in name.split("/") for name in self._found)

    def load(self, layer: Any, met: Met, path: Path) -> bool:
        """False, with nothing changed, when the shapes differ. `met` has its weights: Keras stores an object once."""
        for already in (met, set[int]()):
            if _public(self._found) == _public(_shapes(layer, already)):
                _load_state(layer, self.file, self.group, path, already)
                return True
        return False


class _Arrays:
    """A layer in the format of Keras 2: its arrays by their names.

    Keras lists those that are trained first, so their order depends on what was frozen when the file was written.
    """

    def __init__(self, arrays: Mapping[str, Any], origin: Origin = TODAY) -> None:
        self._arrays, self._origin = dict(arrays), origin
        self.names = frozenset(self._arrays)
        self.has_weights = bool(self._arrays)

    def load(self, layer: Any, met: Met, path: Path) -> bool:
        variables = [*layer.trainable_weights, *layer.non_trainable_weights]
        arrays = _in_order_of(variables, self._arrays)
        shapes = [tuple(variable.shape) for variable in variables]
        if self._origin != TODAY or [array.shape for array in arrays] != shapes:
            arrays = converted(layer, arrays, self._origin)
        if [array.shape for array in arrays] != shapes:
            return False
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(np.asarray(array))
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()
        return True


_Stored = _Group | _Arrays


def _in_order_of(variables: Sequence[Any], arrays: Mapping[str, Any]) -> list[Any]:
    """The arrays in the order of the variables, by as much of their names as tells them apart; else as they stand."""
    variable_parts = [variable.path.split("/") for variable in variables]
    array_parts = [name.split(":")[0].split("/") for name in arrays]
    for form in (_as_it_is, _unnumbered):
        for length in range(1, 1 + max(map(len, [*variable_parts, *array_parts]), default=0)):
            ends = [tuple(map(form, parts[-length:])) for parts in variable_parts]
            by_end = dict(
                zip((tuple(map(form, parts[-length:])) for parts in array_parts), arrays.values(), strict=True)
            )
            if len(by_end) == len(arrays) == len(set(ends)) and set(ends) == by_end.keys():
                return [by_end[end] for end in ends]
    return list(arrays.values())


def _as_it_is(part: str) -> str:
    return part


def _unnumbered(part: str) -> str:
    return re.sub(r"_\d+$", "", part)


def _legacy_group(file: Any) -> Any:
    """The group that lists layers by their names; None in the format of Keras 3."""
    group = file.get("model_weights", file)
    return group if _names_attribute(group, "layer_names") else None


def _stored(file: Any, config: Json, model: Any, names: Names) -> dict[Key, _Stored]:
    legacy = _legacy_group(file)
    if legacy is not None:
        return dict(_legacy_layers(legacy, model, names))
    named = dict(_paths_of_names(file, (), "")) if _has_names(file) else {}
    if isinstance(config, Mapping):
        paths = dict(_paths_of_config(config, (), ""))
        paths |= {key: named[key] for key, path in paths.items() if key in named and path not in file}
    else:
        paths = named or dict(_paths_of_model(model, (), "", names))
    return {key: _Group(file, _existing(file, path)) for key, path in paths.items()}


def _paths_of_config(model: Mapping[str, Json], key: Key, prefix: str) -> Iterator[tuple[Key, str]]:
    config = model.get("config")
    entries = config.get("layers") if isinstance(config, Mapping) else None
    name_counts: dict[str, int] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping) or str(entry.get("module")).startswith(_OPERATIONS):
            continue  # operations are no layers, so they are not counted
        own = entry.get("config")
        name = entry.get("name", own.get("name") if isinstance(own, Mapping) else None)
        class_name = str(entry.get("class_name"))
        path = f"{prefix}layers/{_unique(python_name(class_name, entry.get('module')), name_counts)}"
        if class_name in ("Functional", "Sequential", "Model"):
            yield from _paths_of_config(entry, (*key, str(name)), f"{path}/")
        else:
            yield (*key, str(name)), path


def _paths_of_names(group: Any, key: Key, prefix: str) -> Iterator[tuple[Key, str]]:
    """By the names that Keras (since 3.10) notes beside the weights."""
    for child in group["layers"]:
        path, inner = f"{prefix}layers/{child}", group["layers"][child]
        name = inner["vars"].attrs.get("name") if "vars" in inner else None
        if not isinstance(name, str):
            continue
        if "layers" in inner:
            yield from _paths_of_names(inner, (*key, name), f"{path}/")
        else:
            yield (*key, name), path


def _has_names(file: Any) -> bool:
    layers = file.get("layers")
    return layers is not None and any("vars" in item and "name" in item["vars"].attrs for item in layers.values())


def _paths_of_model(model: Any, key: Key, prefix: str, names: Names) -> Iterator[tuple[Key, str]]:
    """As if the file had been written by this very model: all that a file without names leaves."""
    name_counts: dict[str, int] = {}
    for layer in model.layers:
        path = f"{prefix}layers/{_unique(type(layer).__name__, name_counts)}"
        if _is_model(layer):
            yield from _paths_of_model(layer, (*key, _in_file(layer.name, names)), f"{path}/", names)
        else:
            yield (*key, _in_file(layer.name, names)), path


def _in_file(name: str, names: Names) -> str:
    return names.get(name, name)


def _unique(class_name: str, name_counts: dict[str, int]) -> str:
    """Keras' own name for the group of the next layer of a class."""
    name = naming.to_snake_case(class_name)
    name_counts[name] = name_counts.get(name, -1) + 1
    return f"{name}_{name_counts[name]}" if name_counts[name] else name


def _existing(file: Any, path: str) -> str:
    if path not in file and _OLD_LAYERS in file:
        return path.replace("layers/", f"{_OLD_LAYERS}/")
    return path


def _legacy_layers(group: Any, model: Any, names: Names) -> Iterator[tuple[Key, _Stored]]:
    """The arrays of a model inside of the model stand in one list; their names tell to which layer they belong."""
    inner_models = {_in_file(layer.name, names): layer for layer in model.layers if _is_model(layer)}
    origin = origin_of(group)
    for name in _names_attribute(group, "layer_names"):
        if name not in group:
            continue
        arrays = {weight: group[name][weight] for weight in _names_attribute(group[name], "weight_names")}
        if name not in inner_models:
            yield (name,), _Arrays(arrays, origin)
            continue
        yield from _shared_out(arrays, inner_models[name], names, origin, (name,))


def _of_tensorflow_js(arrays: Mapping[str, Any], model: Any, names: Names) -> Iterator[tuple[Key, _Stored]]:
    """TensorFlow.js names arrays as Keras 2 did, whatever model of models they are in."""
    taken: set[str] = set()
    for key, own in _shared_out(arrays, model, names, TODAY):
        taken |= own.names
        yield key, own
    for name in arrays.keys() - taken:
        yield (name,), _Arrays({name: arrays[name]})


def _shared_out(
    arrays: Mapping[str, Any], model: Any, names: Names, origin: Origin, prefix: Key = ()
) -> Iterator[tuple[Key, _Arrays]]:
    """For each layer of a model the arrays that are named after it."""
    keys = [tuple(_in_file(part, names) for part in leaf) for leaf, _ in _leaves(model)]
    leaves = [key[-1] for key in keys]
    for key in keys:
        own = {weight: array for weight, array in arrays.items() if _is_of(weight, key[-1], leaves)}
        yield (*prefix, *key), _Arrays(own, origin)


def _is_of(weight: str, layer: str, layers: Sequence[str]) -> bool:
    """Whether a weight is of a layer, by its name; Keras 1 wrote `dense_1_W` for the W of dense_1."""
    if "/" in weight:
        return f"/{layer}/" in f"/{weight}/"
    return layer == max((name for name in layers if weight.startswith(f"{name}_")), key=len, default=None)


def _names_attribute(group: Any, name: str) -> list[str]:
    """A list of names; Keras splits long ones into attributes that are counted."""
    attributes = group.attrs
    parts = [name] if name in attributes else [f"{name}{number}" for number in range(10_000)]
    names: list[str] = []
    for part in parts:
        if part not in attributes:
            break
        value = np.asarray(attributes[part]).reshape(-1)
        names += [item.decode("utf-8", "replace") if isinstance(item, bytes) else str(item) for item in value]
    return names


# What a layer wants


def _leaves(model: Any, key: Key = ()) -> Iterator[tuple[Key, Any]]:
    """Every layer that is no model itself, once, with the names that lead to it."""
    visited: set[int] = set()
    for layer in model.layers:
        if id(layer) in visited:
            continue
        visited.add(id(layer))
        if _is_model(layer):
            yield from _leaves(layer, (*key, layer.name))
        else:
            yield (*key, layer.name), layer


def _is_model(layer: Any) -> bool:
    return isinstance(layer, keras.Model)


def _matched(places: Mapping[Key, Any], stored: Mapping[Key, _Stored], names: Names) -> dict[Key, Key]:
    """By the whole way; a layer that moved into or out of a model, by its own name where only one has it.

    Layers that were renamed come first: one that was made later may have the name that they had.
    """
    in_file = {key: tuple(_in_file(part, names) for part in key) for key in places}
    matches = {key: old for key, old in in_file.items() if old != key and old in stored}
    taken = set(matches.values())
    same = {key: key for key in places if key not in matches and key in stored and key not in taken}
    matches |= same
    left: dict[str, list[Key]] = {}
    for key in stored.keys() - taken - same.keys():
        left.setdefault(key[-1], []).append(key)
    for key, old in in_file.items():
        if key not in matches and len(left.get(old[-1], ())) == 1:
            matches[key] = left.pop(old[-1])[0]
    return matches


class _Recorder(saving_lib.H5IOStore):
    """Notes the shapes of what Keras would write; Keras asks for a store of this class."""

    def __init__(self) -> None:
        self.shapes: Shapes = {}
        self._at = ""

    def __bool__(self) -> bool:
        return True

    def make(self, path: str, metadata: object = None) -> "_Recorder":
        self._at = f"{path}/vars/" if path else "vars/"
        return self

    def __setitem__(self, key: str, value: Any) -> None:
        self.shapes[f"{self._at}{key}"] = tuple(value.shape)


class _Reader(saving_lib.H5IOStore):
    """Keras' reader over a file that has been checked and is open already."""

    def __init__(self, file: Any) -> None:
        self.mode, self.archive, self.io_file = "r", None, None
        self.h5_file = file
        self._h5_entry_path = None
        self._h5_entry_group: Any = {}
        self._h5_entry_metadata = None
        self._h5_entry_initialized = False

    def get(self, path: str) -> Any:
        """Keras 2 wrote the parts of a layer under their private names (`_query_dense`)."""
        group, parts = self.h5_file, []
        for part in path.split("/"):
            name = part if part in group or f"_{part}" not in group else f"_{part}"
            if name not in group:
                return super().get(path)
            group = group[name]
            parts.append(name)
        return super().get("/".join(parts))


def _public(shapes: Shapes) -> Shapes:
    """Without the difference between private and public names of the parts of a layer."""
    return {"/".join(part.lstrip("_") for part in path.split("/")): shape for path, shape in shapes.items()}


def _shapes(saveable: Any, met: Met = frozenset()) -> Shapes:
    """What Keras would write of it, without what it has `met` before."""
    return _shapes_beyond(saveable, set(met))


def _shapes_beyond(saveable: Any, met: set[int]) -> Shapes:
    """The same; all that it is made of counts as met from then on."""
    recorder = _Recorder()
    saving_lib._save_state(saveable, weights_store=recorder, assets_store=None, inner_path="", visited_saveables=met)
    return recorder.shapes


def _datasets(file: Any, path: str) -> Shapes:
    """Shapes of all arrays below a group, by their path from there."""
    if path not in file:
        return {}
    shapes: Shapes = {}
    waiting = [("", file[path])]
    while waiting:
        place, item = waiting.pop()
        if hasattr(item, "shape"):
            shapes[place[1:]] = tuple(item.shape)
        else:
            waiting += [(f"{place}/{name}", item[name]) for name in item]
    return shapes


def _load_state(saveable: Any, file: Any, inner_path: str, path: Path, met: Met = frozenset()) -> None:
    try:
        saving_lib._load_state(
            saveable,
            weights_store=_Reader(file),
            assets_store=None,
            inner_path=inner_path,
            visited_saveables=set(met),
        )
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise WorkerError(refused(path, inner_path, Text("Keras did not take them.")).text, str(error)) from error


def _texts(keys: Sequence[Key]) -> tuple[str, ...]:
    return tuple("/".join(key) for key in keys)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown}, …" if len(names) > _SHOWN else shown
