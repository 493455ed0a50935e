"""Exported scripts build exactly the model that was drawn. Processes of their own import Keras and run them."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import h5py
import numpy as np
import pytest

from app.project.templates import TEMPLATES, template
from graph_editor.catalog.catalog import LAYERS_MODULE, Catalog
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Call, Graph, Operation, TensorRef
from graph_editor.exporters.code.script import model_source
from graph_editor.exporters.python_source import python_source
from resources.python_code.layout import WIDTH
from resources.python_code.pieces import SourceError
from runtime.callback_specs import callback_specs
from runtime.python_code import RunCode
from tests.support.fresh_python import answer_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripts")


@pytest.fixture(scope="module")
def findings(scripts: Path) -> dict[str, Any]:
    return run_keras("tests.unit.graph_editor.exporters.exporter_check", scripts)


def run_keras(module: str, folder: Path) -> dict[str, Any]:
    return answer_of("-W", "ignore", "-m", module, folder)


def test_models_made_in_python_are_rebuilt_with_the_identical_config(findings: dict[str, Any]) -> None:
    assert findings["models"] == {}


def test_models_made_in_python_have_no_problems_on_the_canvas_but_names_that_tensorflow_refuses(
    findings: dict[str, Any],
) -> None:
    names = ("__import__('os').system('x')", 'a"b', "line\nbreak", "한글 레이어", '"""', "\\")
    unsafe = ['model called """ \n raise SystemExit(8)', *(f"layer called {name}" for name in names)]
    rest = "names take Latin letters, digits and . _ - > there, no spaces and no other signs."
    assert findings["problems"] == {"hostile": "; ".join(f"Keras cannot train a {name}: {rest}" for name in unsafe)}


def test_templates_are_rebuilt_as_keras_makes_them_of_the_document(findings: dict[str, Any]) -> None:
    assert findings["templates"] == {}


def test_every_layer_is_written_with_every_parameter(findings: dict[str, Any]) -> None:
    assert findings["layers"] == {}


def test_every_operation_is_written_as_its_function(findings: dict[str, Any]) -> None:
    assert findings["operations"] == {}


def test_what_is_frozen_stays_frozen_with_all_that_it_makes_and_holds(findings: dict[str, Any]) -> None:
    head = ["head/kernel", "head/bias"]
    everything = ["a/kernel", "a/bias", "b/kernel", "b/bias"]
    wanted = {"frozen_nested": head, "frozen_makers": head, "whole": head, "plain": everything}
    assert findings["learning"] == wanted


REQUIRED = [
    ("Dense", LAYERS_MODULE, {}, "units"),
    ("Dropout", LAYERS_MODULE, {}, "rate"),
    ("Conv1D", LAYERS_MODULE, {"filters": 3}, "kernel_size"),
    (
        "TimeDistributed",
        LAYERS_MODULE,
        {"layer": {"module": LAYERS_MODULE, "class_name": "Dense", "config": {}}},
        "units",
    ),
    ("Reshape", "keras.src.ops.numpy", {}, "newshape"),
]


@pytest.mark.parametrize(("class_name", "module", "config", "missing"), REQUIRED)
@pytest.mark.parametrize("stacked", [False, True])
def test_no_argument_is_made_up(
    catalog: Catalog, class_name: str, module: str, config: dict[str, Any], missing: str, stacked: bool
) -> None:
    """A box without its number of units was written with the 64 of a new one."""
    document = Document("3.0.0")
    if stacked and module == LAYERS_MODULE:  # an operation stands in no stack
        document.graphs[ROOT] = Graph("model", {"model": {"class_name": "Sequential"}})
    graph = document.graph
    graph.put_operation(Operation("o1", "InputLayer", {"name": "x", "batch_shape": [None, 4, 4]}))
    graph.put_operation(Operation("o2", class_name, {"name": "box", **config}, module))
    graph.put_call(Call("c1", "o1"))
    graph.put_call(Call("c2", "o2", (TensorRef("c1"),)))
    graph.inputs, graph.outputs = TensorRef("c1"), TensorRef("c2")
    with pytest.raises(SourceError, match=f"^box: it needs a value for {missing}"):
        python_source(document, catalog, RunCode())


