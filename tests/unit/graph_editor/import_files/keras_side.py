"""What only Keras can tell about weights from files: runs in a process of its own, one JSON object on stdout.

`python keras_side.py FOLDER` writes models there, has the worker load their weights into edited models, and reports.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import h5py
import keras
import numpy as np
from keras import layers

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.history import History
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.worker.keras_models.build import build_model
from runtime.worker.keras_models.weights import load_optimizer, load_weights
from runtime.worker.process.control import WorkerError

Json = Any
CATALOG = Catalog.load()
KERAS2 = Path(__file__).parent / "keras2"
SAMPLES = np.random.default_rng(0).normal(size=(16, 8)).astype("float32")


def sample_model() -> Any:
    """Nested models, several layers of one class, normalization, a recurrent layer, a wrapper."""
    inner_input = keras.Input((8,), name="inner_input")
    inner = keras.Model(
        inner_input, layers.Dense(8, name="inside")(layers.Dense(8, name="inside_first")(inner_input)), name="inner"
    )
    source = keras.Input((8,), name="source")
    x = layers.Dense(8, name="b_dense", activation="relu")(source)
    x = layers.Dense(8, name="a_dense", activation="relu")(x)
    x = inner(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.3, name="drop")(x)
    x = layers.Reshape((4, 2), name="steps")(x)
    x = layers.Bidirectional(layers.LSTM(3), name="both_ways")(x)
    return keras.Model(source, layers.Dense(2, name="out")(x), name="sample")


def trained() -> Any:
    keras.utils.set_random_seed(3)
    model = sample_model()
    model.compile(keras.optimizers.Adam(0.01), "mse", metrics=["mae"])
    model.fit(SAMPLES, np.zeros((16, 2)), epochs=2, batch_size=4, verbose=0)
    return model


def reopened(path: Path) -> tuple[Document, Any]:
    document = open_model(path, CATALOG).document
    return document, build_model(model_json(document))


def same(left: Any, right: Any) -> bool:
    return bool(np.array_equal(left.predict(SAMPLES, verbose=0), right.predict(SAMPLES, verbose=0)))


class Questions:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.model = trained()
        self.model.save(folder / "m.keras")
        self.model.save(folder / "m.h5")
        self.model.save_weights(folder / "m.weights.h5")

    def unchanged(self) -> Json:
        """Every kind of file into the model that was opened from it."""
        answers = {}
        for name in ("m.keras", "m.h5", "m.weights.h5"):
            _, model = reopened(self.folder / ("m.keras" if name == "m.weights.h5" else name))
            before = same(model, self.model)
            report = load_weights(model, self.folder / name)
            answers[name] = [before, same(model, self.model), report.complete, len(report.kept)]
        return answers

    def without_names(self) -> Json:
        """Weights of an older Keras 3, which noted no names: by order, as Keras does."""
        path = self.folder / "nameless.weights.h5"
        self.model.save_weights(path)
        with h5py.File(path, "a") as file:
            file.visititems(lambda _name, item: item.attrs.pop("name", None) and None)
        _, model = reopened(self.folder / "m.keras")
        report = load_weights(model, path)
        return [same(model, self.model), report.complete]

    def edited(self) -> Json:
        """One layer more in front, one wider, one renamed, one gone: the rest keeps its weights, whatever its place."""
        answers = {}
        for name in ("m.keras", "m.h5", "m.weights.h5"):
            document, _ = reopened(self.folder / "m.keras")
            self._edit(document)
            model = build_model(model_json(document))
            report = load_weights(model, self.folder / name)
            kept = model.get_layer("a_dense").get_weights(), self.model.get_layer("a_dense").get_weights()
            inside = [m.get_layer("inner").get_layer("inside").get_weights() for m in (model, self.model)]
            equal = [bool(np.array_equal(a, b)) for pair in (kept, inside) for a, b in zip(*pair, strict=True)]
            lists = [sorted(report.kept), sorted(report.fresh), sorted(report.dropped)]
            answers[name] = [all(equal), *lists, [str(note) for note in report.notes()]]
        return answers

    def _edit(self, document: Document) -> None:
        names = {operation.name: operation.id for operation in document.graph.operations.values()}
        history = History(document, FOLLOW_UPS)
        first = document.graph.calls_of(names["b_dense"])[0]
        spec = CATALOG.layer("Dense")
        assert spec is not None
        config = {**CATALOG.default_config(spec, "extra"), "units": 8}
        edits, extra = commands.add_layer(document, "Dense", "keras.layers", config, (0, 0), CATALOG, name="extra")
        history.do("add", edits)
        from graph_editor.document.graph import TensorRef

        source = next(iter(document.graph.input_refs()))
        history.do("wire", commands.connect(document, source, extra, None, CATALOG))
        history.do("wire", commands.connect(document, TensorRef(extra), first, ("args", 0), CATALOG))
        history.do("rename", commands.rename(document, names["b_dense"], "renamed"))
        history.do("units", commands.set_parameter(document, names["out"], "units", 5))

    def optimizer(self) -> Json:
        """The state goes on where it fits; the rate is the one of the run."""
        _, model = reopened(self.folder / "m.keras")
        load_weights(model, self.folder / "m.keras")
        model.compile(keras.optimizers.Adam(0.5), "mse")
        note = load_optimizer(model, self.folder / "m.keras")
        mine, theirs = (
            [np.asarray(v) for v in m.optimizer.variables if "learning_rate" not in v.path] for m in (model, self.model)
        )
        equal = len(mine) == len(theirs) and all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
        rate = float(model.optimizer.learning_rate)
        model.fit(SAMPLES, np.zeros((16, 2)), verbose=0)
        model.compile(keras.optimizers.SGD(0.5), "mse")
        other = load_optimizer(model, self.folder / "m.keras")
        model.compile(keras.optimizers.Adam(0.5), "mse")
        none = load_optimizer(model, self.folder / "m.weights.h5")
        return [str(note), equal, rate, str(other), none is None]

    def lookalikes(self) -> Json:
        """Weights that do not belong to this model at all."""
        source = keras.Input((8,), name="s")
        model = keras.Model(source, layers.Dense(4, name="unknown")(source))
        return refusal(lambda: load_weights(model, self.folder / "m.keras"))

    def hostile(self) -> Json:
        """What is refused, and that the model is as before."""
        answers = {}
        for name, damage in DAMAGE.items():
            path = self.folder / f"{name}.weights.h5"
            self.model.save_weights(path)
            with h5py.File(path, "a") as file:
                damage(file, self.folder)
            _, model = reopened(self.folder / "m.keras")
            before = [weight.copy() for weight in model.get_weights()]
            sentence = refusal(lambda model=model, path=path: load_weights(model, path))  # type: ignore[misc]
            untouched = all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
            answers[name] = [sentence, untouched]
        return answers

    def files(self) -> Json:
        """Files that are no weights."""
        _, model = reopened(self.folder / "m.keras")
        (self.folder / "text.h5").write_bytes(b"hello")
        whole = (self.folder / "m.keras").read_bytes()
        (self.folder / "torn.keras").write_bytes(whole[: len(whole) // 2])
        (self.folder / "end.keras").write_bytes(whole[len(whole) // 2 :])
        names = ("gone.keras", "text.h5", "torn.keras", "end.keras")
        return {name: refusal(lambda name=name: load_weights(model, self.folder / name)) for name in names}  # type: ignore[misc]

    def keras2(self) -> Json:
        """Files of Keras 2: what is said, whether all weights came along, and by how much the outputs differ."""
        answers = {}
        for path in sorted(path for path in KERAS2.iterdir() if path.suffix not in (".npz", ".py")):
            opened = open_model(path, CATALOG)
            model = build_model(model_json(opened.document))
            report = load_weights(model, path)
            truth = np.load(path.with_suffix(".npz"))
            found = model.predict(truth["x"], verbose=0)
            outputs = found if isinstance(found, list) else [found]
            apart = max(float(np.abs(value - truth[f"y{number}"]).max()) for number, value in enumerate(outputs))
            answers[path.name] = [[str(note) for note in opened.notes], report.complete, apart]
        return answers


def refusal(action: Callable[[], object]) -> str | None:
    try:
        action()
    except WorkerError as error:
        return error.text.english()
    return None


def _external_link(file: Any, folder: Path) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = h5py.ExternalLink(str(folder / "m.h5"), "/model_weights/out/out/kernel")


def _soft_link(file: Any, _folder: Path) -> None:
    del file["layers/dense/vars"]
    file["layers/dense/vars"] = h5py.SoftLink("/layers/dense_1/vars")


def _circle(file: Any, _folder: Path) -> None:
    file["layers/dense/round"] = file["layers"]


def _external_data(file: Any, folder: Path) -> None:
    del file["layers/dense/vars/0"]
    (folder / "raw").write_bytes(b"\0" * 256)
    outside = [(str(folder / "raw"), 0, 256)]
    file.create_dataset("layers/dense/vars/0", (8, 8), "f4", external=outside)


def _virtual(file: Any, folder: Path) -> None:
    del file["layers/dense/vars/0"]
    layout = h5py.VirtualLayout(shape=(8, 8), dtype="f4")
    layout[:] = h5py.VirtualSource(str(folder / "m.h5"), "model_weights/a_dense/a_dense/kernel", shape=(8, 8))
    file.create_virtual_dataset("layers/dense/vars/0", layout)


def _objects(file: Any, _folder: Path) -> None:
    del file["layers/dense/vars/0"]
    file["layers/dense/vars/0"] = "text"


def _huge_chunk(file: Any, _folder: Path) -> None:
    del file["layers/dense/vars/0"]
    shape = {"shape": (8, 8), "maxshape": (None, None), "chunks": (40_000, 10_000), "compression": "gzip"}
    file.create_dataset("layers/dense/vars/0", dtype="f4", **shape)


DAMAGE: dict[str, Callable[[Any, Path], None]] = {
    "external_link": _external_link,
    "soft_link": _soft_link,
    "circle": _circle,
    "external_data": _external_data,
    "virtual": _virtual,
    "objects": _objects,
    "huge_chunk": _huge_chunk,
}


def main() -> None:
    questions = Questions(Path(sys.argv[1]))
    names = ("unchanged", "without_names", "edited", "optimizer", "lookalikes", "hostile", "files", "keras2")
    print(json.dumps({name: getattr(questions, name)() for name in names}))


if __name__ == "__main__":
    main()
