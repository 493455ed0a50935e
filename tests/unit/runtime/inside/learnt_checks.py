"""Weights, features, parts of models and maps, against NumPy, Keras and scikit-learn."""

import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import patch

import h5py
import keras
import numpy as np
import pyarrow.parquet as pq
import pytest
from keras import layers

from runtime.messages.inside import CallAt
from runtime.messages.trained import Trained
from runtime.worker.evaluation.inside import weight_history
from runtime.worker.evaluation.inside.cutting import cut_model
from runtime.worker.evaluation.inside.embedding_maps import mapped, vectors_of
from runtime.worker.evaluation.inside.features import Features, write_features
from runtime.worker.evaluation.inside.looking import Looker
from runtime.worker.evaluation.inside.weight_history import from_log
from runtime.worker.evaluation.inside.weights import filters_of, find_layer, weights_of
from runtime.worker.process.control import CancelledError, WorkerError
from runtime.worker.process.waiting import waiting

RANDOM = np.random.default_rng(5)
ROWS = RANDOM.normal(size=(23, 4)).astype(np.float32)


def refused(work: Callable[[], object]) -> str:
    try:
        work()
    except WorkerError as error:
        return str(error.text)
    raise AssertionError("was not refused")


def dense() -> Any:
    given = keras.Input((4,), name="row")
    x = layers.Dense(6, activation="relu", name="middle")(given)
    return keras.Model(given, layers.Dense(2, name="says")(layers.Dropout(0.5, name="drop")(x)))


def batches(size: int = 5) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for first in range(0, len(ROWS), size):
        part = ROWS[first : first + size]
        yield {"row": part}, {"kind": (part[:, :1] > 0).astype(np.int64)}


def check_weights_are_told_with_their_figures() -> None:
    model = dense()
    kernel, bias = weights_of(find_layer(model, "middle"), 48, 64)
    values = model.get_layer("middle").get_weights()[0]
    assert (kernel.name, bias.name, kernel.shape, kernel.trainable) == ("kernel", "bias", (4, 6), True)
    np.testing.assert_allclose(
        (kernel.low, kernel.high, kernel.mean, kernel.deviation),
        (values.min(), values.max(), values.mean(), values.std()),
        rtol=1e-5,
    )
    assert sum(kernel.histogram.values) == 24 and kernel.heat is not None and bias.heat is None
    np.testing.assert_allclose(kernel.heat.values, values, rtol=1e-6)
    assert not weights_of(find_layer(model, "drop"), 48, 64)
    assert refused(lambda: find_layer(model, "gone")) == "The trained model has no layer gone."


def check_filters_of_every_kind_of_convolution() -> None:
    given = keras.Input((8, 8, 3))
    x = layers.Conv2D(5, 3, name="colours")(given)
    x = layers.Conv2DTranspose(4, 3, name="back")(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, name="each")(x)
    model = keras.Model(given, layers.SeparableConv2D(7, 3, name="both")(x))
    names = ("colours", "back", "each", "both")
    found = {name: weights_of(find_layer(model, name), 48, 6)[0].filters for name in names}
    assert {name: (len(one), one[0].channels) for name, one in found.items()} == {
        "colours": (5, 3), "back": (4, 1), "each": (6, 1), "both": (6, 1)
    }  # fmt: skip
    kernel = np.zeros((3, 3, 1, 2), np.float32)
    kernel[0, 0, 0, 0], kernel[1, 1, 0, 1] = 2.0, -1.0
    one, other = (np.frombuffer(x.data, np.uint8).reshape(3, 3) for x in filters_of(kernel, "Conv2D", 48, 8))
    assert one[0, 0] == 255 and other[1, 1] == 64 and one[2, 2] == 128  # 0 is grey


def check_an_embedding_is_a_map_by_scikit_learn() -> None:
    from sklearn.decomposition import PCA

    given = keras.Input((3,), dtype="int32")
    layer = layers.Embedding(20, 5, name="words")
    keras.Model(given, layer(given))
    (shown,) = weights_of(layer, 48, 64, tuple(f"w{place}" for place in range(20)))
    expected = PCA(2, random_state=0).fit_transform(layer.get_weights()[0].astype(np.float64))
    assert shown.map is not None and shown.words[3] == "w3"
    np.testing.assert_allclose(np.stack([shown.map.xs, shown.map.ys], 1), expected, atol=1e-6)


def check_weights_of_recurrent_and_nested_layers() -> None:
    inside = keras.Input((4, 3))
    nest = keras.Model(inside, layers.Bidirectional(layers.LSTM(2), name="both")(inside), name="nest")
    given = keras.Input((4, 3))
    model = keras.Model(given, nest(given))
    names = [one.name for one in weights_of(find_layer(model, "both", ("nest",)), 48, 64)]
    assert len(names) == len(set(names)) == 6 and any("forward" in name for name in names)


