from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resources.python_code.in_scripts.part_sizes import part_sizes
from runtime.messages.checking import DataProblem, Endpoint
from runtime.messages.parts import Shape
from runtime.spec import Binding, DataSource, DataSpec, KerasObject, OutputTraining
from runtime.splits import SplitSpec
from runtime.worker.data import blocks as data_blocks
from runtime.worker.data.checks import check
from runtime.worker.data.fitting import fit, reshaped
from runtime.worker.data.opening import open_data, open_source
from runtime.worker.data.source import Source


def problems(tmp_path: Path, arrays: dict[str, Any], ends: list[Endpoint], percent: float = 0.0) -> list[DataProblem]:
    """Each end is bound to the columns named in its name, "x+y"."""
    np.savez(tmp_path / "a.npz", **arrays)
    bindings = [Binding(end.name, tuple(end.name.split("+"))) for end in ends]
    inputs = [end for end in ends if end.training is None]
    outputs = [end for end in ends if end.training is not None]
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        return list(check(source, bindings, inputs, outputs, SplitSpec(validation_percent=percent)))


def sentences(found: list[DataProblem], severity: str = "error") -> list[str]:
    return [str(problem.text) for problem in found if problem.severity == severity]


def entry(name: str, *shape: int | None) -> Endpoint:
    return Endpoint(name, (None, *shape), "float32")


def truth(name: str, loss: str, *shape: int | None, **config: Any) -> Endpoint:
    return Endpoint(name, (None, *shape), "float32", OutputTraining(name, KerasObject(loss, config)))


@pytest.mark.parametrize(
    ("have", "wanted", "result"),
    [
        ((8, 8), (8, 8, 1), (8, 8, 1)),
        ((8, 8, 1), (8, 8), (8, 8)),
        ((), (1,), (1,)),
        ((1,), (), ()),
        ((5,), (None,), (5,)),
        ((7, 3), (None, 3), (7, 3)),
        ((1, 5), (5,), (5,)),
        ((8, 8), (8, 9, 1), None),
        ((64,), (8, 8), None),
        ((8, 8), (8,), None),
    ],
)
def test_axes_of_size_1_come_and_go(have: tuple[int, ...], wanted: Shape, result: tuple[int, ...] | None) -> None:
    assert reshaped(have, wanted) == result


def test_data_that_fits_has_no_errors_and_says_what_was_adapted(tmp_path: Path) -> None:
    arrays = {"image": np.zeros((6, 8, 8)), "a": np.ones(6), "b": np.ones((6, 1)), "y": np.arange(6)}
    ends = [entry("image", 8, 8, 1), entry("a+b", 2), truth("y", "SparseCategoricalCrossentropy", 10)]
    found = problems(tmp_path, arrays, ends, 20)
    assert sentences(found) == []
    assert sentences(found, "note") == ["image of shape 8×8 is taken as 8×8×1."]