@pytest.mark.usefixtures("findings")
def test_scripts_are_formatted(scripts: Path) -> None:
    files = sorted(map(str, scripts.glob("*.py")))
    assert len(files) > 20
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "--line-length", str(WIDTH), *files]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stdout
    lint = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length", str(WIDTH), "--select", "E,F,I,W"]
    ended = subprocess.run([*lint, *files], capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stdout


@pytest.mark.usefixtures("findings")
def test_names_from_a_file_stay_data(scripts: Path) -> None:
    tree = ast.parse((scripts / "hostile.py").read_text("utf-8"))
    called = {ast.unparse(node.func).split("(")[0] for node in ast.walk(tree) if isinstance(node, ast.Call)}
    known = {"keras.Input", "keras.layers.Dense", "keras.Model", "build_model", "model.summary", "main"}
    assert called == known
    assert not any(
        isinstance(node, ast.Raise | ast.Import) and "keras" not in ast.unparse(node) for node in ast.walk(tree)
    )
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert "__import__('os').system('x')" in texts and "line\nbreak" in texts


@pytest.mark.usefixtures("findings")
def test_scripts_read_well(scripts: Path) -> None:
    nested = (scripts / "nested.py").read_text("utf-8")
    assert nested.index("def build_inner()") < nested.index("def build_middle()") < nested.index("def build_model()")
    assert nested.count("build_middle()") == 2  # defined once, used for both calls
    shared = (scripts / "shared.py").read_text("utf-8")
    assert 'a = keras.layers.Dense(8, name="a")\n' in shared and "a_2 = a(b" in shared
    stack = (scripts / "sequential_inside.py").read_text("utf-8")
    assert "keras.Sequential(" in stack and "def build_stack" not in stack
    operators = (scripts / "operators.py").read_text("utf-8")
    assert "a[..., 0, :]" in operators and "keras.ops.multiply(get_item, 2)" in operators
    assert "trainable=False" in (scripts / "policies.py").read_text("utf-8")
    assert (scripts / "frozen_makers.py").read_text("utf-8").count("keep_frozen(") == 3  # once at each level, one use
    plain = (scripts / "plain.py").read_text("utf-8")
    assert "keep_frozen" not in plain
    assert "kernel_initializer=keras.initializers.HeNormal(seed=3)" in plain
    assert "glorot" not in plain.lower()


def test_the_same_project_gives_the_same_script(catalog: Catalog) -> None:
    for entry in TEMPLATES:
        assert python_source(entry.open(), catalog, RunCode()) == python_source(entry.open(), catalog, RunCode())


def test_training_is_written_as_it_is_set(catalog: Catalog) -> None:
    text = python_source(opened("digits"), catalog, RunCode())
    for line in (
        "keras.utils.set_random_seed(1337)",
        "loss=[keras.losses.SparseCategoricalCrossentropy(), keras.losses.BinaryCrossentropy()],",
        "loss_weights=[1.0, 0.5],",
        'metrics=[["accuracy"], ["accuracy", keras.metrics.AUC()]],',
        "validation_batch_size=64,",
        "validation_data=samples.validation,",
        "samples = ShuffledSamples(x, y, batch_size=64, seed=1337, validation_split=0.2)",
        '"best.keras", monitor="val_loss", mode="min", save_best_only=True',
    ):
        assert line in text or line in " ".join(text.split())
    assert text.index("def build_model()") < text.index("def load_data()") < text.index("def main()")


def test_without_data_or_loss_there_is_the_model_alone(catalog: Catalog) -> None:
    document = opened("digits")
    document.data = {}
    text = python_source(document, catalog, RunCode())
    assert "load_data" not in text and "compile" not in text and "model.summary()" in text


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("data", {"sources": "x", "bindings": 3}),
        ("data", {"sources": [{"kind": "hdf5", "path": "d.h5"}], "bindings": {"image": 5, "digit": 5, "is_even": 5}}),
        ("data", {"sources": [{"kind": "random", "options": {"columns": {"a": {"shape": "__import__('os')"}}}}]}),
        ("training", {"outputs": 7, "callbacks": [1]}),
        ("training", {"outputs": {"digit": "x", "is_even": {"loss": 3, "metrics": 4}}}),
    ],
)
def test_damaged_settings_leave_the_model(catalog: Catalog, part: str, value: dict[str, Any]) -> None:
    document = opened("digits")
    setattr(document, part, value)
    text = python_source(document, catalog, RunCode())
    compile(text, "damaged.py", "exec")
    assert "model.fit" not in text


