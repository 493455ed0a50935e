"""One Keras model through Lamella and back in all ways, and what differs then. Imports Keras."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Structure, problems
from graph_editor.document.document import Document
from graph_editor.document.files import file_format
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.calls import CallReader
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from resources.python_code.pieces import SourceError
from runtime.messages.exporting import Export
from runtime.messages.inference import CallSpec, OperationJson
from runtime.python_code import RunCode
from runtime.worker.engine.export import export
from runtime.worker.engine.infer import Inference
from runtime.worker.keras_models.vocabularies import hand_over
from runtime.worker.process.control import WorkerError

WORDS = ["cat", "dog", "cat dog", "bird", "the dog", "새"]
_SAME = ""
_MARKS = ("shared_object_id", "compile_config")  # Keras draws them anew each time


def opened(path: Path, catalog: Catalog) -> Document:
    """The document of a model file, by way of a project file."""
    document = open_model(path, catalog).document
    again = file_format.loads(file_format.dumps(document))
    assert json.dumps(model_json(again)) == json.dumps(model_json(document))
    return again


def roundtrip(model: Any, path: Path, catalog: Catalog, example: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Way -> what differs, or why it is refused; nothing where all is the same. `path` is a .keras file to be written.

    `example`: the values of inputs by their names, where chance would make none that make sense.
    """
    model.save(path)
    values = {
        input_name(tensor): (example or {}).get(input_name(tensor), example_values(tensor)) for tensor in model.inputs
    }
    document = opened(path, catalog)
    ways: dict[str, Callable[[], str]] = {
        "keras": lambda: _file(model, document, path, "keras", values),
        "json": lambda: _json_file(model, document, path),
        "h5": lambda: _file(model, document, path, "h5", values),
        "python": lambda: _python(model, document, catalog, path, values),
    }
    answers = {way: _told(check) for way, check in ways.items()}
    return {"check": _check(document, catalog), **answers}


def _told(check: Callable[[], str]) -> str:
    try:
        return check()
    except WorkerError as error:
        return error.text.english()
    except SourceError as error:
        return error.text.english()


def _check(document: Document, catalog: Catalog) -> str:
    found = [problem.text.english() for problem in problems(document, catalog)]
    calls = [
        CallSpec(call.id, OperationJson(**_operation(call.operation)), call.args, call.kwargs, call.graph)
        for call in CallReader(Structure(catalog)).read(document)
    ]
    results = Inference().infer(calls)
    found += [f"{result.error.english()} {result.detail[:300]}" for result in results if result.error is not None]
    return "; ".join(found)


def _operation(written: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("class_name", "config", "module", "registered_name")
    return {key: written[key] for key in keys if written.get(key) is not None}


def _file(model: Any, document: Document, path: Path, kind: str, values: Mapping[str, Any]) -> str:
    target = path.with_name(f"{path.stem}-again.{kind}")
    export(Export(0, model_json(document), kind, str(target), None, str(path)))
    read = keras.saving.load_model(target, compile=False)
    if kind == "h5":
        hand_over(model, read)  # such files have none, which is told
    return _differences(model, read, values, of_h5=kind == "h5")


def _json_file(model: Any, document: Document, path: Path) -> str:
    target = path.with_suffix(".json")
    export(Export(0, model_json(document), "json", str(target)))
    read = keras.models.model_from_json(target.read_text("utf-8"))
    hand_over(model, read)
    return _architecture(model, read)


def _python(model: Any, document: Document, catalog: Catalog, path: Path, values: Mapping[str, Any]) -> str:
    source = python_source(document, catalog, RunCode())
    found = re.search(r"model = (build_\w+)\(\)", source)
    assert found is not None, source
    names: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), names)
    made = names[found[1]]()
    weights = path.with_suffix(".weights.h5")
    model.save_weights(weights)
    made.load_weights(weights)
    return _differences(model, made, values, of_h5=True)


def _differences(model: Any, other: Any, values: Mapping[str, Any], of_h5: bool = False) -> str:
    return _architecture(model, other, of_h5) or _weights(model, other) or _outputs(model, other, values)


def _architecture(model: Any, other: Any, of_h5: bool = False) -> str:
    """`of_h5`: neither such files nor scripts say with which shapes a layer was built before it was used."""
    left_out = ("build_config",) if of_h5 else ()
    return _SAME if _config(model, left_out) == _config(other, left_out) else "the config differs"


def _config(model: Any, left_out: tuple[str, ...]) -> str:
    """As text, with a number in the place of each name that Keras invents anew for an operation without one."""
    config = without(json.loads(model.to_json()), (*_MARKS, *left_out))
    text = json.dumps(config)
    for number, layer in enumerate(config["config"]["layers"]):
        if layer["module"].startswith("keras.src.ops"):
            text = text.replace(f'"{layer["name"]}"', f'"operation {number}"')
    return text


def without(value: Any, keys: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: without(item, keys) for key, item in value.items() if key not in keys}
    return [without(item, keys) for item in value] if isinstance(value, list) else value


def _weights(model: Any, other: Any) -> str:
    return _SAME if same_arrays(weights_of(model), weights_of(other)) else "the weights differ"


def weights_of(model: Any) -> list[Any]:
    return [np.asarray(weight) for weight in model.weights]


def _outputs(model: Any, other: Any, values: Mapping[str, Any]) -> str:
    return _SAME if same_arrays(computed(model, values), computed(other, values)) else "the outputs differ"


def input_name(tensor: Any) -> str:
    """The tensor itself is called otherwise where no name was given."""
    name: str = tensor._keras_history.operation.name
    return name


def computed(model: Any, values: Mapping[str, Any]) -> list[Any]:
    for layer in model._flatten_layers():
        if getattr(layer, "stateful", False) and getattr(layer, "states", None):
            for state in keras.tree.flatten(
                layer.states
            ):  # Keras' own reset_state stumbles over those of stacked cells
                state.assign(keras.ops.zeros_like(state))
    structure = getattr(model, "_inputs_struct", None)
    if isinstance(structure, dict):
        outputs = model({key: values[input_name(tensor)] for key, tensor in structure.items()}, training=False)
    else:
        given = [values[input_name(tensor)] for tensor in model.inputs]
        outputs = model(given if len(given) > 1 else given[0], training=False)
    return [np.asarray(output.numpy()) for output in keras.tree.flatten(outputs)]


def same_arrays(mine: list[Any], theirs: list[Any]) -> bool:
    return len(mine) == len(theirs) and all(
        one.dtype == other.dtype
        and one.shape == other.shape
        and (bool((one == other).all()) if one.dtype == object else one.tobytes() == other.tobytes())
        for one, other in zip(mine, theirs, strict=True)
    )


def example_values(tensor: Any) -> Any:
    generator = np.random.default_rng(7)
    shape = [size or 3 for size in tensor.shape]
    shape[0] = tensor.shape[0] or 6
    dtype = keras.backend.standardize_dtype(tensor.dtype)
    if dtype == "string":
        import tensorflow as tf

        return tf.constant(generator.choice(WORDS, size=shape))
    if "int" in dtype:
        return keras.ops.convert_to_tensor(generator.integers(0, 6, size=shape), dtype=dtype)
    return keras.ops.convert_to_tensor(generator.normal(size=shape), dtype=dtype)
