"""Data that a project's own code makes: only after a yes, drawn from with a time limit, and fed as it is."""

from __future__ import annotations

import hashlib
import threading
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.project.templates import template
from graph_editor.document.custom_code import code_files, named_code_files
from runtime.messages.checking import Endpoint
from runtime.spec import Binding, CodeFile, DataSource, DataSpec
from runtime.worker.data.checks import check
from runtime.worker.data.made import feeds
from runtime.worker.data.made.made_source import MadeSource
from runtime.worker.data.opening import open_data, open_source
from runtime.worker.data.source import DataError
from runtime.worker.data.sources import python

CODE = """
import time
import keras
import numpy as np

def batch(count, start=0):
    return np.full((count, 3), start, "float32"), np.arange(count)

class Batches(keras.utils.PyDataset):
    def __len__(self):
        return 5

    def __getitem__(self, index):
        x, y = batch(4, index)
        return {"a": x, "b": x[:, 0]}, y

training = Batches()

def generator():
    for start in range(3):
        yield batch(4, start)

def endless():
    while True:
        yield from generator()

def dataset():
    import tensorflow as tf
    return tf.data.Dataset.from_tensor_slices(batch(10)).batch(4)

def unknown_length():
    return dataset().filter(lambda x, y: True)

once = generator()

def broken():
    yield batch(2)
    raise ValueError("no more fuel")

def broken_at_once():
    raise ValueError("no fuel")
    yield

def hangs():
    time.sleep(0.3)
    yield batch(2)

def nothing():
    return iter(())

def number():
    return 7

def single():
    yield np.ones(3)

def several():
    yield (np.ones((2, 3)), np.ones(2)), (np.zeros(2), np.zeros(2)), np.ones(2)

def words():
    yield np.array(["a", "b"], object), np.ones(2)
"""


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """A file of code that somebody has agreed to, and that has run."""
    from runtime.worker.custom.loading import require_code  # late: Keras takes seconds, and each process collects this
    from runtime.worker.custom.registry import forget_custom

    path = tmp_path / "feed.py"
    path.write_text(CODE, "utf-8")
    require_code((CodeFile(str(path), hashlib.sha256(path.read_bytes()).hexdigest()),))
    yield path
    forget_custom()


def opened(path: Path, **options: Any) -> MadeSource:
    source = open_source(DataSource("python", str(path), options))
    assert isinstance(source, MadeSource)
    return source


def test_nothing_runs_before_somebody_has_agreed(tmp_path: Path) -> None:
    path = tmp_path / "feed.py"
    path.write_text("import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n", "utf-8")
    with pytest.raises(DataError, match=r"feed.py is code, which runs only after you have looked at it"):
        open_source(DataSource("python", str(path)))
    assert python.recognise(path) is None
    assert not (tmp_path / "ran").exists()


def test_the_file_is_among_those_that_are_asked_about() -> None:
    entry = template("digits")
    assert entry is not None
    document = entry.open()
    document.data = {"sources": [{"kind": "python", "path": "feed.py"}]}
    assert code_files(document) == ("feed.py",) and named_code_files(document) == ()


def test_what_is_drawn_from_is_found_by_its_name(file: Path) -> None:
    with opened(file) as source:
        assert source.names() == ("a", "b", "y") and source.shape("a") == (4, 3)
        assert "training of feed.py gives the batches" in str(source.note)
        training, validation = source.feeds()
        assert (training.steps, training.endless, validation) == (5, False, None)
        assert source.column("y").maximum == 3
    with opened(file, name="several") as source:
        assert source.names() == ("x_1", "x_2", "y_1", "y_2")
    found = python.recognise(file)
    assert found is not None and "Batches" in str(found.what)


