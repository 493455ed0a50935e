"""Runs exported scripts as they are, and compares what they train on with what the trainer is fed.

`python -m tests.unit.graph_editor.exporters.whole_scripts_check FOLDER` prints JSON: name of the scenario -> facts, or
{"error"}.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import layers as L  # noqa: N812

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.document import Document
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.reading import from_model_json
from runtime.messages.checking import Endpoint
from runtime.messages.preparing import Preparing
from runtime.project_spec import data_from_project
from runtime.python_code import RunCode
from runtime.spec import KerasObject, OutputTraining
from runtime.splits import split_of
from runtime.worker.data.fitting import fit
from runtime.worker.data.opening import open_data
from runtime.worker.data.prepared import prepared
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.split import split_rows
from runtime.worker.data.windowed import windowed

Json = dict[str, Any]
CATALOG = Catalog.load()
SPARSE = {"loss": {"class_name": "SparseCategoricalCrossentropy"}, "metrics": ["accuracy"]}
SQUARES = {"loss": {"class_name": "MeanSquaredError"}}


def document(model: Any, data: Json, output: Json, **training: Any) -> Document:
    drawn = from_model_json(json.loads(model.to_json()))
    name = model.outputs[0]._keras_history.operation.name
    drawn.data = data
    drawn.training = {"outputs": {name: output}, "epochs": 1, "batch_size": 8, **training}
    return drawn


def ran(drawn: Document, folder: Path, name: str) -> tuple[Any, Any, Any]:
    """The model and what it was fitted to: (x, y) and the validation part."""
    (folder / f"{name}.py").write_text(python_source(drawn, CATALOG, RunCode()), "utf-8")
    seen: list[Any] = []
    own = keras.Model.fit

    def recorded(model: Any, *given: Any, **named: Any) -> Any:
        seen.append((model, given, named.get("validation_data")))
        return own(model, *given, **{**named, "verbose": 0})

    os.chdir(folder)
    program: Json = {"__name__": "exported", "__file__": str(folder / f"{name}.py")}
    module = type(sys)("exported")
    with patch.object(keras.Model, "fit", recorded), patch.dict(sys.modules, {"exported": module}):
        module.__dict__.update(program)
        exec(compile((folder / f"{name}.py").read_text("utf-8"), f"{name}.py", "exec"), module.__dict__)
        module.main()
    model, given, validation = seen[0]
    return model, given, validation


def compared(
    drawn: Document, folder: Path, name: str, shape: tuple[int, ...], classes: int, dtype: str = "float32"
) -> Json:
    """How far the script's samples are from the trainer's, part by part."""
    model, given, validation = ran(drawn, folder, name)
    if len(given) == 1:  # a feed of its own
        given = (given[0].x, given[0].y)
    bindings = drawn.data["bindings"]
    (target,), (output,) = [key for key in bindings if key != "out"], ["out"]
    truths = tuple(bindings[output])
    loss = KerasObject(drawn.training["outputs"][output]["loss"]["class_name"])
    ends = (
        Endpoint(target, (None, *shape), dtype),
        Endpoint(output, (None, classes), "float32", OutputTraining(output, loss)),
    )
    spec, split = data_from_project(drawn.data, folder), split_of(drawn.data)
    with open_data(spec) as opened:
        source = windowed(prepared(opened, spec, Preparing(split, truths), KnownStates()), spec.windows)
        samples = source.shape(source.names()[0])[0]
        parts = split_rows(source, split, samples, truths)
        fits = fit(source, bindings[target], ends[0]), fit(source, truths, ends[1], is_output=True)
        answer: Json = {"training": len(parts.training), "validation": len(parts.validation)}
        for part, (rows, pair) in {
            "in_training": (parts.training, given),
            "in_validation": (parts.validation, validation),
        }.items():
            if pair is None:
                answer |= {f"{part}_x": float(len(rows)), f"{part}_y": float(len(rows))}
                continue
            for which, fitted, found in zip("xy", fits, pair, strict=True):
                answer[f"{part}_{which}"] = difference(np.asarray(found), fitted.take(source, rows))
    return answer | {"model": model}


def difference(found: Any, expected: Any) -> float | str:
    if expected.dtype == object:
        found = np.array(
            [[text.decode() if isinstance(text, bytes) else text for text in row] for row in found], object
        )
    if found.size != expected.size or len(found) != len(expected):
        return f"{found.shape} is not {expected.shape}"
    if expected.dtype == object:
        return float((found.reshape(expected.shape) != expected).sum())
    return float(np.abs(found.reshape(expected.shape).astype(float) - expected.astype(float)).max(initial=0))


def table(folder: Path) -> Json:
    """Numbers with gaps, words and dates, behind steps; samples without an income are left out."""
    generator = np.random.default_rng(2)
    cities, rows = ["Seoul", "Busan", "", "Daegu"], ["age,city,day,income,kind"]
    for number in range(60):
        age = "" if number % 7 == 3 else str(20 + number % 31)
        income = "" if number % 11 == 5 else f"{generator.normal(40, 9):.2f}"
        rows.append(f"{age},{cities[number % 4]},2026-{1 + number % 12:02}-11,{income},{'ab'[number * 7 % 3 % 2]}")
    (folder / "people.csv").write_text("\n".join(rows) + "\n", "utf-8")
    steps = {
        "age": [{"step": "fill", "with": "median", "mark": True}, {"step": "normalize"}],
        "city": [{"step": "fill", "value": "nowhere"}, {"step": "one_hot"}],
        "day": [{"step": "date_parts", "cyclic": True}],
        "income": [{"step": "drop_missing"}],
    }
    data = {
        "sources": [{"kind": "csv", "path": "people.csv"}],
        "columns": {column: {"steps": taken} for column, taken in steps.items()},
        "bindings": {"x": ["age", "city", "day"], "out": ["kind"]},
        "split": "random",
        "test_percent": 10,
    }
    x = keras.Input((13,), name="x")
    model = keras.Model(x, L.Dense(2, activation="softmax", name="out")(x))
    return compared(document(model, data, SPARSE, seed=5), folder, "table", (13,), 2)


def texts(folder: Path) -> Json:
    """Raw texts, whose words the model learns itself."""
    words = ["good day", "a bad day", "the good book", "bad bad end", "fine"]
    lines = [f"{words[number % 5]} {number}\t{'no' if number % 5 in (1, 3) else 'yes'}" for number in range(70)]
    (folder / "texts.txt").write_text("\n".join(lines) + "\n", "utf-8")
    data = {
        "sources": [{"kind": "text", "path": "texts.txt", "options": {"layout": "label_last"}}],
        "bindings": {"x": ["text"], "out": ["label"]},
    }
    x = keras.Input((1,), name="x", dtype="string")
    inner = L.TextVectorization(output_mode="multi_hot", max_tokens=40, vocabulary_size=40, name="words")(x)
    model = keras.Model(x, L.Dense(2, activation="softmax", name="out")(inner))
    found = compared(document(model, data, SPARSE), folder, "texts", (1,), 2, "string")
    vocabulary = found["model"].get_layer("words").get_vocabulary()
    return found | {"vocabulary": len(vocabulary), "kernel": found["model"].get_layer("out").kernel.shape[0]}


def deep(folder: Path) -> Json:
    """A layer that learns of what another one makes of the samples, and one that finds bins."""
    values = np.random.default_rng(4).normal(5, 2, (50, 3))
    np.savez(folder / "deep.npz", x=values, y=values[:, 0] > 5)
    data = {"sources": [{"kind": "npz", "path": "deep.npz"}], "bindings": {"x": ["x"], "out": ["y"]}}
    x = keras.Input((3,), name="x")
    normal = L.Normalization(name="normal")(L.Rescaling(2.0)(x))
    bins = L.Flatten()(L.Discretization(num_bins=4, output_mode="one_hot", name="bins")(x[:, :1]))
    model = keras.Model(x, L.Dense(2, name="out", activation="softmax")(L.Concatenate()([normal, bins])))
    found = compared(document(model, data, SPARSE), folder, "deep", (3,), 2)
    mean = np.array(found["model"].get_layer("normal").mean).reshape(-1)
    quantiles = np.quantile(values[:40, 0].astype(np.float32), [0.25, 0.5, 0.75])
    bins_off = np.abs(np.array(found["model"].get_layer("bins").bin_boundaries) - quantiles).max()
    return found | {"mean_off": float(np.abs(mean - 2 * values[:40].mean(axis=0)).max()), "bins_off": float(bins_off)}


def stack(folder: Path) -> Json:
    """The layers of a Sequential model that learn."""
    values = np.random.default_rng(6).normal(5, 2, (50, 3))
    np.savez(folder / "stack.npz", x=values, y=values[:, 0])
    data = {"sources": [{"kind": "npz", "path": "stack.npz"}], "bindings": {"x": ["x"], "out": ["y"]}}
    model = keras.Sequential([keras.Input((3,), name="x"), L.Normalization(name="normal"), L.Dense(1, name="out")])
    found = compared(document(model, data, SQUARES), folder, "stack", (3,), 1)
    mean = np.array(found["model"].get_layer("normal").mean).reshape(-1)
    return found | {"mean_off": float(np.abs(mean - values[:40].mean(axis=0)).max())}


def shuffled_texts(folder: Path) -> Json:
    """Raw texts in an order that follows from a seed."""
    lines = [f"{'good' if number % 3 else 'bad'} {number % 9}" for number in range(60)]
    rows = "".join(f"{line},{int(number % 3 > 0)}\n" for number, line in enumerate(lines))
    (folder / "s.csv").write_text("remark,label\n" + rows, "utf-8")
    data = {
        "sources": [{"kind": "csv", "path": "s.csv"}],
        "bindings": {"x": ["remark"], "out": ["label"]},
        "split": "stratified",
    }
    x = keras.Input((1,), name="x", dtype="string")
    inner = L.StringLookup(output_mode="one_hot", vocabulary_size=30, name="words")(x)
    model = keras.Model(x, L.Dense(2, activation="softmax", name="out")(inner))
    return compared(document(model, data, SPARSE, seed=3), folder, "shuffled_texts", (1,), 2, "string")


def shops(folder: Path) -> None:
    """Days of three shops, in no order."""
    generator = np.random.default_rng(8)
    days = [(shop, day) for shop in ("a", "b", "c") for day in range(24)]
    rows = [f"{day},{shop},{generator.normal(50, 9):.3f},{['no', 'yes'][day % 2]}" for shop, day in days]
    generator.shuffle(rows)
    (folder / "shops.csv").write_text("day,shop,sold,rain\n" + "\n".join(rows) + "\n", "utf-8")


def series(folder: Path, **data: Any) -> Json:
    """Windows over the rows of each shop, of numbers and words behind steps that learn."""
    shops(folder)
    said = {
        "sources": [{"kind": "csv", "path": "shops.csv"}],
        "columns": {"sold": {"steps": [{"step": "normalize"}]}, "rain": {"steps": [{"step": "one_hot"}]}},
        "windows": {"length": 4, "horizon": 2, "order_by": "day", "group_by": "shop"},
        "bindings": {"x": ["sold", "rain"], "out": ["sold"]},
        **data,
    }
    x = keras.Input((None, 3), name="x")
    model = keras.Model(x, L.Dense(1, name="out")(L.GRU(2)(x)))
    return compared(document(model, said, SQUARES, seed=4), folder, "series", (4, 3), 1)


def series_by_group(folder: Path) -> Json:
    """All windows of a shop in one part."""
    return series(folder, split="group", split_column="shop", validation_percent=30)


def series_as_it_lies(folder: Path) -> Json:
    """Windows over rows as they lie in the file, two apart, of one column of words; what is told is in the window."""
    shops(folder)
    data = {
        "sources": [{"kind": "csv", "path": "shops.csv"}],
        "windows": {"length": 5, "horizon": 0, "stride": 2},
        "bindings": {"x": ["rain"], "out": ["rain"]},
        "test_percent": 10,
    }
    x = keras.Input((5,), name="x", dtype="int32")
    model = keras.Model(x, L.Dense(2, name="out")(L.Flatten()(L.Embedding(2, 3)(x))))
    return compared(document(model, data, SPARSE), folder, "series_as_it_lies", (5,), 2, "int32")


def pictures(folder: Path) -> None:
    """16 pictures whose left half is dark, with masks of the dark half and the class of the picture."""
    generator = np.random.default_rng(3)
    image = generator.integers(0, 90, (16, 6, 6, 1)).astype(np.uint8)
    image[:, :, 3:] += 150
    mask = (image[..., 0] > 128).astype(np.uint8)
    np.savez(folder / "augmented.npz", image=image, mask=mask, label=np.arange(16) % 2)


def augmented(folder: Path) -> Json:
    """Pictures that are flipped in each batch, and masks along with them; those that validate are not."""
    pictures(folder)
    data = {
        "sources": [{"kind": "npz", "path": "augmented.npz"}],
        "columns": {"image": {"kind": "image"}, "mask": {"kind": "mask"}},
        "bindings": {"x": ["image"], "out": ["mask"]},
        "augmentation": [{"layer": "RandomFlip", "config": {"mode": "horizontal"}}],
        "validation_percent": 25,
    }
    x = keras.Input((6, 6, 1), name="x")
    model = keras.Model(x, L.Conv2D(2, 1, name="out", activation="softmax")(x))
    feed, validation = samples_of(document(model, data, SPARSE, seed=3), folder, "augmented")
    batches = [feed[0] for _ in range(8)]
    dark = np.concatenate([batch_x[..., 0].mean(axis=1) for batch_x, _ in batches])
    masks = np.concatenate([batch_y for _, batch_y in batches])
    flipped = dark[:, 0] > dark[:, 5]
    follow = (masks == np.where(flipped[:, None, None], np.arange(6) < 3, np.arange(6) > 2)).all()
    still = np.load(folder / "augmented.npz")["image"][12:]
    return {
        "flipped": float(flipped.mean()), "follow": bool(follow), "dtype": str(batches[0][1].dtype),
        "validation": float(np.abs(validation[0] - still).max()), "batches": len(feed),
    }  # fmt: skip


def mixed(folder: Path) -> Json:
    """Labels that mix as pictures do, in batches that come as they lie in the file."""
    pictures(folder)
    data = {
        "sources": [{"kind": "npz", "path": "augmented.npz"}],
        "columns": {"label": {"steps": [{"step": "one_hot"}]}},
        "bindings": {"x": ["image"], "out": ["label"]},
        "augmentation": [{"layer": "RandomBrightness", "config": {"factor": 0.0}}, {"layer": "MixUp"}],
        "validation_percent": 25, "shuffle": False,
    }  # fmt: skip
    x = keras.Input((6, 6, 1), name="x")
    model = keras.Model(x, L.Dense(2, name="out", activation="softmax")(L.Flatten()(x)))
    loss = {"loss": {"class_name": "CategoricalCrossentropy"}}
    feed, _ = samples_of(document(model, data, loss), folder, "mixed")
    _, labels = feed[0]
    whole = feed.rows(slice(0, 8))[1]
    return {"sums": float(np.abs(labels.sum(axis=1) - 1).max()), "mixed": bool((labels != whole).any())}


def samples_of(drawn: Document, folder: Path, name: str) -> tuple[Any, Any]:
    """What a script fits its model to, and what it validates with."""
    _, (feed,), validation = ran(drawn, folder, name)
    return feed, validation


OWN = """import keras
import numpy as np