def test_words_of_a_project_stay_words(catalog: Catalog) -> None:
    document = opened("digits")
    evil = '"); raise SystemExit(9) #'
    document.data = {
        "sources": [{"kind": "csv", "path": f"{evil}\n.csv", "options": {"delimiter": "'", "encoding": evil}}],
        "bindings": {"image": [evil], "digit": [evil], "is_even": [evil, "b"]},
        "validation_percent": 10,
    }
    loss = {"class_name": evil, "config": {}}
    document.training = {
        "optimizer": {"class_name": evil, "config": {"learning_rate": evil}},
        "outputs": {"digit": {"loss": loss, "metrics": [evil]}, "is_even": {"loss": loss, "weight": evil}},
        "seed": evil,
        "batch_size": evil,
        "callbacks": {"early_stopping": {"monitor": evil}},
        "initial_weights": evil,
    }
    text = python_source(document, catalog, RunCode())
    assert "model.fit" in text
    assert not any(isinstance(node, ast.Raise) for node in ast.walk(ast.parse(text)))
    document.data["sources"][0]["options"]["delimiter"] = evil
    with pytest.raises(SourceError, match="a delimiter is one character"):
        python_source(document, catalog, RunCode())


def test_settings_that_differ_are_written(catalog: Catalog) -> None:
    document = opened("digits")
    schedule = {
        "module": "keras.optimizers.schedules",
        "class_name": "ExponentialDecay",
        "config": {"initial_learning_rate": 0.1, "decay_steps": 50, "decay_rate": 0.5},
        "registered_name": None,
    }
    document.training = {
        **document.training,
        "optimizer": {"class_name": "SGD", "config": {"learning_rate": schedule, "momentum": 0.9}},
        "callbacks": {"early_stopping": {"patience": 9}},
    }
    document.data = {**document.data, "validation_percent": 0}
    assert "ShuffledSamples(x, y, batch_size=64, seed=1337)\n" in python_source(document, catalog, RunCode())
    document.data = {**document.data, "shuffle": False}
    assert "ShuffledSamples" not in python_source(document, catalog, RunCode())
    text = " ".join(python_source(document, catalog, RunCode()).split())
    assert "keras.optimizers.SGD(" in text and "momentum=0.9" in text
    assert "keras.optimizers.schedules.ExponentialDecay(0.1, 50, 0.5)" in text
    assert "validation_split" not in text and "model.fit( x, y, batch_size=64, epochs=20, shuffle=False," in text
    assert 'monitor="loss", mode="min", patience=9' in text


def test_every_callback_is_written_with_its_defaults(catalog: Catalog) -> None:
    document = opened("digits")
    document.training = {**document.training, "callbacks": {spec.key: {} for spec in callback_specs()}}
    fitted = next(
        node
        for node in ast.walk(ast.parse(python_source(document, catalog, RunCode())))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "model.fit"
    )
    written = next(entry.value for entry in fitted.keywords if entry.arg == "callbacks")
    assert isinstance(written, ast.List) and len(written.elts) == len(callback_specs())
    for spec, code in zip(callback_specs(), written.elts, strict=True):
        assert isinstance(code, ast.Call)
        given = {entry.arg: ast.literal_eval(entry.value) for entry in code.keywords}
        defaults = {item.name: item.default for item in spec.parameters if not item.quiet}
        assert defaults.items() <= (given | {"mode": "auto"}).items()
        assert given.get("mode") == ("min" if spec.watches else None)


def test_which_way_is_better_is_written_and_what_is_set_is_not_left_out(catalog: Catalog) -> None:
    document = opened("digits")
    callbacks = {
        "early_stopping": {"monitor": "val_is_even_auc", "baseline": 0.5, "start_from_epoch": 2, "verbose": 1},
        "reduce_on_plateau": {"monitor": "val_digit_loss"},
        "best_checkpoint": {"monitor": "val_digit_accuracy", "initial_value_threshold": 0.9},
    }
    document.training = {**document.training, "callbacks": callbacks}
    text = " ".join(python_source(document, catalog, RunCode()).split())
    assert 'monitor="val_is_even_auc", mode="max"' in text and "baseline=0.5, start_from_epoch=2, verbose=1" in text
    assert 'monitor="val_digit_loss", mode="min"' in text
    assert 'monitor="val_digit_accuracy", mode="max", initial_value_threshold=0.9, save_best_only=True' in text
    assert text.count("# For Keras the first value is the best so far even if it is no number (NaN)") == 1
    tells_nothing: list[dict[str, Any]] = [
        {"best_checkpoint": {"initial_value_threshold": 0.9}},
        {"reduce_on_plateau": {}, "tensorboard": {}},
    ]
    for quiet in tells_nothing:
        document.training = {**document.training, "callbacks": quiet}
        assert "no number (NaN)" not in python_source(document, catalog, RunCode())
    document.training = {**document.training, "callbacks": {"early_stopping": {"patiance": 9}}}
    with pytest.raises(SourceError, match="Early stopping has no patiance"):
        python_source(document, catalog, RunCode())


