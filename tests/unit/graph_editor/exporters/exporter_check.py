"""Runs exported scripts and compares what they build with what Keras makes of the document; prints findings as JSON."""

import gc
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import keras

from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.generate.operations import functions
from graph_editor.catalog.specs import LayerSpec, Parameter
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.graph import Operation
from graph_editor.exporters.code.layers import Layers
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from resources.python_code.pieces import flat
from runtime.python_code import RunCode
from tests.unit.graph_editor.catalog.operations_check import drawn as drawn_operation
from tests.unit.graph_editor.exporters.makers import MAKERS, frozen_makers

Json = Any
_HOLDING = ("cell", "layer", "backward_layer")
_OTHER_VALUES: Mapping[str, Json] = {
    "activation": "tanh",
    "initializer": {
        "module": "keras.initializers",
        "class_name": "RandomNormal",
        "config": {"mean": 0.0, "stddev": 0.2, "seed": 7},
        "registered_name": None,
    },
    "regularizer": {
        "module": "keras.regularizers",
        "class_name": "L1L2",
        "config": {"l1": 0.1, "l2": 0.25},
        "registered_name": None,
    },
    "constraint": {
        "module": "keras.constraints",
        "class_name": "MaxNorm",
        "config": {"max_value": 3, "axis": 0},
        "registered_name": None,
    },
    "dtype": {
        "module": "keras",
        "class_name": "DTypePolicy",
        "config": {"name": "mixed_float16"},
        "registered_name": None,
    },
}  # fmt: skip


def main(folder: Path) -> None:
    catalog = Catalog.load()
    gc.freeze()  # clear_session collects garbage, slowly where modules lie about
    findings: dict[str, dict[str, str]] = {
        "models": {},
        "problems": {},
        "templates": {},
        "layers": {},
        "operations": {},
    }
    for make in MAKERS:
        keras.utils.clear_session()
        config = json.loads(make().to_json())
        read = from_model_json(json.loads(json.dumps(config)))
        found = [str(problem.text) for problem in problems(read, catalog) if problem.severity == "error"]
        if found:
            findings["problems"][make.__name__] = "; ".join(found)
        source = python_source(read, catalog, RunCode())
        (folder / f"{make.__name__}.py").write_text(source, "utf-8")
        _note(findings["models"], make.__name__, partial(_built, source), config)
    for template in TEMPLATES:
        document = template.open()
        source = python_source(document, catalog, RunCode())
        (folder / f"template_{template.key}.py").write_text(source, "utf-8")
        _note(findings["templates"], template.key, partial(_built, source), partial(_by_keras, document))
    for spec in catalog.palette():
        if not spec.function:
            _layer(findings["layers"], catalog, spec)
    by_name = dict(functions())
    for spec in catalog.palette("operation"):
        assert spec.function
        name = spec.function.name.removeprefix("keras.ops.")
        drawn = drawn_operation(catalog, spec, name, by_name[name])
        text = python_source(drawn, catalog, RunCode())
        _note(findings["operations"], name, partial(_built, text), partial(_by_keras, drawn))
    sys.stdout.write(json.dumps({**findings, "learning": _learning(folder, catalog)}))


def _note(
    found: dict[str, str], name: str, built: Callable[[], Json] | Json, wanted: Callable[[], Json] | Json
) -> None:
    try:
        problem = difference(*(value() if callable(value) else value for value in (built, wanted)))
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[-500:]
    if problem:
        found[name] = problem


def _built(source: str) -> Json:
    return json.loads(_model(source).to_json())


def _model(source: str) -> Any:
    keras.utils.clear_session()
    program: dict[str, Any] = {"__name__": "exported"}
    exec(compile(source, "exported.py", "exec"), program)
    return program["build_model"]()


def _learning(folder: Path, catalog: Catalog) -> dict[str, Any]:
    """What the scripts of models with frozen parts would train, that with the mark on the wholes alone included."""
    whole = from_model_json(json.loads(frozen_makers().to_json()))
    for graph in whole.graphs.values():
        for operation in list(graph.operations.values()):
            marked = operation.name != "head" and operation.name != "in_model"
            inside = {key: _unmarked(operation.config[key]) for key in _HOLDING if key in operation.config}
            config = {**operation.config, **inside, "trainable": not marked}
            graph.replace_operation(replace(operation, config=config))
    sources = {name: (folder / f"{name}.py").read_text("utf-8") for name in ("frozen_nested", "frozen_makers", "plain")}
    sources["whole"] = python_source(whole, catalog, RunCode())
    return {name: [item.path for item in _model(text).trainable_variables] for name, text in sources.items()}


def _unmarked(held: Json) -> Json:
    return {**held, "config": {**held["config"], "trainable": True}}


def _by_keras(document: Document) -> Json:
    keras.utils.clear_session()
    config = json.loads(json.dumps(model_json(document)))
    return json.loads(keras.saving.deserialize_keras_object(config).to_json())


def _layer(found: dict[str, str], catalog: Catalog, spec: LayerSpec) -> None:
    """The constructor makes what the config makes, with its defaults and with each parameter changed."""
    plain = catalog.default_config(spec, "a layer")
    variants = {"": plain, ".frozen": {**plain, "trainable": False}}
    for parameter in spec.parameters:
        other = _other(parameter, plain.get(parameter.name))
        if other is not None:
            variants[f".{parameter.name}"] = {**catalog.default_config(spec, "a layer"), parameter.name: other}
    for suffix, config in variants.items():
        written = {"module": spec.module, "class_name": spec.class_name, "config": config, "registered_name": None}
        try:
            wanted = _serialised(keras.saving.deserialize_keras_object(json.loads(json.dumps(written))))
        except Exception:  # noqa: S112
            continue  # Keras does not take this value: nothing to write
        code = flat(Layers(catalog).layer(Operation("o", spec.class_name, config, spec.module)))
        made = _serialised(eval(code, {"keras": keras}))
        if config.get("seed", 0) is None:  # drawn by chance
            made["config"]["seed"] = wanted["config"]["seed"] = None
        _note(found, spec.class_name + suffix, made, wanted)
        if "deserialize" in code:
            found[spec.class_name + suffix] = f"no constructor: {code}"


def _serialised(layer: Any) -> Json:
    if isinstance(layer, keras.KerasTensor):
        layer = layer._keras_history.operation
    return json.loads(json.dumps(keras.saving.serialize_keras_object(layer)))


def _other(parameter: Parameter, value: Json) -> Json:
    if parameter.kind in _OTHER_VALUES:
        return _OTHER_VALUES[parameter.kind]
    if parameter.kind == "choice" and parameter.choices:
        return next((choice for choice in parameter.choices if choice != value), None)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int) or (parameter.kind == "int" and value is None):
        return (value or 0) + 1
    if isinstance(value, float):
        return value / 2 + 0.125
    if isinstance(value, list) and value and all(isinstance(item, int) for item in value):
        return [item + 1 for item in value]
    return None


def difference(left: Json, right: Json, place: str = "") -> str:
    """The first place where two JSON values differ; empty where none."""
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return f"{place}: {sorted(left.keys() ^ right.keys())}"
        return next((found for key in left if (found := difference(left[key], right[key], f"{place}.{key}"))), "")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = enumerate(zip(left, right, strict=True))
        return next((found for at, pair in pairs if (found := difference(*pair, f"{place}[{at}]"))), "")
    return "" if left == right else f"{place}: {json.dumps(left)[:200]} is not {json.dumps(right)[:200]}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