def check_the_log_of_tensorboard_tells_weights_through_time(folder: Path) -> None:
    model = dense()
    model.compile("sgd", "mse")
    log = keras.callbacks.TensorBoard(str(folder), histogram_freq=1, write_graph=False)
    means: list[float] = []
    noted = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, _logs: means.append(float(model.get_layer("middle").get_weights()[0].mean()))
    )
    model.fit(ROWS, RANDOM.normal(size=(23, 2)), epochs=3, verbose=0, callbacks=[log, noted])
    series = from_log(folder, {str(model.get_layer("middle").kernel.path): "kernel"})
    assert sorted(series["kernel"]) == [1, 2, 3]
    found = [series["kernel"][epoch][0] for epoch in (1, 2, 3)]
    np.testing.assert_allclose(found, means, atol=0.05)  # by the middles of bins
    assert not from_log(folder / "nothing", {})


def check_models_of_epochs_tell_weights_through_time(folder: Path) -> None:
    """A run that goes on has put a later one in the place of the second; a damaged one is said."""
    model = dense()
    means = {}
    for epoch in (1, 3):
        kernel, bias = model.get_layer("middle").get_weights()
        model.get_layer("middle").set_weights([kernel + epoch, bias])
        model.save(folder / f"epoch-{epoch:04}.keras")
        means[epoch] = float((kernel + epoch).mean(dtype=np.float64))
    loaded: Any = SimpleNamespace(
        trained=Trained(str(folder), ""), model=model, spec=SimpleNamespace(model=json.loads(model.to_json()))
    )
    listed = [(number, folder / f"epoch-{number:04}.keras") for number in (3, 2, 1)]
    with patch.object(weight_history, "epoch_files", lambda _folder: listed):
        kernel_history, bias_history = weight_history.history_of(loaded, "middle", ())
    assert (kernel_history.name, kernel_history.epochs, bias_history.name) == ("kernel", (1, 3), "bias")
    np.testing.assert_allclose(kernel_history.means, [means[1], means[3]], rtol=1e-5)
    (folder / "epoch-0002.keras").write_bytes(b"no model")
    assert "epoch-0002.keras" in refused(lambda: weight_history.history_of(loaded, "middle", ()))


def check_features_of_all_samples_in_three_formats(folder: Path) -> None:
    model = dense()
    expected = keras.Model(model.inputs, model.get_layer("middle").output).predict(ROWS, verbose=0)
    features = Features(Looker(model), CallAt("middle"))
    for kind in ("h5", "npz", "parquet"):
        path = folder / f"features.{kind}"
        path.write_bytes(b"older")
        assert write_features(features, batches(), 23, path, "middle") == (23, (6,))
        if kind == "h5":
            with h5py.File(path) as file:
                values, rows, truth = (file[name][:] for name in ("features", "row", "truth/kind"))
        elif kind == "npz":
            with np.load(path) as file:
                values, rows, truth = (file[name] for name in ("features", "row", "truth/kind"))
        else:
            table = pq.read_table(path)
            values = np.stack([table[f"f{place}"].to_numpy() for place in range(6)], 1)
            rows, truth = table["row"].to_numpy(), table["truth/kind"].to_numpy()[:, None]
        np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-6)
        assert rows.tolist() == list(range(23)) and np.array_equal(truth[:, 0], ROWS[:, 0] > 0)
    assert sorted(path.name for path in folder.iterdir()) == ["features.h5", "features.npz", "features.parquet"]


def check_features_that_are_cancelled_or_refused_leave_the_older_file(folder: Path) -> None:
    features, path = Features(Looker(dense()), CallAt("middle")), folder / "features.h5"
    path.write_bytes(b"older")
    asked = iter([True] * 3)
    try:
        with waiting(lambda: next(asked, False)):
            write_features(features, batches(), 23, path, "middle")
        raise AssertionError("went on")
    except CancelledError:
        pass
    assert "not as .txt" in refused(lambda: write_features(features, batches(), 23, folder / "x.txt", "middle"))
    nowhere = folder / "no" / "x.h5"
    assert "The folder of" in refused(lambda: write_features(features, batches(), 23, nowhere, "middle"))
    assert [one.name for one in folder.iterdir()] == ["features.h5"] and path.read_bytes() == b"older"
    assert "has no output 2" in refused(lambda: Features(Looker(dense()), CallAt("middle"), 1))