@pytest.mark.parametrize(
    ("arrays", "end", "sentence"),
    [
        (
            {"x": np.zeros((6, 5))},
            entry("x", 4),
            "The input x takes samples of shape 4, but x has 5.",
        ),
        (
            {"x": np.array([0, 1, np.nan, 3])},
            entry("x", 1),
            "a.npz: the value is missing in x at index 2 (NaN): fill it in, or leave this sample out.",
        ),
        (
            {"x": np.array([[0, 1], [np.inf, 3]])},
            entry("x", 2),
            "a.npz: x is infinite at index 1.",
        ),
        (
            {"y": np.array([0, 9, 10])},
            truth("y", "SparseCategoricalCrossentropy", 10),
            "a.npz: y is 10 at index 2, but y takes classes 0 to 9.",
        ),
        (
            {"y": np.array([0, -1, 1])},
            truth("y", "sparse_categorical_crossentropy", 10),
            "a.npz: y is -1 at index 1, but y takes classes 0 to 9.",
        ),
        (
            {"y": np.array([0, 0.5, 1])},
            truth("y", "SparseCategoricalCrossentropy", 10),
            "a.npz: y is 0.5 at index 1, but y takes whole class numbers.",
        ),
        (
            {"y": np.array([0, 1, 2])},
            truth("y", "BinaryCrossentropy", 1),
            "a.npz: y is 2.0 at index 2, but the loss of y takes 0 to 1.",
        ),
        (
            {"y": np.array([0, 1, 2])},
            truth("y", "CategoricalCrossentropy", 3),
            "The output y has the shape 3, but y has 1: for class numbers choose SparseCategoricalCrossentropy.",
        ),
        (
            {"y": np.eye(3)},
            truth("y", "SparseCategoricalCrossentropy", 3),
            (
                "The output y takes class numbers with this loss, but y has 3: "
                "for one-hot columns choose CategoricalCrossentropy."
            ),
        ),
        (
            {"y": np.zeros((4, 3))},
            truth("y", "MeanSquaredError", 2),
            "The output y has the shape 2, but y has 3.",
        ),
        (
            {"a": np.zeros(4), "b": np.zeros((4, 2))},
            entry("a+b", 4),
            "The input a+b takes samples of shape 4, but the 2 columns that are bound make 3 numbers: a, b.",
        ),
        (
            {"x": np.zeros(4)},
            entry("x+z", 2),
            "a.npz has no column z. It has: x.",
        ),
        (
            {"x": np.array([f"remark {i}" for i in range(60)])},
            entry("x", 1),
            "a.npz: x is free text, neither a number nor a class.",
        ),
    ],
)
def test_what_does_not_fit_gets_one_sentence(
    tmp_path: Path, arrays: dict[str, Any], end: Endpoint, sentence: str
) -> None:
    found = problems(tmp_path, arrays, [end])
    assert sentences(found) == [sentence]
    assert found[-1].target == end.name


def test_an_ignored_class_is_no_error(tmp_path: Path) -> None:
    end = truth("y", "SparseCategoricalCrossentropy", 3, ignore_class=-1)
    assert sentences(problems(tmp_path, {"y": np.array([0, -1, 2])}, [end])) == []


def test_classes_that_do_not_add_up_are_a_warning(tmp_path: Path) -> None:
    found = problems(tmp_path, {"y": np.array([[1, 0], [1, 1]])}, [truth("y", "CategoricalCrossentropy", 2)])
    assert sentences(found, "warning") == ["a.npz: y does not add up to 1 at index 1, as classes should."]


def test_columns_of_different_length_are_named(tmp_path: Path) -> None:
    ends = [entry("x", 1), truth("y", "MeanSquaredError", 1)]
    found = problems(tmp_path, {"x": np.zeros(5), "y": np.zeros(4)}, ends)
    assert sentences(found) == ["a.npz: x has 5 samples, but y has 4."]


def test_too_few_samples_for_validation(tmp_path: Path) -> None:
    found = problems(tmp_path, {"x": np.zeros(1)}, [entry("x", 1)], 20)
    assert sentences(found) == ["1 samples are too few to keep 20 % of them for validation."]
    assert sentences(problems(tmp_path, {"x": np.zeros((0,))}, [entry("x", 1)])) == ["a.npz holds no samples."]


def test_an_unbound_end_is_a_problem() -> None:
    with open_source(DataSource("random", "", {"samples": 3, "columns": {"x": {}}})) as source:
        found = check(source, [], [entry("in", 1)], [truth("out", "MeanSquaredError", 1)])
    assert [problem.target for problem in found] == ["in", "out"]


def test_an_output_without_a_loss_takes_classes_and_vectors() -> None:
    columns = {"number": {}, "vector": {"shape": [4]}, "wrong": {"shape": [5]}}
    with open_source(DataSource("random", "", {"samples": 3, "columns": columns})) as source:

        def found(column: str) -> list[str]:
            return sentences(list(check(source, [Binding("y", (column,))], [], [entry("y", 4)])))

        assert found("number") == found("vector") == []
        assert found("wrong") == ["The output y has the shape 4, but wrong has 5."]


