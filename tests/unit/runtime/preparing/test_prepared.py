"""Columns behind their steps: what is learnt of which samples, how often they are read, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runtime.messages.preparing import Preparing
from runtime.spec import ColumnSpec, DataSpec, Step, Windows
from runtime.splits import SplitSpec
from runtime.worker.data.prepared import PreparedSource
from runtime.worker.data.prepared import prepared as prepare
from runtime.worker.data.preparing.known_states import KnownStates
from runtime.worker.data.source import DataError, Rows, Source
from runtime.worker.data.windowed import windowed
from tests.unit.runtime.preparing.table import Table

NAN = float("nan")


def columns(**steps: list[dict[str, Any]]) -> dict[str, ColumnSpec]:
    return {
        name: ColumnSpec(steps=tuple(Step(one.pop("step"), one) for one in map(dict, written)))
        for name, written in steps.items()
    }


def prepared(
    base: Source,
    training: Callable[[Source], Rows] = lambda base: range(base.shape(base.names()[0])[0]),
    states: KnownStates | None = None,
    stamp: bytes | None = None,
    **steps: Any,
) -> PreparedSource:
    return PreparedSource(base, columns(**steps), training, states or KnownStates(), stamp)


def people() -> Table:
    return Table(
        {"town": ("부산", "서울")},
        age=np.array([10.0, NAN, 30.0, 50.0, 1000.0]),
        town=np.array([1, 0, -1, 1, 0]),
        label=np.array([0, 1, 2, 1, 0]),
        photo=np.arange(5 * 12, dtype=np.uint8).reshape(5, 2, 2, 3),
    )


def test_steps_learn_of_the_training_part_alone() -> None:
    source = prepared(people(), lambda _base: range(4), age=[{"step": "fill", "with": "mean"}, {"step": "normalize"}])
    values = source.read("age", slice(0, 5))
    assert values[:4].mean() == pytest.approx(0, abs=1e-6) and values[:4].std() == pytest.approx(1, abs=1e-6)
    assert values[1] == pytest.approx(0, abs=1e-6) and values[4] > 50
    assert source.take("age", np.array([4, 0, 4])).tolist() == values[[4, 0, 4]].tolist()
    pipeline = source.pipeline("age")
    assert pipeline is not None and pipeline.states[0] == {"fill": [30.0]}
    scattered = prepared(people(), lambda _base: np.array([0, 2]), age=[{"step": "normalize"}])
    assert scattered.read("age", slice(0, 3))[[0, 2]].tolist() == [-1, 1]


def test_the_training_part_is_read_once_and_only_when_needed() -> None:
    base = people()
    source = prepared(base, lambda _base: range(4), age=[{"step": "fill", "with": "mean"}, {"step": "normalize"}])
    assert source.dtype("photo") == np.uint8 and not base.reads
    assert source.shape("age") == (5,) and source.dtype("age") == np.float32
    source.read("age", slice(0, 1))
    assert base.reads == [("age", 4), ("age", 1)], "once for both steps"


def test_words_reach_the_first_step_as_words() -> None:
    source = prepared(people(), town=[{"step": "string_lookup"}])
    assert source.read("town", slice(0, 5)).tolist() == [2, 3, 0, 2, 3]
    assert source.categories("town") == () and source.dtype("town") == np.int64
    one_hot = prepared(people(), town=[{"step": "fill", "value": "서울"}, {"step": "one_hot"}])
    assert one_hot.shape("town") == (5, 2)
    assert one_hot.read("town", slice(1, 3)).tolist() == [[1, 0], [0, 1]]
    one_more = prepared(people(), town=[{"step": "fill", "value": "대전"}, {"step": "one_hot"}])
    assert one_more.read("town", slice(1, 3)).tolist() == [[0, 1, 0], [1, 0, 0]], "what is filled in is a class, too"


def test_words_that_stay_words_are_still_classes() -> None:
    source = prepared(people(), town=[{"step": "fill", "value": "대전"}])
    assert source.categories("town") == ("대전", "부산", "서울")
    assert source.read("town", slice(0, 5)).tolist() == [2, 1, 0, 2, 1]


def test_samples_without_a_value_are_left_out_of_all_columns() -> None:
    seen = []

    def training(base: Source) -> range:
        seen.append(base.shape("label")[0])
        return range(3)

    source = prepared(people(), training, age=[{"step": "drop_missing"}, {"step": "normalize"}],
                      town=[{"step": "drop_missing"}])  # fmt: skip
    assert source.shape("label") == (3,) and seen == []
    assert source.read("label", slice(0, 3)).tolist() == [0, 1, 0]
    assert source.take("label", np.array([2, 1])).tolist() == [0, 1]
    assert source.place(1).args == {"row": 3}
    assert source.note is not None and str(source.note) == (
        "people.csv: 2 of 5 samples are left out, since values are missing."
    )
    source.read("age", slice(0, 1))
    assert seen == [3], "parts are those of the samples that are left"
    assert source.raw().read("age", slice(0, 3)).tolist() == [10, 50, 1000]
    with pytest.raises(DataError, match="age, step 2: it must come before Normalize"):
        prepared(people(), age=[{"step": "normalize"}, {"step": "drop_missing"}])


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ({"age": [{"step": "sclae"}]}, "age, step 1: The step sclae is unknown"),
        ({"age": [{"step": "scale", "scale": "much"}]}, "age, step 1: The setting times is much; it must be a number"),
        ({"town": [{"step": "scale"}]}, "town, step 1: Scale takes numbers, but words come to it"),
        ({"age": [{"step": "scale"}, {"step": "resize"}]}, "age, step 2: Resize takes pictures"),
        ({"age": [{"step": "one_hot"}]}, "age, step 1: One-hot: a value is missing"),
    ],
)
def test_what_is_wrong_names_the_column_and_the_step(steps: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        prepared(people(), **steps).read(next(iter(steps)), slice(0, 5))


def test_what_was_learnt_is_kept(tmp_path: Path) -> None:
    steps = {"age": [{"step": "fill", "with": "mean"}], "town": [{"step": "string_lookup"}]}

    def reads(states: KnownStates, stamp: bytes | None, training: Rows = range(4)) -> int:
        base = people()
        source = prepared(base, lambda _base: training, states, stamp, **steps)
        found = [source.shape(name) for name in ("age", "town")]
        assert found == [(5,), (5,)]
        return len(base.reads)

    assert reads(KnownStates(tmp_path), b"files") == 2
    assert reads(KnownStates(tmp_path), b"files") == 0, "another process, the same files"
    assert reads(KnownStates(tmp_path), b"files that have changed") == 2
    assert reads(KnownStates(tmp_path), b"files", np.array([0, 3])) == 2, "another split"
    assert reads(KnownStates(tmp_path), None) == 2, "nothing stands for the files"
    for damaged in tmp_path.glob("*.json"):
        damaged.write_bytes(b"{")
    assert reads(KnownStates(tmp_path), b"files") == 2
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert reads(KnownStates(blocked / "folder"), b"files") == 2, "where nothing can be kept, it is learnt each time"


def test_learning_can_be_ended_and_begun_again() -> None:
    class EndedError(Exception):
        pass

    told: list[float] = []

    def progress(_what: object, part: float) -> None:
        told.append(part)
        if len(told) == 1:
            raise EndedError

    source = PreparedSource(people(), columns(age=[{"step": "normalize"}]), lambda _base: range(3), KnownStates(),
                            progress=progress)  # fmt: skip
    with pytest.raises(EndedError):
        source.shape("age")
    assert source.shape("age") == (5,) and told == [0.0, 0.0, 1.0]


def test_pictures_keep_their_thumbnails_and_kinds() -> None:
    source = prepared(people(), photo=[{"step": "resize", "height": 4, "width": 4}, {"step": "scale"}])
    assert source.shape("photo") == (5, 4, 4, 3)
    assert source.column("photo").maximum == pytest.approx(59 / 255)
    thumbnail = source.thumbnail("photo", 1, 8)
    assert thumbnail is not None and thumbnail.shape == (2, 2, 3)


def test_a_kind_that_was_chosen() -> None:
    source = PreparedSource(people(), {"label": ColumnSpec("category")}, lambda _base: range(5), KnownStates())
    assert source.sample_kind("label") == "category"
    assert source.column("label").kind == "category"


@pytest.mark.parametrize(
    ("windows", "rows"),
    [
        (Windows(3, order_by="t"), range(8)),  # the latest rows validate, wherever they lie in the file
        (Windows(2, stride=4, order_by="t"), (0, 1, 2, 4, 5, 6)),  # no window holds 3 and 7
        (Windows(1, horizon=3), (0, 1, 2, 3, 4, 5, 6, 7)),
        (None, range(8)),
    ],
)
def test_steps_learn_of_no_row_that_windows_of_other_parts_hold(windows: Windows | None, rows: Sequence[int]) -> None:
    ordered = windows is not None and bool(windows.order_by)
    days = np.arange(9, -1, -1) if ordered else np.arange(10)
    table = Table(t=days, x=days.astype(float) ** 2)
    both = {"t": ColumnSpec(steps=(Step("normalize"),)), "x": ColumnSpec(steps=(Step("normalize"),))}
    spec = DataSpec((), both, windows)
    how = Preparing(SplitSpec(validation_percent=20), ("x",))
    source = prepare(table, spec, how, KnownStates())
    assert isinstance(source, PreparedSource)
    windowed(source, windows)  # orders the rows as they are, not what the steps make of them
    pipeline = source.pipeline("x")
    assert pipeline is not None and pipeline.states[0] is not None
    assert pipeline.states[0]["mean"] == [pytest.approx(np.mean([float(row) ** 2 for row in rows]))]
