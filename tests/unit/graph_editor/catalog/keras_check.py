"""Holds the catalogue against the installed Keras; run in a process of its own, prints its findings as JSON."""

import functools
import inspect
import json
import sys
from collections.abc import Callable
from typing import Any

import keras
import msgspec

from graph_editor.catalog.catalog import FOLDER, Catalog
from graph_editor.catalog.generate.objects import KINDS, namespace
from graph_editor.catalog.generate.output import contents
from graph_editor.catalog.specs import LayersFile, LayerSpec, ObjectsFile, ObjectSpec, Port

Findings = dict[str, str]
_BY_RANK = {1: (None, 32, 8), 2: (None, 32, 32, 3), 3: (None, 8, 8, 8, 3)}
_SEQUENCES = (None, 6, 8)
_SHAPES: dict[str, tuple[int | None, ...]] = {
    "ConvLSTM1D": (None, 4, 16, 3),
    "ConvLSTM2D": (None, 4, 16, 16, 3),
    "ConvLSTM3D": (None, 4, 8, 8, 8, 3),
    "GroupNormalization": (None, 8, 64),
    "RepeatVector": (None, 8),
    "EinsumDense": (None, 8),
    "MelSpectrogram": (None, 16000),
    "CategoryEncoding": (None, 4),
    "Embedding": (None, 10),
    "ReversibleEmbedding": (None, 10),
    "Dense": (None, 8),
    "HashedCrossing": (None, 1),
    "SpectralNormalization": (None, 8),
}
_IMAGES = (None, 256, 256, 3)
_INTEGERS = ("CategoryEncoding", "Embedding", "ReversibleEmbedding", "Hashing", "HashedCrossing")


def main() -> None:
    catalog = Catalog.load()
    specs = [spec for spec in catalog.palette() if not spec.function]
    findings: dict[str, Any] = {
        "stale": [name for name, text in contents(FOLDER / "overlay.json").items() if _differs(name, text)],
        "unknown": _unknown_classes(),
        "round_trip": _each(specs, lambda spec: _round_trip(catalog, spec)),
        "call": _each([spec for spec in specs if spec.inputs], lambda spec: _call(catalog, spec)),
        "parameters": _each(specs, lambda spec: _parameters(catalog, spec)),
        "objects": {},
    }
    for kind in KINDS:
        module = namespace(kind)
        found = _each(catalog.objects(kind), functools.partial(_object, module))
        findings["objects"].update({f"{kind}.{name}": problem for name, problem in found.items()})
    sys.stdout.write(json.dumps(findings))


def _each(specs: list[Any], check: Callable[[Any], str]) -> Findings:
    """Class name -> what is wrong with it, for those where something is."""
    found: Findings = {}
    for spec in specs:
        try:
            problem = check(spec)
        except Exception as error:
            problem = f"{type(error).__name__}: {error}"
        if problem:
            found[spec.class_name] = problem
    return found


def _differs(name: str, content: bytes) -> bool:
    return (FOLDER / name).read_bytes() != content


def _unknown_classes() -> list[str]:
    """Public classes of Keras of which the catalogue says nothing at all."""
    file = msgspec.json.decode((FOLDER / "layers.json").read_bytes(), type=LayersFile)
    known = {spec.class_name for spec in file.layers if spec.palette or spec.reason}
    known |= set(file.aliases) | set(file.not_layers)
    missing = [name for name in dir(keras.layers) if inspect.isclass(getattr(keras.layers, name)) and name not in known]
    for kind in KINDS:
        if kind == "activations":
            continue
        objects = msgspec.json.decode((FOLDER / f"{kind}.json").read_bytes(), type=ObjectsFile)
        names = {spec.class_name for spec in objects.objects} | set(objects.left_out)
        module = namespace(kind)
        classes = {item.__name__ for item in vars(module).values() if inspect.isclass(item)}
        missing += sorted(f"{kind}.{name}" for name in classes - names if getattr(module, name, None) is not None)
    return missing


def _written(layer: Any) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(json.dumps(keras.saving.serialize_keras_object(layer)["config"]))
    return config


def _made(spec: LayerSpec, config: dict[str, Any]) -> Any:
    return keras.layers.deserialize({"module": spec.module, "class_name": spec.class_name, "config": config})