@pytest.mark.parametrize(
    ("name", "samples", "steps", "endless"),
    [
        ("Batches", None, 5, False),
        ("Batches", 8, 2, False),
        ("Batches", 32, 8, False),
        ("generator", None, 3, True),
        ("generator", 40, 10, True),
        ("endless", 9, 3, True),
        ("dataset", None, 3, False),
        ("unknown_length", None, 3, False),
        ("dataset", 40, 10, True),
        ("unknown_length", 40, 10, True),
    ],
)
def test_how_much_an_epoch_is(file: Path, name: str, samples: int | None, steps: int, endless: bool) -> None:
    with opened(file, name=name, samples=samples) as source:
        feed, _ = source.feeds()
        assert (feed.steps, feed.endless) == (steps, endless)
        if name == "Batches":
            assert len(feed.dataset) == steps
        else:  # two epochs' worth of batches can be drawn from what has no end
            assert len(list(islice(iter(feed.dataset), 2 * steps))) == (2 * steps if endless else steps)


@pytest.mark.parametrize("samples", [8, 32])
def test_epochs_of_a_py_dataset_go_on_where_the_last_one_ended(file: Path, samples: int) -> None:
    """Keras ended an epoch before its time, and warned, where there were fewer batches than it was told to take."""
    import keras

    seen: list[int] = []

    class Model(keras.Model):
        def train_step(self, data: Any) -> Any:
            seen.append(int(data[0]["a"][0, 0]))
            return super().train_step(data)

    with opened(file, name="Batches", samples=samples) as source:
        feed, _ = source.feeds()
    inputs = {"a": keras.Input((3,), name="a"), "b": keras.Input((1,), name="b")}
    model = Model(inputs, keras.layers.Dense(1)(inputs["a"]))
    model.compile("sgd", "mse", run_eagerly=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Your input ran out of data")
        model.fit(feed.dataset, epochs=3, verbose=0, shuffle=False)
    assert len(seen) == 3 * feed.steps
    assert seen == [(seen[0] + place) % 5 for place in range(len(seen))], "each of the five in its turn"


def test_what_does_not_end_has_to_say_how_much_an_epoch_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_COUNT_SECONDS", 0.05)
    with opened(file, name="endless") as source, pytest.raises(DataError, match="say in the option samples"):
        source.feeds()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken_at_once", r"feed.py, line \d+: ValueError: no fuel"),
        ("nothing", "nothing gives no batch"),
        ("number", "number gives int, but no PyDataset"),
        ("single", r"a batch of single is no pair \(x, y\)"),
        ("words", "x of feed.py cannot be used: it holds Python objects"),
        ("absent", "feed.py has no absent. It has: "),
        ("no name", "a name of Python"),
    ],
)
def test_what_cannot_be_used_is_told(file: Path, name: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        opened(file, name=name)


def test_what_fails_later_is_told(file: Path) -> None:
    with opened(file, name="broken") as source, pytest.raises(DataError, match=r"line \d+: ValueError: no more fuel"):
        source.feeds()
    with opened(file, name="once") as source, pytest.raises(DataError, match="can be gone through once alone"):
        source.feeds()


def test_a_first_batch_that_does_not_come_is_not_waited_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "FIRST_SECONDS", 0.05)
    with pytest.raises(DataError, match=r"hangs has given no batch after 0.05 s"):
        opened(file, name="hangs")
    for thread in threading.enumerate():
        if thread.name == "made-by-code":
            thread.join()


def test_columns_are_bound_as_they_come(file: Path) -> None:
    inputs = (Endpoint("first", (None, 3), "float32"), Endpoint("second", (None,), "float32"))
    with opened(file) as source:
        right = (Binding("first", ("a",)), Binding("second", ("b",)))
        assert "made_order" not in [problem.kind for problem in check(source, right, inputs, ())]
        wrong = (Binding("first", ("b",)), Binding("second", ("a",)))
        said = [str(problem.text) for problem in check(source, wrong, inputs, ()) if problem.kind == "made_order"]
        assert said[0] == "feed.py gives first the column a, as it is: bind that one."


def test_it_is_not_joined_with_other_data(file: Path, tmp_path: Path) -> None:
    np.save(tmp_path / "z.npy", np.ones(4))
    sources = (DataSource("python", str(file)), DataSource("npz", str(tmp_path / "z.npy"), name="z"))
    with pytest.raises(DataError, match="cannot be joined"), open_data(DataSpec(sources)):
        pass