def test_words_are_explained(tmp_path: Path) -> None:
    found = problems(tmp_path, {"y": np.array(["no", "yes", "no"])}, [truth("y", "BinaryCrossentropy", 1)])
    assert sentences(found) == []
    assert sentences(found, "note") == ["The words of y are read as numbers: 0 = no, 1 = yes."]


def test_large_columns_are_checked_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_blocks, "CHUNK_BYTES", 80)
    values = np.zeros(100)
    values[57] = np.nan
    assert sentences(problems(tmp_path, {"x": values}, [entry("x", 1)])) == [
        "a.npz: the value is missing in x at index 57 (NaN): fill it in, or leave this sample out."
    ]
    monkeypatch.setattr(data_blocks, "CHECKED_BYTES", 400)
    found = problems(tmp_path, {"x": values}, [entry("x", 1)])
    assert sentences(found) == []
    assert sentences(found, "note") == ["Only the first 50 samples of x were checked."]


@pytest.mark.parametrize(("samples", "percent", "train"), [(1797, 20, 1437), (10, 33, 6), (10, 10, 9), (100, 0.5, 99)])
def test_the_split_is_rounded_as_keras_does(samples: int, percent: float, train: int) -> None:
    assert part_sizes(samples, percent, 0) == (train, samples - train, 0)


def test_an_input_of_words_takes_words_as_they_are(tmp_path: Path) -> None:
    texts = Endpoint("x", (None, 1), "string")
    arrays = {"x": np.array(["cat", "a dog", "cat"]), "n": np.arange(3)}
    assert problems(tmp_path, arrays, [texts]) == []
    with open_source(DataSource("npz", str(tmp_path / "a.npz"))) as source:
        values = fit(source, ["x"], texts).read(source, slice(1, 3), check=True)
    assert values.dtype == object
    assert values.tolist() == [["a dog"], ["cat"]]
    (sentence,) = sentences(problems(tmp_path, arrays, [Endpoint("n", (None, 1), "string")]))
    assert sentence == "a.npz: n holds numbers, not words."


def test_values_of_unchanged_files_are_not_read_for_a_second_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by the same process nor by another one, which has opened the file anew."""
    monkeypatch.setenv("LAMELLA_HOME", str(tmp_path / "home"))
    spec = DataSpec((DataSource("npz", str(tmp_path / "a.npz")),))
    looked: list[str] = []

    def look(source: Source, name: str) -> Any:
        looked.append(name)
        return data_blocks.blocks(source, name)

    monkeypatch.setattr("runtime.worker.data.checks.blocks", look)

    def check_it(**arrays: Any) -> list[str]:
        if arrays:
            np.savez(tmp_path / "a.npz", **arrays)
        with open_data(spec) as source:
            return [str(problem.text) for problem in check(source, [Binding("x", ("x",))], [entry("x", 1)], [])]

    assert check_it(x=np.arange(9.0)) == [] and looked == ["x"]
    assert check_it() == [] and looked == ["x"]
    (told,) = check_it(x=np.array([1, np.nan]))
    assert "NaN" in told and check_it() == [told] and len(looked) > 3, "what is wrong is looked for again"
    with monkeypatch.context() as less:
        less.setattr(data_blocks, "CHECKED_BYTES", 8)
        (told,) = check_it(x=np.array([1, np.nan]))
        assert "Only the first" in told
    (told,) = check_it()
    assert "NaN" in told, "what was found in a part of the samples does not answer for all of them"
    (tmp_path / "home").rename(tmp_path / "moved")
    (tmp_path / "home").write_text("in the way of the folder")
    assert check_it(x=np.arange(9.0)) == [], "nothing can be kept"