class Pairs(keras.utils.PyDataset):
    def __len__(self):
        return 3

    def __getitem__(self, batch):
        return np.full((4, 2), batch, "float32"), np.zeros((4, 1), "float32")


def batches():
    for batch in range(5):
        yield np.full((4, 2), batch, "float32"), np.ones((4, 1), "float32")
"""


def made(folder: Path) -> Json:
    """What code of the project makes is fed as it comes, by its name, epoch by epoch."""
    (folder / "own_pairs.py").write_text(OWN, "utf-8")
    sys.path.insert(0, str(folder))
    x = keras.Input((2,), name="x")
    model = keras.Model(x, L.Dense(1, name="out")(x))
    answer: Json = {}
    for name, options in {
        "batches": {"name": "batches", "validation": "Pairs"},
        "pairs": {"name": "Pairs", "samples": 8},
    }.items():
        source = {"kind": "python", "path": "own_pairs.py", "options": options}
        data = {"sources": [source], "bindings": {"x": ["x"], "out": ["y"]}}
        drawn = document(model, data, SQUARES, epochs=3, seed=1)
        found, (feed,), validation = ran(drawn, folder, f"made_{name}")
        steps = found.history.params["steps"]
        answer[name] = [type(feed).__name__, steps, type(validation).__name__]
        answer[name].append(int(found.optimizer.iterations))
    return answer


SCENARIOS: tuple[Callable[[Path], Json], ...] = (
    table,
    texts,
    shuffled_texts,
    deep,
    stack,
    series,
    series_by_group,
    series_as_it_lies,
    augmented,
    mixed,
    made,
)


def main(folder: Path) -> None:
    answers: Json = {}
    for scenario in SCENARIOS:
        try:
            found = scenario(folder)
            found.pop("model", None)
            answers[scenario.__name__] = found
        except Exception as error:
            answers[scenario.__name__] = {"error": f"{type(error).__name__}: {error}"[-1500:]}
    sys.stdout.write("\n" + json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