def _round_trip(catalog: Catalog, spec: LayerSpec) -> str:
    config = catalog.default_config(spec, "a_layer")
    written = _written(_made(spec, catalog.default_config(spec, "a_layer")))
    changed = {
        key: (config.get(key, "absent"), value)
        for key, value in written.items()
        if config.get(key, "absent") != value and not (key in config and config[key] is None) and key not in _DROPPED
    }
    if changed:
        return f"config changed: {changed}"
    lost = set(config) - set(written)
    if lost:
        return f"config lost: {lost}"
    return "" if _written(_made(spec, json.loads(json.dumps(written)))) == written else "the second round trip differs"


# Keras writes these with their empty defaults; new layers go without.
_DROPPED = ("quantization_config", "rms_scaling", "sparse")


def _shape(spec: LayerSpec) -> tuple[int | None, ...]:
    if spec.class_name in _SHAPES:
        return _SHAPES[spec.class_name]
    if spec.category == "preprocessing" and spec.class_name not in ("Rescaling", "Hashing"):
        return _IMAGES
    rank = next((int(letter) for letter in spec.class_name if letter.isdigit()), None)
    return _SEQUENCES if rank is None else _BY_RANK[rank]


def _tensor(spec: LayerSpec, port: Port) -> Any:
    shape: tuple[int | None, ...] = _shape(spec)
    if port.name == "initial_state":
        shape = (None, 64)
    dtype = "int32" if spec.class_name in _INTEGERS else "float32"
    if spec.class_name == "Hashing":
        shape = (None, 4)
    return keras.KerasTensor(shape, dtype=dtype)


def _arguments(spec: LayerSpec, optional: bool) -> tuple[list[Any], dict[str, Any]]:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for port in spec.inputs:
        if not (port.required or optional):
            continue
        count = port.maximum or port.minimum if optional else port.minimum
        value: Any = [_tensor(spec, port) for _ in range(count)] if port.kind == "list" else _tensor(spec, port)
        if port.path[0] == "args":
            args.append(value)
        else:
            kwargs[str(port.path[1])] = value
    return args, kwargs


def _call(catalog: Catalog, spec: LayerSpec) -> str:
    problem = _outputs(catalog, spec, {}, optional=False)
    if spec.class_name.startswith("ConvLSTM"):
        return problem or _outputs(catalog, spec, {"return_state": True}, optional=False)
    problem = problem or _outputs(catalog, spec, {}, optional=True)
    if spec.state_outputs:
        problem = problem or _outputs(catalog, spec, {"return_state": True}, optional=True)
    if spec.class_name == "Bidirectional":
        inner = catalog.default_config(spec, "inner")["layer"]
        inner["config"]["return_state"] = True
        for change in ({"layer": inner}, {"merge_mode": None}, {"layer": inner, "merge_mode": None}):
            problem = problem or _outputs(catalog, spec, change, optional=False)
    return problem


def _outputs(catalog: Catalog, spec: LayerSpec, changes: dict[str, Any], optional: bool) -> str:
    config = catalog.default_config(spec, "a_layer") | changes
    args, kwargs = _arguments(spec, optional)
    outputs = _made(spec, json.loads(json.dumps(config)))(*args, **kwargs)
    flat = keras.tree.flatten(outputs)
    expected = catalog.output_count(spec, config)
    return "" if len(flat) == expected else f"{len(flat)} outputs with {changes}, the catalogue says {expected}"


def _parameters(catalog: Catalog, spec: LayerSpec) -> str:
    """Each parameter is taken by the constructor, and its default is the one in the config of a new layer."""
    config = catalog.default_config(spec, "a_layer")
    for parameter in spec.parameters:
        value = config.get(parameter.name, parameter.default)
        if isinstance(value, dict):
            continue
        if value != parameter.default:
            return f"{parameter.name}: {parameter.default} is not {value}"
        _made(spec, catalog.default_config(spec, "a_layer") | {parameter.name: value})
    return ""


def _object(module: Any, spec: ObjectSpec) -> str:
    if spec.kind == "callbacks":
        return "" if hasattr(module, spec.class_name) else "no such callback"
    get = module.deserialize if spec.kind == "schedules" else module.get
    if spec.kind != "schedules" and not any(parameter.required for parameter in spec.parameters):
        module.get(spec.identifier)
    if spec.kind == "activations":
        return ""
    values = {item.name: spec.config.get(item.name, item.default) for item in spec.parameters}
    found = get({"class_name": spec.class_name, "config": dict(spec.config) | values})
    return "" if type(found).__name__ == spec.class_name else f"Keras makes a {type(found).__name__} of it"


if __name__ == "__main__":
    main()
