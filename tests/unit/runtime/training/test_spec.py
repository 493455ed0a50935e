from pathlib import Path
from typing import Any

import pytest

from runtime.model_configs.ends import tensor_names
from runtime.project_spec import spec_from_project
from runtime.spec import SAMPLES_FOLDER, Binding, KerasObject, SpecError, resolve_data_path

MODEL = {
    "class_name": "Functional",
    "config": {"input_layers": [["image", 0, 0]], "output_layers": {"b": ["even", 0, 0], "a": ["digit", 0, 0]}},
}
DATA: dict[str, Any] = {
    "sources": [{"kind": "hdf5", "path": "sample:digits.h5"}],
    "bindings": {"image": ["image"], "digit": "digit", "even": ["is_even"]},
    "validation_percent": 25,
}
TRAINING: dict[str, Any] = {
    "optimizer": {"class_name": "SGD", "config": {"learning_rate": 0.1}},
    "epochs": 3,
    "outputs": {
        "digit": {"loss": "SparseCategoricalCrossentropy", "metrics": ["accuracy"]},
        "even": {"loss": {"class_name": "BinaryCrossentropy", "config": {"from_logits": True}}, "weight": 0.5},
    },
    "callbacks": {"early_stopping": {"patience": 2}},
}


def refusal(data: dict[str, Any], training: dict[str, Any], model: object = MODEL) -> str:
    with pytest.raises(SpecError) as caught:
        spec_from_project(data, training, model, None, "x")
    return str(caught.value.text)


def test_everything_of_a_project_arrives() -> None:
    spec = spec_from_project(DATA, TRAINING, MODEL, Path("/somewhere"), "digits")
    assert spec.name == "digits"
    assert spec.data.sources[0].path == str(SAMPLES_FOLDER / "digits.h5")
    assert spec.binding("digit") == Binding("digit", ("digit",))
    settings = spec.training
    assert settings.optimizer == KerasObject("SGD", {"learning_rate": 0.1})
    values = settings.by_key()
    assert [values[key] for key in ("epochs", "batch_size", "validation_percent", "shuffle")] == [3, 32, 25, True]
    assert [output.name for output in settings.outputs] == ["digit", "even"]
    assert settings.outputs[1].loss == KerasObject("BinaryCrossentropy", {"from_logits": True})
    assert settings.outputs[1].weight == 0.5
    assert settings.outputs[0].metrics == (KerasObject("accuracy"),)
    assert settings.callbacks == {"early_stopping": {"patience": 2}}


def test_outputs_come_in_the_order_in_which_keras_flattens_them() -> None:
    assert list(tensor_names(MODEL, "output_layers")) == ["digit", "even"]
    assert list(tensor_names({"config": {"input_layers": ["only", 0, 0]}}, "input_layers")) == ["only"]
    nested = {"config": {"input_layers": [[["a", 0, 0], ["b", 0, 1]], ["a", 0, 0]]}}
    assert list(tensor_names(nested, "input_layers")) == ["a", "b"]


@pytest.mark.parametrize("missing", ["image", "digit"])
def test_an_unbound_end_is_named(missing: str) -> None:
    bindings = {name: columns for name, columns in DATA["bindings"].items() if name != missing}
    assert missing in refusal({**DATA, "bindings": bindings}, TRAINING)


def test_an_output_without_a_loss_is_named() -> None:
    outputs = {"digit": TRAINING["outputs"]["digit"]}
    assert refusal(DATA, {**TRAINING, "outputs": outputs}) == "The output even has no loss yet: choose one in Train."


def test_a_model_without_ends_is_refused() -> None:
    assert "no input" in refusal(DATA, TRAINING, {"config": {"input_layers": [], "output_layers": []}})
    assert "no output" in refusal(DATA, TRAINING, {"config": {"input_layers": [["a", 0, 0]], "output_layers": []}})


def test_missing_data_is_said() -> None:
    assert "No data is chosen" in refusal({}, TRAINING)
    assert "No data is chosen" in refusal({**DATA, "sources": [{"kind": "csv"}]}, TRAINING)


@pytest.mark.parametrize(
    ("change", "word"),
    [({"epochs": 0}, "epochs"), ({"batch_size": 0}, "batch"), ({"seed": -1}, "seed"), ({"epochs": "many"}, "many")],
)
def test_impossible_numbers_are_refused(change: dict[str, Any], word: str) -> None:
    assert word in refusal(DATA, {**TRAINING, **change})


def test_all_samples_for_validation_are_refused() -> None:
    assert "100" in refusal({**DATA, "validation_percent": 100}, TRAINING)


def test_data_lies_beside_the_project() -> None:
    folder = Path("/projects").absolute()
    assert Path(resolve_data_path("a/b.csv", folder)) == folder / "a" / "b.csv"
    absolute = str(Path("/data/x.npz").absolute())
    assert resolve_data_path(absolute, folder) == absolute
    assert Path(resolve_data_path("sample:../../secret.h5", None)).parent == SAMPLES_FOLDER


def test_a_stack_begins_with_its_input_and_ends_with_its_last_layer() -> None:
    """The config of a Sequential lists neither; it could not be trained."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": "image"}},
        {"class_name": "Dense", "config": {"name": "digit"}},
    ]
    stack = {"class_name": "Sequential", "config": {"name": "stack", "layers": layers}}
    assert list(tensor_names(stack, "input_layers")) == ["image"]
    assert list(tensor_names(stack, "output_layers")) == ["digit"]
    assert list(tensor_names({"config": {"layers": layers[1:]}}, "input_layers")) == []
    data = {**DATA, "bindings": {"image": ["image"], "digit": "digit"}}
    spec = spec_from_project(data, TRAINING, stack, None, "x")
    assert [binding.target for binding in spec.bindings] == ["image", "digit"]