def check_a_part_of_a_model_is_a_model(folder: Path) -> None:
    inside = keras.Input((4,), name="inner")
    shared = layers.Dense(4, activation="tanh", name="shared")
    nest = keras.Model(inside, layers.Dense(3, name="deep")(shared(inside)), name="nest")
    given, beside = keras.Input((4,), name="row"), keras.Input((2,), name="beside")
    x = shared(shared(given))
    model = keras.Model([given, beside], layers.Concatenate(name="join")([nest(x), layers.Dense(1)(beside)]))
    once = np.tanh(ROWS @ shared.get_weights()[0] + shared.get_weights()[1])
    twice = np.tanh(once @ shared.get_weights()[0] + shared.get_weights()[1])
    for call, expected in ((CallAt("shared"), once), (CallAt("shared", 1), twice)):
        part = cut_model(model, call)
        assert [one.name for one in part.inputs] == ["row"]
        np.testing.assert_allclose(part.predict(ROWS, verbose=0), expected, rtol=1e-5, atol=1e-6)
        part.save(folder / "part.keras")
        again = keras.saving.load_model(folder / "part.keras")
        np.testing.assert_allclose(again.predict(ROWS, verbose=0), expected, rtol=1e-5, atol=1e-6)
        assert "config.json" in zipfile.ZipFile(folder / "part.keras").namelist()
    deep = cut_model(model, CallAt("deep", 0, ("nest",)))
    whole = Looker(model).look({"row": ROWS, "beside": np.zeros((23, 2), np.float32)}, [CallAt("nest")])
    np.testing.assert_allclose(
        deep.predict(ROWS, verbose=0), np.asarray(whole.outputs[CallAt("nest")][0]), rtol=1e-5, atol=1e-6
    )
    assert len(cut_model(model, CallAt("join")).inputs) == 2
    assert "is an input" in refused(lambda: cut_model(model, CallAt("row")))
    assert "has no output 3" in refused(lambda: cut_model(model, CallAt("join"), 2))


@contextmanager
def telling_all() -> Iterator[None]:
    """Progress is told at each call, however quick the machine is."""
    with patch("runtime.worker.process.waiting._TELL_EVERY", 0.0):
        yield


class PretendedUmap:
    """Stands for the extra umap-learn, which tests do not install: it keeps what it was asked for."""

    def __init__(self, **settings: object) -> None:
        self.settings = settings

    def fit_transform(self, vectors: np.ndarray) -> np.ndarray:
        asked_umap.append((self.settings, vectors.shape))
        return vectors[:, :2].astype(np.float32)


asked_umap: list[tuple[dict[str, object], tuple[int, ...]]] = []


def check_umap_is_an_extra() -> None:
    module = ModuleType("umap")
    with patch.dict(sys.modules, {"umap": None}):
        assert "UMAP is not installed" in refused(lambda: mapped(ROWS, "umap", 0))
    module.UMAP = PretendedUmap  # type: ignore[attr-defined]
    with patch.dict(sys.modules, {"umap": module}):
        places, share = mapped(RANDOM.normal(size=(60, 80)), "umap", 3)
        mapped(RANDOM.normal(size=(8, 6)), "umap", 3)
    assert places.shape == (60, 2) and share is None
    assert asked_umap[0] == ({"n_components": 2, "n_neighbors": 15, "random_state": 3}, (60, 50))
    assert asked_umap[1] == ({"n_components": 2, "n_neighbors": 7, "random_state": 3}, (8, 6))


def check_maps_are_those_of_scikit_learn() -> None:
    from sklearn.decomposition import PCA

    found, share = mapped(ROWS, "pca", 0)
    plain = PCA(2, random_state=0)
    np.testing.assert_allclose(found, plain.fit_transform(ROWS.astype(np.float64)), atol=1e-8)
    assert share is not None and abs(share - plain.explained_variance_ratio_.sum()) < 1e-9
    two = np.concatenate([RANDOM.normal(size=(20, 60)), RANDOM.normal(size=(20, 60)) + 9])
    places, nothing = mapped(two, "tsne", 1)
    assert nothing is None and places.shape == (40, 2)
    apart = np.linalg.norm(places[:20].mean(0) - places[20:].mean(0))
    assert apart > 2 * np.linalg.norm(places[:20] - places[:20].mean(0), axis=1).mean()
    told: list[tuple[int, int | None]] = []
    with waiting(lambda: True, lambda done, total, *_: told.append((done, total))), telling_all():
        again, _ = mapped(two, "tsne", 1)
    np.testing.assert_array_equal(again, places)
    assert len(told) > 100 and told == sorted(told) and all(total == 40 for _, total in told)
    left = iter(range(30))
    with pytest.raises(CancelledError), waiting(lambda: next(left, None) is not None):
        mapped(two, "tsne", 1)
    line, whole = mapped(np.arange(5.0)[:, None], "pca", 0)
    assert line.shape == (5, 2) and not line[:, 1].any() and whole == 1.0
    assert "three samples" in refused(lambda: mapped(ROWS[:2], "pca", 0))
    assert vectors_of(np.ones((2, 70, 70, 3))).shape == (2, 3) and vectors_of(np.ones((2, 4, 4, 3))).shape == (2, 48)
