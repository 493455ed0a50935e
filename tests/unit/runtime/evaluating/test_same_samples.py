"""Whether two evaluations were of the same samples, told from what their data holds; and letters that CTC reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from runtime.evaluation.folder import PREDICTIONS_FILE, RESULT_FILE
from runtime.messages.evaluating import CompareEvaluations, EvaluationFile
from runtime.messages.trained import On, Trained
from runtime.messages.views import Numbers, OutputFigures
from runtime.model_configs import keras_json
from runtime.spec import DataSource, DataSpec, RunSpec, TrainingSettings, Windows
from runtime.worker.data.windowed import WindowedSource
from runtime.worker.evaluation.all_figures import all_figures
from runtime.worker.evaluation.answers import compare
from runtime.worker.evaluation.listing.leading import leading
from runtime.worker.evaluation.measuring import same_samples
from runtime.worker.evaluation.measuring.edit_distance import edit_distances
from runtime.worker.evaluation.measuring.judging import judged
from runtime.worker.evaluation.measuring.kept import KeptEvaluations
from runtime.worker.evaluation.measuring.results import Results
from runtime.worker.evaluation.measuring.same_samples import WINDOWS, marks_of, others_in
from runtime.worker.process.control import WorkerError
from tests.unit.runtime.preparing.table import Table

SPEC = RunSpec("run", {"x": 1}, DataSpec((DataSource("random"),)), (), TrainingSettings())


class Opened:
    """Of an evaluator what comparing asks for."""

    def __init__(self) -> None:
        self.evaluations = KeptEvaluations()


def kept(folder: Path, truth: Any, marks: dict[str, str], right: tuple[int, ...] = (0, 1)) -> str:
    """An evaluation of four samples of two classes, as one lies on the disk."""
    folder.mkdir()
    classes = np.asarray(truth).reshape(-1) if np.ndim(truth) == 1 else np.asarray(truth).argmax(axis=1)
    said = np.where(np.isin(np.arange(4), right), classes, 1 - classes)
    np.savez(folder / PREDICTIONS_FILE, rows=np.arange(10, 14), p0=np.eye(2)[said], t0=np.asarray(truth))
    output = OutputFigures("out", "out", "classes", ("no", "yes"))
    file = EvaluationFile(
        Trained("", "w.keras", SPEC), On(), 1.0, 4, True, {}, (output,), data="a.csv", marks=marks
    )  # fmt: skip
    (folder / RESULT_FILE).write_bytes(keras_json.encode(file, lines=False))
    return str(folder)


def compared(first: str, second: str) -> Any:
    return compare.answer(cast(Any, Opened()), CompareEvaluations(1, first, second, "out"))


def test_the_same_samples_are_compared(tmp_path: Path) -> None:
    """Of columns that only one of the models takes nothing is to be said; classes may be one-hot in one of the runs."""
    marks = {"a": "1", "b": "2"}
    one = kept(tmp_path / "one", [0, 1, 1, 0], marks, right=(0, 1, 2))
    other = kept(tmp_path / "other", np.eye(2)[[0, 1, 1, 0]], {"b": "2", "c": "3"}, right=(0, 3))
    found = compared(one, other)
    assert (found.both_right, found.only_first, found.only_second, found.both_wrong) == (1, (1, 2), (3,), 0)


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"a": "1", "b": "3"}, "not of the same samples: b had other values."),
        ({"a": "1", "b": "2", WINDOWS: "4"}, "the windows are not the same"),
    ],
)
def test_samples_that_held_something_else_are_not_compared(tmp_path: Path, marks: dict[str, str], said: str) -> None:
    """Their numbers and their true values are the same all the same."""
    one = kept(tmp_path / "one", [0, 1, 1, 0], {"a": "1", "b": "2"})
    other = kept(tmp_path / "other", [0, 1, 1, 0], marks)
    with pytest.raises(WorkerError) as caught:
        compared(one, other)
    assert said in str(caught.value.text)


@pytest.mark.parametrize(
    ("marks", "said"), [({}, "The data has changed"), ({"a": "1"}, "The two runs do other things to the true values")]
)
def test_other_true_values_are_not_compared(tmp_path: Path, marks: dict[str, str], said: str) -> None:
    one, other = kept(tmp_path / "one", [0, 1, 1, 0], marks), kept(tmp_path / "other", [0, 1, 1, 1], marks)
    with pytest.raises(WorkerError) as caught:
        compared(one, other)
    assert said in str(caught.value.text)


def test_every_sample_counts() -> None:
    values = np.arange(5000.0)
    changed = values.copy()
    changed[4321] += 1e-9
    one, other = (marks_of(Table(a=a, b=values), ("a", "b", "gone")) for a in (values, changed))
    assert set(one) == {"a", "b"} and others_in(one, other) == ("a",)
    assert others_in(one, marks_of(Table(a=values), ("a",))) == ()
    assert others_in(one, {}) == ()  # of an older Lamella


def test_words_are_told_as_words() -> None:
    """Words that training knew come first: which number stands for one differs between runs."""
    one = marks_of(Table({"a": ("x", "y")}, a=np.array([0, 1, -1])), ("a",))
    assert one == marks_of(Table({"a": ("y", "z", "x")}, a=np.array([2, 0, -1])), ("a",))
    assert one != marks_of(Table({"a": ("x", "y")}, a=np.array([1, 0, -1])), ("a",))
    texts = marks_of(Table(a=np.array(["a\ud800", "b"], object)), ("a",))
    assert texts != marks_of(Table(a=np.array(["a", "b"], object)), ("a",))


def test_a_large_column_is_looked_at_in_some_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_samples, "_WHOLE", 1000)
    table = Table(a=np.arange(4_000_000.0))
    found = marks_of(table, ("a",))
    assert sum(count for _, count in table.reads) < 100_000
    last = np.arange(4_000_000.0)
    last[-1] = 0.0
    assert found != marks_of(Table(a=last), ("a",))
    assert marks_of(Table(a=np.zeros(0)), ("a",)) != found


def test_windows_of_other_rows_are_other_samples() -> None:
    rows = Table(a=np.arange(20.0))
    short, long = (marks_of(WindowedSource(rows, Windows(length)), ("a",)) for length in (3, 4))
    assert others_in(short, long) == (WINDOWS,) and others_in(short, marks_of(rows, ("a",))) == (WINDOWS,)


def test_letters_to_change() -> None:
    """The example of every textbook, and pairs of any length against the definition."""
    kitten, sitting = ([ord(letter) for letter in word] for word in ("kitten", "sitting"))
    assert edit_distances([kitten, sitting, [], kitten, []], [sitting, kitten, kitten, [], []]).tolist() == [
        3,
        3,
        6,
        6,
        0,
    ]

    @cache
    def defined(one: tuple[int, ...], other: tuple[int, ...]) -> int:
        if not one or not other:
            return len(one) + len(other)
        changed = defined(one[1:], other[1:]) + (one[0] != other[0])
        return min(changed, defined(one[1:], other) + 1, defined(one, other[1:]) + 1)

    rng = np.random.default_rng(5)
    texts = [tuple(rng.integers(1, 4, rng.integers(0, 8)).tolist()) for _ in range(400)]
    pairs = list(zip(texts[:200], texts[200:], strict=True))
    assert edit_distances(texts[:200], texts[200:]).tolist() == [defined(*pair) for pair in pairs]
    assert edit_distances([], []).tolist() == []


def test_what_ctc_reads_in_numbers() -> None:
    """By hand: "ab" is read as "ab", "abc" as "ac" (one left out), "b" as "cb" (one too much): 2 of 6 letters."""
    steps = [[1, 1, 0, 2, 2, 0], [1, 0, 0, 3, 0, 0], [3, 3, 0, 2, 2, 2]]
    truth = np.array([[1, 2, 0], [1, 2, 3], [2, 0, 0]])
    found = Results("out", "out", "ctc", np.eye(4)[steps], truth, np.arange(3))
    (figure,) = all_figures(found).figures
    assert isinstance(figure.view, Numbers)
    values = {number.key: number.value for number in figure.view.numbers}
    assert values == pytest.approx({"cer": 2 / 6, "texts_right": 1 / 3})
    seen = judged(found)
    assert seen.right is not None and seen.right.tolist() == [True, False, False]
    assert seen.error is not None and seen.error.tolist() == pytest.approx([0.0, 1 / 3, 1.0])
    assert seen.places("worst").tolist() == [2, 1, 0]
    assert leading(found.only(np.array([1])))[0].value == pytest.approx(1 / 3)
    empty = Results("out", "out", "ctc", np.eye(4)[steps[:1]], np.zeros((1, 3)), np.arange(1))
    assert leading(empty)[0].value is None  # no letters: no rate
