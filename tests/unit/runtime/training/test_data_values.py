"""Values that cannot be used are problems before training: missing ones, no numbers, other ones after a cast."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from runtime.messages.checking import DataProblem, Endpoint, ParameterChange
from runtime.spec import Binding, DataSource, KerasObject, OutputTraining
from runtime.worker.data.checks import check
from runtime.worker.data.class_words import CLASS_LOSSES, NUMBER_LOSSES
from runtime.worker.data.fitting import fit, loss_key
from runtime.worker.data.opening import open_source
from runtime.worker.data.source import DataError

ROOT = Path(__file__).parents[4]
FILL_IN = "fill them in, or leave these samples out."


def entry(dtype: str = "float32", *shape: int) -> Endpoint:
    return Endpoint("in", (None, *shape), dtype)


def truth(loss: str, *shape: int, **config: Any) -> Endpoint:
    return Endpoint("out", (None, *shape), "float32", OutputTraining("out", KerasObject(loss, config)))


def write_csv(folder: Path, values: Any) -> DataSource:
    rows = [",".join(map(str, row)) for row in values.reshape(len(values), -1).tolist()]
    names = [f"v{number}" for number in range(rows[0].count(",") + 1)]
    (folder / "a.csv").write_text("\n".join([",".join(names), *rows]), "utf-8")
    return DataSource("csv", str(folder / "a.csv"))


def write_hdf5(folder: Path, values: Any) -> DataSource:
    with h5py.File(folder / "a.h5", "w") as file:
        file["v0"] = values.astype(h5py.string_dtype()) if values.dtype.kind == "U" else values
    return DataSource("hdf5", str(folder / "a.h5"))


def write_npz(folder: Path, values: Any) -> DataSource:
    np.savez(folder / "a.npz", v0=values)
    return DataSource("npz", str(folder / "a.npz"))


def write_npy(folder: Path, values: Any) -> DataSource:
    np.save(folder / "v0.npy", values)
    return DataSource("npz", str(folder / "v0.npy"))


WRITERS = (write_csv, write_hdf5, write_npz, write_npy)
Write = Callable[[Path, Any], DataSource]


def found(source: DataSource, end: Endpoint) -> list[DataProblem]:
    with open_source(source) as opened:
        columns = opened.names() if source.kind == "csv" else ("v0",)
        ends = ([end], []) if end.training is None else ([], [end])
        return list(check(opened, [Binding(end.name, columns)], *ends))


def errors(source: DataSource, end: Endpoint) -> list[str]:
    problems = [problem for problem in found(source, end) if problem.severity == "error"]
    return [str(problem.text).partition(": ")[2] for problem in problems]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("values", "dtype", "sentence"),
    [
        ([1.0, 3.7], "int32", "v0 is 3.7 at {second}, but in takes whole numbers (int32)."),
        ([1.0, 0.5], "uint8", "v0 is 0.5 at {second}, but in takes whole numbers (uint8)."),
        ([1, 256], "uint8", "v0 is 256 at {second}, but in takes 0 to 255 (uint8)."),
        ([1, -1], "uint8", "v0 is -1 at {second}, but in takes 0 to 255 (uint8)."),
        ([1, 3_000_000_000], "int32", "v0 is 3000000000 at {second}, but in takes -2147483648 to 2147483647 (int32)."),
        ([1.0, 1e39], "float32", "v0 is 1e+39 at {second}, which is more than float32 can hold."),
        ([1.0, -1e300], "float32", "v0 is -1e+300 at {second}, which is more than float32 can hold."),
        ([1, 70_000], "float16", "v0 is 70000 at {second}, which is more than float16 can hold."),
        ([1, 2], "bool", "v0 is 2 at {second}, but in takes 0 and 1 (bool)."),
        ([1, 0], "bool", None),
        ([1.0, 2.0], "int32", None),
        ([1, 255], "uint8", None),
        ([1, 70_000], "float32", None),
        ([1, 70_000], "bfloat16", None),
        ([1, 2**40], "int64", None),
    ],
)
def test_values_survive_becoming_what_an_input_takes(
    tmp_path: Path, write: Write, values: list[float], dtype: str, sentence: str | None
) -> None:
    source = write(tmp_path, np.array(values))
    second = "line 3" if write is write_csv else "index 1"
    assert errors(source, entry(dtype)) == ([sentence.format(second=second)] if sentence else [])
    if sentence:  # and again while it is read in blocks, for what the check did not look at
        with open_source(source) as opened, pytest.raises(DataError):
            fit(opened, ("v0",), entry(dtype)).read(opened, slice(0, 2), check=True)


@pytest.mark.parametrize(
    ("end", "values", "sentence"),
    [
        (truth("MeanSquaredError"), [1.0, 1e39], "v0 is 1e+39 at index 1, which is more than float32 can hold."),
        (
            truth("SparseCategoricalCrossentropy", 3),
            [0, 2**40],
            "v0 is 1099511627776 at index 1, but out takes classes 0 to 2.",
        ),
        (
            truth("SparseCategoricalCrossentropy", 3),
            [0, 0.5],
            "v0 is 0.5 at index 1, but out takes whole class numbers.",
        ),
    ],
)
def test_values_survive_becoming_labels(tmp_path: Path, end: Endpoint, values: list[float], sentence: str) -> None:
    assert errors(write_npz(tmp_path, np.array(values)), end) == [sentence]


def test_pictures_of_0_to_1_for_whole_numbers_are_mended_by_another_type(tmp_path: Path) -> None:
    source = write_hdf5(tmp_path, np.random.default_rng(0).random((4, 8, 8)))
    (problem,) = [problem for problem in found(source, entry("uint8", 8, 8)) if problem.severity == "error"]
    assert problem.kind == "cast" and problem.mend is not None
    assert problem.mend.changes == (ParameterChange("in", {"dtype": "float32"}),)


@pytest.mark.parametrize(
    ("dtype", "sentence"),
    [
        ("string", "a.npz: v0 holds numbers, not words."),
        ("qint8", "Data is numbers, and these cannot become qint8."),
    ],
)
def test_what_no_number_can_become_is_said(tmp_path: Path, dtype: str, sentence: str) -> None:
    with open_source(write_npz(tmp_path, np.zeros(2))) as opened:
        problems = check(opened, [Binding("in", ("v0",))], [entry(dtype)], [])
    assert [str(problem.text) for problem in problems] == [sentence]


@pytest.mark.parametrize("write", WRITERS)
def test_missing_labels_are_named_and_no_classes(tmp_path: Path, write: Write) -> None:
    """ "", NA and the like were classes of their own."""
    source = write(tmp_path, np.array(["cat", "NA", "dog", "null", "None", "cat"]))
    second = "line 3" if write is write_csv else "index 1"
    for end in (truth("SparseCategoricalCrossentropy", 2), truth("BinaryCrossentropy", 1)):
        assert errors(source, end) == [f"3 labels are missing in v0, the first at {second} (“NA”): {FILL_IN}"]


def test_empty_labels_are_called_that(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,v0\n1,cat\n2,\n", "utf-8")
    with open_source(DataSource("csv", str(tmp_path / "a.csv"))) as opened:
        problems = check(opened, [Binding("out", ("v0",))], [], [truth("SparseCategoricalCrossentropy", 2)])
    sentence = "a.csv: the label is missing in v0 at line 3 (an empty field): fill it in, or leave this sample out."
    assert [str(problem.text) for problem in problems if problem.severity == "error"] == [sentence]


def test_a_missing_word_goes_into_a_model_that_takes_words_as_an_empty_text(tmp_path: Path) -> None:
    """It was a problem once steps stood inside the model, and read without a check it was the last of the words."""
    (tmp_path / "a.csv").write_text("x,v0\n1,cat\n2,\n3,dog\n", "utf-8")
    with open_source(DataSource("csv", str(tmp_path / "a.csv"))) as opened:
        assert not list(check(opened, [Binding("in", ("v0",))], [entry("string", 1)], []))
        words = fit(opened, ("v0",), entry("string", 1)).read(opened, slice(0, 3), check=True)
    assert words.tolist() == [["cat"], [""], ["dog"]]


@pytest.mark.parametrize("write", WRITERS)
def test_missing_numbers_are_named(tmp_path: Path, write: Write) -> None:
    values = np.array([1.0, np.nan, 3.0, np.nan])
    second, shown = ("line 3", "“nan”") if write is write_csv else ("index 1", "NaN")
    source = write(tmp_path, values)
    assert errors(source, entry()) == [f"2 values are missing in v0, the first at {second} ({shown}): {FILL_IN}"]
    labels = f"2 labels are missing in v0, the first at {second} ({shown}): {FILL_IN}"
    assert errors(source, truth("MeanSquaredError")) == [labels]


@pytest.mark.parametrize("odd", ["x", "12a", "#DIV/0!"])
def test_a_word_among_numbers_is_named_at_every_end(tmp_path: Path, odd: str) -> None:
    source = write_csv(tmp_path, np.array(["1", "2", odd, "4"]))
    ends = (entry(), truth("MeanSquaredError"), truth("SparseCategoricalCrossentropy", 9))
    assert {text for end in ends for text in errors(source, end)} == {f"“{odd}” in v0 at line 4 is no number."}


@pytest.mark.parametrize("write", WRITERS)
def test_words_are_numbers_for_classes_only(tmp_path: Path, write: Write) -> None:
    source = write(tmp_path, np.array(["cat", "dog", "cat"]))
    first = "line 2" if write is write_csv else "index 0"
    numbers_of_classes = ("SparseCategoricalCrossentropy", "CategoricalGeneralizedCrossEntropy")
    for loss in (*numbers_of_classes, "sparse_categorical_crossentropy"):
        assert errors(source, truth(loss, 2)) == []
    for loss in ("MeanSquaredError", "mae", "Huber", "Poisson"):
        assert errors(source, truth(loss, 1)) == [f"v0 holds “cat” at {first}, but {loss} compares numbers."]
    assert errors(source, entry()) == []  # few words, which somebody bound
    assert errors(source, truth("Custom>Mine", 1)) == []


def test_too_many_classes_are_counted(tmp_path: Path) -> None:
    source = write_npz(tmp_path, np.array(["cat", "dog", "cow"]))
    sentence = "v0 has 3 classes (cat, cow, dog), but out has 2."
    assert errors(source, truth("SparseCategoricalCrossentropy", 2)) == [sentence]


@pytest.mark.parametrize("write", WRITERS)
def test_numbers_written_as_texts_are_numbers(tmp_path: Path, write: Write) -> None:
    """Their places in the alphabet are 0, 2, 1."""
    source = write(tmp_path, np.array(["1", "9", "10"]))
    with open_source(source) as opened:
        assert opened.read("v0", slice(0, 3)).tolist() == [1, 9, 10]


@pytest.mark.parametrize("write", WRITERS)
def test_what_looks_like_numbers_never_becomes_places_in_an_alphabet(tmp_path: Path, write: Write) -> None:
    source = write(tmp_path, np.array(["01.02.2020", "02.01.2020", "03.01.2020"]))
    first = "line 2" if write is write_csv else "index 0"
    look = f"“01.02.2020” in v0 at {first} looks like a number, but the column cannot be read as numbers."
    assert errors(source, entry()) == [look]


def test_what_is_wrong_with_many_columns_is_said_once(tmp_path: Path) -> None:
    rows = np.array([[f"{number},5" for number in range(1, 301)]] * 3)
    lines = [";".join(f"v{number}" for number in range(300)), *(";".join(row) for row in rows)]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    source = DataSource("csv", str(tmp_path / "a.csv"))
    (note,) = found(source, entry("float32", 300))
    assert str(note.text) == "a.csv: “1,5” in v0 is read as 1.5. The same is true of 299 more columns."
    (misfit,) = errors_of(source, entry("float32", 20, 20))
    columns = "v0, v1, v2, v3 … (300)"
    assert misfit == f"The input in takes samples of shape 20×20, but 300 columns are bound: {columns}."


def errors_of(source: DataSource, end: Endpoint) -> list[str]:
    return [str(problem.text) for problem in found(source, end) if problem.severity == "error"]


def test_as_many_columns_as_a_picture_has_numbers_are_taken_as_one(tmp_path: Path) -> None:
    """784 names of pixels filled a sentence, which told no way out."""
    values = np.arange(3 * 784).reshape(3, 784)
    source = write_csv(tmp_path, values)
    problems = found(source, entry("float32", 28, 28, 1))
    note = "784 columns are taken as 28×28×1, row by row: v0, v1, v2, v3 … (784)."
    assert [(problem.severity, str(problem.text)) for problem in problems] == [("note", note)]
    with open_source(source) as opened:
        read = fit(opened, opened.names(), entry("float32", 28, 28, 1)).read(opened, slice(0, 3))
    np.testing.assert_array_equal(read, values.reshape(3, 28, 28, 1))


def test_as_many_numbers_in_one_array_get_a_way_out(tmp_path: Path) -> None:
    (sentence,) = errors_of(write_npz(tmp_path, np.zeros((3, 784))), entry("float32", 28, 28, 1))
    assert sentence.endswith("as many numbers. Give the input the shape 784, and put a Reshape behind it.")


def test_it_is_known_of_every_loss_of_keras_whether_it_compares_classes() -> None:
    losses = json.loads((ROOT / "resources/catalog/losses.json").read_text("utf-8"))
    names = {loss_key(entry["class_name"]) for entry in losses["objects"]}
    assert names <= CLASS_LOSSES | NUMBER_LOSSES
    assert not CLASS_LOSSES & NUMBER_LOSSES