@pytest.mark.parametrize("kind", ["orc", "", "csv.x", "..", "__init__", "os"])
def test_data_of_an_unknown_kind_is_said_and_not_left_out(catalog: Catalog, kind: str) -> None:
    document = opened("digits")
    document.data = {**document.data, "sources": [{"kind": kind or " ", "path": "d.x", "options": {}}]}
    with pytest.raises(SourceError, match=r"data: Data of the kind .* is unknown") as refused:
        python_source(document, catalog, RunCode())
    assert kind in str(refused.value)


def test_a_callback_that_is_unknown_is_said_and_not_left_out(catalog: Catalog) -> None:
    document = opened("digits")
    document.training = {**document.training, "callbacks": {"warm_up": {}}}
    with pytest.raises(SourceError, match="There is no callback warm_up"):
        python_source(document, catalog, RunCode())


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (3, "no named values"),
        ({"columns": {"a": {"shape": "__import__('os')"}}}, "described wrongly"),
        ({"columns": {"b": {}}}, "no column a"),
        ({"columns": {"a": {}}, "\udfff": 1}, "described wrongly"),
        ({"columns": {"a": {"maximum": 1e308}}}, "impossible size or range"),
        ({"columns": {"a": {"maximum": 10**400}}}, "described wrongly|impossible"),
    ],
)
def test_random_data_that_cannot_be_made_is_said_and_not_left_out(catalog: Catalog, options: Any, reason: str) -> None:
    document = opened("digits")
    bindings = dict.fromkeys(("image", "digit", "is_even"), "a")
    document.data = {"sources": [{"kind": "random", "options": options}], "bindings": bindings}
    with pytest.raises(SourceError, match=reason):
        python_source(document, catalog, RunCode())


def opened(key: str) -> Document:
    entry = template(key)
    assert entry is not None
    return entry.open()


def test_exported_training_runs(catalog: Catalog, tmp_path: Path) -> None:
    numbers = np.random.default_rng(0)
    images, digits = numbers.random((40, 8, 8, 1), np.float32), numbers.integers(0, 10, 40)
    with h5py.File(tmp_path / "d.h5", "w") as file:
        file["image"] = images
        file["digit"] = [f"word {value}" for value in digits]
    np.savez(tmp_path / "d.npz", image=images, digit=digits)
    for kind, path in (("hdf5", "d.h5"), ("npz", "d.npz")):
        document = opened("plain-stack")
        names = list(document.data["bindings"])
        document.data = {
            **document.data,
            "sources": [{"kind": kind, "path": path, "options": {}}],
            "bindings": dict(zip(names, (["image"], ["digit"]), strict=True)),
        }
        write(tmp_path / f"{kind}.py", document, catalog)
    write(tmp_path / "made_up.py", opened("siamese"), catalog)
    table(tmp_path)
    write(tmp_path / "table.py", table_project(opened("siamese")), catalog)
    left = run_keras("tests.unit.graph_editor.exporters.training_check", tmp_path)
    assert set(left) == {"hdf5", "npz", "made_up", "table"}
    assert all(any(name != "best.keras" for name in names) for names in left.values())


def write(path: Path, document: Document, catalog: Catalog) -> None:
    epochs = document.training.get("epochs", 10)
    path.write_text(python_source(document, catalog, RunCode()).replace(f"epochs={epochs}", "epochs=1"), "utf-8")


def table(folder: Path) -> None:
    rows = ["left;right;same", *(f"{i};{i % 7};{'yes' if i % 2 else 'no'}" for i in range(40))]
    (folder / "t.csv").write_text("\n".join(rows), "utf-8")


def table_project(document: Document) -> Document:
    """Twenty columns side by side for each input, all of them the same one."""
    document.data = {
        **document.data,
        "sources": [{"kind": "csv", "path": "t.csv", "options": {}}],
        "bindings": {"left": ["left"] * 20, "right": ["right"] * 20, "same": ["same"]},
    }
    return document


@pytest.mark.parametrize("way", ["last", "random", "stratified"])
def test_helpers_of_data_have_their_imports_where_the_model_alone_is_tried(way: str) -> None:
    entry = template("leaves")
    assert entry is not None
    document = entry.open()
    document.data = {**document.data, "split": way}
    tried = model_source(document, Catalog.load(), RunCode())
    assert "PIL" not in tried
    scope: dict[str, object] = {"keras": MagicMock()}
    exec(tried.replace("import keras\n", ""), scope)
    assert callable(scope["build_model"])
    lines = python_source(document, Catalog.load(), RunCode()).splitlines()
    imported = [line for line in lines if line.startswith(("import ", "from "))]
    assert len(imported) == len(set(imported)) and "from PIL import Image, ImageOps" in imported
