"""What layers are given besides numbers, as Keras 1, Keras 2 and tf.keras wrote it: initializers, penalties, dtypes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from graph_editor.catalog.catalog import LAYERS_MODULE, Catalog
from graph_editor.catalog.specs import LayerSpec, ObjectKind, ObjectSpec
from graph_editor.keras_format.reading import ConfigError
from resources.text import Text

Json = Any
Tell = Callable[[Text], None]

_KINDS: Final[Mapping[str, ObjectKind]] = {
    "initializer": "initializers",
    "regularizer": "regularizers",
    "constraint": "constraints",
}
_DTYPES: Final = {"float": "float32", "double": "float64", "half": "float16", "int": "int32", "boolean": "bool"}
_INFERRED: Final = ("infer", "_infer", "infer_float32_vars", "infer_with_float32_vars")
_POLICIES: Final = ("Policy", "PolicyV1", "DTypePolicy")
# Names of Keras 1, and of tf.keras before 2.0, that are no longer there.
_OTHER_NAMES: Final = {
    "zero": "zeros",
    "one": "ones",
    "uniform": "random_uniform",
    "normal": "random_normal",
    "maxnorm": "max_norm",
    "nonneg": "non_neg",
    "unitnorm": "unit_norm",
    "l1_l2": "l1l2",
    "WeightRegularizer": "l1l2",
    "ActivityRegularizer": "l1l2",
    "L1L2Regularizer": "l1l2",
    "RandomNormalV1": "random_normal",
    "RandomUniformV1": "random_uniform",
    "TruncatedNormalV1": "truncated_normal",
    "OrthogonalV1": "orthogonal",
}
_OTHER_KEYS: Final = {"m": "max_value", "low": "min_value", "high": "max_value"}
# tf.keras 1.14 to 2.0 wrote the dtype of the numbers beside them, though the layer has said it.
_NEEDLESS: Final = ("dtype", "name", "partition_info", "verify_shape")


def registered_place(name: str) -> dict[str, Json]:
    """Where Keras 3 says that it finds a class of one's own of which there is "package>Name" alone, in no module."""
    return {"module": None, "class_name": name.rpartition(">")[2], "registered_name": name}


def standard_dtype(value: Json) -> Json:
    """The dtype or policy as Keras 3 takes it; None where the layer is to find out by itself."""
    if isinstance(value, Mapping):
        if value.get("class_name") not in _POLICIES or value.get("module") in ("keras", "keras.dtype_policies"):
            return value
        given = value.get("config")
        name = standard_dtype(given.get("name")) if isinstance(given, Mapping) else None
        if name is None:
            return None
        return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": name}, "registered_name": None}
    if not isinstance(value, str):
        return None
    value = value.removesuffix("_ref")
    return None if value in _INFERRED else _DTYPES.get(value, value)


def plain_dtype(value: Json) -> str:
    """The dtype of an input that a layer with this dtype implies."""
    found = standard_dtype(value)
    return found if isinstance(found, str) and not found.startswith("mixed_") else "float32"


def _layer_dtype(spec: LayerSpec, value: Json) -> Json:
    """Keras 2.0 wrote the dtype of the words that an Embedding takes; its vectors were floats all the same."""
    found = standard_dtype(value)
    return None if spec.class_name == "Embedding" and isinstance(found, str) and "int" in found else found


def modern_object(spec: LayerSpec, key: str, value: Json, catalog: Catalog, place: str, tell: Tell) -> Json:
    """A value of a layer's config as Keras 3 writes it: an object says where its class lives."""
    if key == "dtype":
        return _layer_dtype(spec, value)
    parameter = spec.parameter(key)
    kind = "regularizer" if key == "activity_regularizer" else parameter.kind if parameter else ""
    if kind == "activation" and isinstance(value, Mapping) and "class_name" in value and "module" not in value:
        return {"module": LAYERS_MODULE, **value, "registered_name": None}
    if kind not in _KINDS or value is None:
        return value
    return _object(_KINDS[kind], value, catalog, place, tell)


def _object(kind: ObjectKind, value: Json, catalog: Catalog, place: str, tell: Tell) -> Json:
    name, config = _parts(value)
    if name is None or not isinstance(config, Mapping) or (isinstance(value, Mapping) and "module" in value):
        return value
    if name == "EigenvalueRegularizer":
        raise ConfigError(place, Text("Keras 3 has no EigenvalueRegularizer, and nothing that takes its place."))
    spec = _found(kind, name, catalog)
    if spec is None:  # somebody's own
        return {**registered_place(name), "config": config} if ">" in name and isinstance(value, Mapping) else value
    settings = {_OTHER_KEYS.get(key, key): item for key, item in config.items()}
    known = {parameter.name for parameter in spec.parameters} | spec.config.keys()
    for key, item in settings.items():
        if key not in known and key not in _NEEDLESS and item not in (None, False):
            tell(
                Text(
                    "{layer}: Keras 3 has no {parameter} any more; it was {value}.",
                    {"layer": place, "parameter": f"{spec.class_name}.{key}", "value": str(item)[:60]},
                )
            )
    kept = {key: _plain(item) for key, item in settings.items() if key in known}
    return {
        "module": f"keras.{kind}",
        "class_name": spec.class_name,
        "config": kept if isinstance(value, Mapping) and "class_name" in value else {**spec.config, **kept},
        "registered_name": None,
    }


def _parts(value: Json) -> tuple[str | None, Json]:
    """The name of an object and its settings; Keras 1 wrote {"name": "MaxNorm", "m": 2}, or a name alone."""
    match value:
        case str():
            return value, {}
        case {"class_name": str(name)}:
            return name, value.get("config") or {}
        case {"name": str(name)}:
            return name, {key: item for key, item in value.items() if key != "name"}
    return None, None


def _found(kind: ObjectKind, name: str, catalog: Catalog) -> ObjectSpec | None:
    return catalog.object(kind, _OTHER_NAMES.get(name, name)) or catalog.object(
        kind, name.removesuffix("V1").removesuffix("V2")
    )


def _plain(value: Json) -> Json:
    """Keras 2 wrote numbers of numpy as {"class_name": "__numpy__" or "type": "ndarray", "value": ...}."""
    return value["value"] if isinstance(value, Mapping) and "value" in value and "class_name" not in value else value


def moved_axes(value: Json, axes: Sequence[int | None]) -> Json:
    """A constraint of Keras 1 whose axes are those of the old kernel: ``axes[i]`` is today's place of the old axis."""
    if not isinstance(value, Mapping) or "axis" not in value:
        return value
    given = value["axis"] if isinstance(value["axis"], list) else [value["axis"]]
    if not all(isinstance(axis, int) and -len(axes) <= axis < len(axes) for axis in given):
        return value
    places = sorted(place for axis in given if (place := axes[axis]) is not None)
    return {**value, "axis": places[0] if len(places) == 1 else places}
