"""Files of evaluations that no Lamella wrote: each comes to one sentence, and none takes more than it has."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest

from resources.text import Text
from runtime.evaluation.folder import EVALUATIONS, PREDICTIONS_FILE, RESULT_FILE, predictions_of, read_evaluation
from runtime.messages.evaluating import EvaluationFile
from runtime.messages.trained import On, Trained
from runtime.messages.views import Bars as BarsView
from runtime.messages.views import (
    Curve,
    Curves,
    Figure,
    Heat,
    Label,
    Matrix,
    Number,
    Numbers,
    OutputFigures,
    Points,
    Table,
    Thresholds,
    View,
)
from runtime.model_configs import keras_json
from runtime.spec import DataSource, DataSpec, RunSpec, TrainingSettings
from runtime.worker.evaluation.measuring.kept import KeptEvaluations
from runtime.worker.process.control import WorkerError

NAME = Label("a")
SOUND: tuple[View, ...] = (
    Numbers((Number("a", NAME, 1e300), Number("b", NAME, None))),
    Table((NAME, NAME), (("x", 1.0), ("y", None))),
    Matrix(("x", "y"), ((1, 0), (2, 3)), (0, 1)),
    Curves(NAME, NAME, (Curve(NAME, (0.0, 1.0), (0.0, 1.0), (math.inf, 0.0)),)),
    BarsView(NAME, NAME, (1.0, 2.0), ("x", "y")),
    BarsView(NAME, NAME, (1.0,), (), (0.0, 1.0)),
    Points(NAME, NAME, (0.0, math.nan), (1.0, 2.0), (0, 1), (0, 1), ("x", "y")),
    Thresholds(("x",), (0.0, 1.0), (((1, 0, 0, 0), (0, 0, 1, 0)),)),
    Heat(((0.0, math.nan),), ("x",), ("x", "y")),
)
BROKEN: tuple[View, ...] = (
    Numbers((Number("a", NAME, 1e308),)),
    Table((NAME,), (("x", 1.0),)),
    Matrix(("x", "y"), ((1, 0),), (0, 1)),
    Matrix(("x", "y"), ((1, 0), (1,)), (0, 1)),
    Matrix(("x", "y"), ((1, 0), (1, -5)), (0, 1)),
    Matrix((), (), ()),
    Curves(NAME, NAME, (Curve(NAME, (0.0, 1.0), (0.0,)),)),
    Curves(NAME, NAME, (Curve(NAME, (0.0, 1.0), (0.0, 1.0), (0.5,)),)),
    BarsView(NAME, NAME, (1.0, 2.0), ("x",)),
    BarsView(NAME, NAME, (1.0, 2.0), (), (0.0, 1.0)),
    BarsView(NAME, NAME, (1e308, -1e308), ("x", "y")),
    Points(NAME, NAME, (0.0, 1.0), (1.0,)),
    Points(NAME, NAME, (0.0,), (1.0,), groups=(7,), names=("x",)),
    Thresholds((), (), ()),
    Thresholds(("x", "y"), (0.0,), (((1, 0, 0, 0),),)),
    Heat(((0.0, 1.0), (0.0,))),
    Heat(((0.0,),), ("x", "y")),
)


def file_of(folder: Path, *views: View, samples: int = 3, created: float = 1e9) -> EvaluationFile:
    figures = tuple(Figure(f"f{number}", "out", Text("Figure"), view) for number, view in enumerate(views))
    outputs = (OutputFigures("out", "out", "classes", ("x", "y"), figures),)
    return EvaluationFile(Trained(str(folder), "model.keras"), On(), created, samples, True, {}, outputs)


def stored(folder: Path, file: EvaluationFile) -> str:
    """What is wrong with it, once it was written; "" when nothing is."""
    (folder / RESULT_FILE).write_bytes(keras_json.encode(file, lines=False))
    found = read_evaluation(folder)
    assert (found.file is None) == (found.error is not None)
    return str(found.error or "")


def test_what_a_worker_tells_is_read_as_it_was_told(tmp_path: Path) -> None:
    file = file_of(tmp_path, *SOUND)
    assert stored(tmp_path, file) == ""
    found = read_evaluation(tmp_path).file
    assert found is not None and repr(found) == repr(file)  # NaN is not the same as itself


@pytest.mark.parametrize("view", BROKEN, ids=lambda view: type(view).__name__)
def test_a_figure_that_does_not_hold_together_is_a_sentence(tmp_path: Path, view: View) -> None:
    assert "does not hold together" in stored(tmp_path, file_of(tmp_path, view))


def test_times_and_counts_that_are_none(tmp_path: Path) -> None:
    assert "is not as it was written" in stored(tmp_path, file_of(tmp_path, created=1e300))
    assert "is not as it was written" in stored(tmp_path, file_of(tmp_path, created=math.nan))
    assert "is not as it was written" in stored(tmp_path, file_of(tmp_path, samples=-1))


def test_predictions_are_read(tmp_path: Path) -> None:
    predictions, rows = np.arange(6, dtype=np.float32).reshape(3, 2), np.arange(3)
    np.savez(tmp_path / PREDICTIONS_FILE, rows=rows, p0=predictions, t0=rows[:, None])
    found = predictions_of(tmp_path, 0, 3)
    assert np.array_equal(found.predictions, predictions) and np.array_equal(found.rows, rows)
    assert found.truth is not None and found.truth.shape == (3, 1)


def _packed(file: Path) -> None:
    np.savez_compressed(file, rows=np.arange(3), p0=np.zeros((3, 1 << 20)))


def _pickled(file: Path) -> None:
    np.savez(file, rows=np.arange(3), p0=np.array([print, print, print], dtype=object))


def _claims_more(file: Path) -> None:
    """Three rows of a petabyte each, says its header."""
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("rows.npy", _npy((3,), np.arange(3).tobytes(), "<i8"))
        archive.writestr("p0.npy", _npy((3, 1 << 47), b"\0" * 8, "<f8"))


def _npy(shape: tuple[int, ...], data: bytes, dtype: str) -> bytes:
    head = repr({"descr": dtype, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + data


def _other_samples(file: Path) -> None:
    np.savez(file, rows=np.arange(4), p0=np.zeros((4, 2)))


def _truth_of_others(file: Path) -> None:
    np.savez(file, rows=np.arange(3), p0=np.zeros((3, 2)), t0=np.zeros(5))


def _without_rows(file: Path) -> None:
    np.savez(file, p0=np.zeros((3, 2)))


def _cut(file: Path) -> None:
    np.savez(file, rows=np.arange(3), p0=np.zeros((3, 200)))
    file.write_bytes(file.read_bytes()[:1000])


def _method(file: Path) -> None:
    """A way of packing that nobody knows."""
    _other_samples(file)
    data = bytearray(file.read_bytes())
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(mark)
        data[at + place] = 77
    file.write_bytes(bytes(data))


def _a_folder(file: Path) -> None:
    file.mkdir()


HOSTILE: tuple[Callable[[Path], None], ...] = (
    _packed, _pickled, _claims_more, _other_samples, _truth_of_others, _without_rows, _cut, _method, _a_folder,
)  # fmt: skip


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_hostile_predictions_are_a_sentence(tmp_path: Path, make: Callable[[Path], None]) -> None:
    assert stored(tmp_path, file_of(tmp_path)) == ""
    make(tmp_path / PREDICTIONS_FILE)
    with pytest.raises(WorkerError, match=r"predictions\.npz cannot be read"):
        KeptEvaluations().output(tmp_path, "out")


def test_a_result_as_msgspec_wrote_it_is_still_read(tmp_path: Path) -> None:
    file = file_of(tmp_path, SOUND[2])
    (tmp_path / RESULT_FILE).write_bytes(msgspec.json.encode(file))
    assert read_evaluation(tmp_path).file == file


def test_an_evaluation_does_not_say_what_its_run_is(tmp_path: Path) -> None:
    """Its own spec would name other data, and other code, than the run that people look at."""
    folder = tmp_path / "0001-a" / EVALUATIONS / "20261201-120000-validation"
    folder.mkdir(parents=True)
    spec = RunSpec("other", {}, DataSpec((DataSource("csv", "//elsewhere/share/x.csv"),)), (), TrainingSettings())
    for claimed in (tmp_path / "0001-a", tmp_path / "elsewhere"):
        file = msgspec.structs.replace(file_of(folder), trained=Trained(str(claimed), "/x/model.keras", spec))
        assert stored(folder, file) == ""
        np.savez(folder / PREDICTIONS_FILE, rows=np.arange(3), p0=np.zeros((3, 2), np.float32))
        trained = KeptEvaluations().output(folder, "out").trained()
        assert trained.spec is None and trained.folder == str(tmp_path / "0001-a")
