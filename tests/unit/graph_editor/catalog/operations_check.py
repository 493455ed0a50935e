"""Holds the operations of the catalogue against the installed Keras; in a process of its own, prints JSON.

Each is put on a canvas as a person would, written as a model, and made by Keras again; and it is compared with what
Keras writes when the function is called in Python.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

import keras

from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.generate.operation_samples import REASONS
from graph_editor.catalog.generate.operations import call, functions, samples, symbolic
from graph_editor.catalog.specs import LayerSpec
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.document import Document
from graph_editor.document.graph import TensorRef
from graph_editor.document.history import History
from graph_editor.keras_format.functional import model_json

Json = Any


def main() -> None:
    catalog = Catalog.load()
    by_function = dict(functions())
    findings: dict[str, Any] = {"broken": {}, "differs": {}, "canvas": {}}
    for spec in catalog.operations():
        assert spec.function
        name = spec.function.name.removeprefix("keras.ops.")
        for finding, check in (("canvas", _on_canvas), ("broken", _in_keras), ("differs", _as_keras)):
            try:
                problem = check(catalog, spec, name, by_function[name])
            except Exception as error:
                problem = f"{type(error).__name__}: {error}"[:300]
            if problem:
                findings[finding][spec.function.name] = problem
    findings["unknown"] = sorted(set(by_function) - _named(catalog) - set(REASONS))
    sys.stdout.write(json.dumps(findings))


def _named(catalog: Catalog) -> set[str]:
    names = [
        name for spec in catalog.operations() if spec.function for name in (spec.function.name, *spec.function.aliases)
    ]
    return {name.removeprefix("keras.ops.") for name in names}


def _python_model(name: str, function: Callable[..., Any]) -> Any:
    values = {key: symbolic(value) for key, value in samples(name, function, optional=False).items()}
    return keras.Model(list(_tensors(values)), call(function, values))


def _tensors(values: Any) -> Iterator[Any]:
    return (leaf for leaf in keras.tree.flatten(values) if isinstance(leaf, keras.KerasTensor))


def drawn(catalog: Catalog, spec: LayerSpec, name: str, function: Callable[..., Any]) -> Document:
    """The operation on a canvas, with an input wired to every place that needs one."""
    document = Document()
    history = History(document, FOLLOW_UPS)
    edits, box = commands.add_layer(document, spec.class_name, spec.module, None, (0, 0), catalog)
    history.do("operation", edits)
    # In the order in which Keras recorded them, which is the order of the ports.
    recorded = _python_model(name, function).operations[-1]._inbound_nodes[0].arguments.keras_tensors
    for tensor in recorded:
        config = {
            "batch_shape": list(tensor.shape),
            "dtype": tensor.dtype,
            "sparse": False,
            "ragged": False,
            "optional": False,
        }
        edits, source = commands.add_layer(document, "InputLayer", "keras.layers", config, (0, 0), catalog)
        history.do("input", edits)
        history.do("wire", commands.connect(document, TensorRef(source), box, None, catalog))
    history.do("output", commands.set_output(document, TensorRef(box), True))
    return document


def _on_canvas(catalog: Catalog, spec: LayerSpec, name: str, function: Callable[..., Any]) -> str:
    found = problems(drawn(catalog, spec, name, function), catalog)
    return "; ".join(str(problem.text) for problem in found)


def _in_keras(catalog: Catalog, spec: LayerSpec, name: str, function: Callable[..., Any]) -> str:
    """Keras makes the model that was drawn, twice, with as many outputs as the box has."""
    written = json.loads(json.dumps(model_json(drawn(catalog, spec, name, function))))
    model = keras.saving.deserialize_keras_object(written)
    again = keras.saving.deserialize_keras_object(json.loads(model.to_json()))
    operation = again.operations[-1]
    outputs = len(operation._inbound_nodes[0].output_tensors)
    expected = catalog.output_count(spec, spec.defaults)
    return "" if outputs == expected else f"{outputs} outputs, the catalogue says {expected}"


def _as_keras(catalog: Catalog, spec: LayerSpec, name: str, function: Callable[..., Any]) -> str:
    """What is drawn is what Keras writes for a call in Python, but for names and the shapes of tensors."""
    ours = _entry(model_json(drawn(catalog, spec, name, function)), spec)
    theirs = _entry(json.loads(_python_model(name, function).to_json()), spec)
    return "" if ours == theirs else f"{json.dumps(ours)} is not {json.dumps(theirs)}"


def _entry(model: Json, spec: LayerSpec) -> Json:
    (entry,) = (item for item in model["config"]["layers"] if item["class_name"] == spec.class_name)
    inputs = [item["name"] for item in model["config"]["layers"] if item["class_name"] == "InputLayer"]
    entry = {**entry, "config": {**entry["config"], "name": ""}, "name": ""}
    return _anonymous(json.loads(json.dumps(entry)), inputs)


def _anonymous(tree: Json, inputs: list[str]) -> Json:
    if isinstance(tree, list):
        return [_anonymous(item, inputs) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("class_name") == "__keras_tensor__":
        return "tensor"
    return {key: _anonymous(value, inputs) for key, value in tree.items()}


if __name__ == "__main__":
    main()
