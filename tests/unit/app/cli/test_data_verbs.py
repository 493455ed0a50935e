"""Data on the command line: described, checked, and put in the place of a project's own for one training."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.cli.common.data import fed_with, named_data
from app.cli.common.engine import HeadlessEngine
from app.cli.common.output import CommandError
from app.cli.common.projects import setting_problems
from app.project.templates import template
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import load, save
from resources.training.sections import bindings_of
from runtime.messages.connection import Failed
from runtime.messages.describing import DescribeData, RecognizeData
from runtime.messages.inference import CallResult, Infer, Inferred, TensorSpec
from runtime.messages.preparing import LearnData
from runtime.messages.protocol import Answer, Request
from runtime.worker.data.answering.answers import describe_data, learn_data, recognize_data
from runtime.worker.data.opening import Sources
from runtime.worker.process.control import WorkerError
from tests.support.verbs import status

SHAPES = {"image": (None, 8, 8, 1), "digit": (None, 10), "is_even": (None, 1)}


class DataEngine(HeadlessEngine):
    """Answers questions about data as the engine does, without Keras, and knows the shapes of the digits."""

    def __init__(self) -> None:
        self._sources = Sources()

    def ask(self, message: Request) -> Answer:
        try:
            if isinstance(message, RecognizeData):
                return recognize_data(message)
            if isinstance(message, DescribeData):
                return describe_data(message, self._sources)
            if isinstance(message, LearnData):
                return learn_data(message, self._sources, lambda: True)
        except WorkerError as error:
            return Failed(message.id, error.text, error.detail)
        assert isinstance(message, Infer)
        shapes = [SHAPES.get(call.operation.config["name"], (None, 4)) for call in message.calls]
        found = zip(message.calls, shapes, strict=True)
        return Inferred(0, [CallResult(call.id, (TensorSpec(shape, "float32"),)) for call, shape in found], 1.0)


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> DataEngine:
    made = DataEngine()

    @contextmanager
    def started() -> Iterator[DataEngine]:
        yield made

    monkeypatch.setattr("app.cli.verbs.data.headless_engine", started)
    return made


@pytest.fixture
def digits() -> Document:
    entry = template("digits")
    assert entry is not None
    return entry.open()


def test_a_file_is_described_for_machines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\n1,x,2.5\n2,y,\n3,x,1e999\n", "utf-8")
    assert status(["data", "describe", str(tmp_path / "t.csv"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["kind"], told["samples"]) == ("csv", 3)
    columns = {column["name"]: column for column in told["columns"]}
    assert list(columns) == ["a", "b", "c"]
    assert (columns["b"]["classes"], columns["a"]["maximum"], columns["c"]["missing"]) == (["x", "y"], 3, 1)


def test_a_file_is_described_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "t.npz", picture=np.zeros((9, 8, 8), np.uint8), label=np.arange(9) % 3)
    assert status(["data", "describe", str(tmp_path / "t.npz")]) == 0
    told = capsys.readouterr().out.split("\n")
    assert told[1] == "2 columns, 9 samples"
    assert told[3].split() == ["picture", "picture", "8×8", "uint8", "0", "…", "0"]


def test_what_is_no_data_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.psd").write_bytes(b"8BPS")
    assert status(["data", "describe", str(tmp_path / "a.psd")]) == 1
    assert capsys.readouterr().err == (
        "lamella: a.psd cannot be read as data: save it as PNG or JPEG in a picture editor.\n"
    )
    assert status(["data", "describe", str(tmp_path / "a.psd"), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["severity"] == "error"


def test_options_are_those_of_the_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "t.npz", x_train=np.zeros((9, 2)), x_test=np.zeros((3, 2)))
    file = str(tmp_path / "t.npz")
    assert status(["data", "describe", file, "--json", "--option", "parts=apart"]) == 0
    assert [column["name"] for column in json.loads(capsys.readouterr().out)["columns"]] == ["x_train", "x_test"]
    assert status(["data", "describe", file, "--option", "sheet=1"]) == 2
    assert "has no option sheet; it has parts." in capsys.readouterr().err
    assert status(["data", "describe", file, "--option", "parts=some"]) == 2
    assert "must be one of" in capsys.readouterr().err
    assert status(["data", "describe", file, "--option", "parts"]) == 2
    assert status(["data"]) == 2


def test_a_project_without_data_has_none_to_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(Document("3.15"), tmp_path / "p.lamella")
    assert status(["data", "check", str(tmp_path / "p.lamella"), "--json"]) == 1
    output = capsys.readouterr()
    assert "No data is chosen yet" in output.err
    assert "No data is chosen yet" in json.loads(output.out)["problems"][0]["text"]


def test_values_of_the_split_that_no_run_takes_are_problems(tmp_path: Path, digits: Document) -> None:
    """Somebody has written them by hand: check found nothing, and training refused them."""
    save(digits, tmp_path / "p.lamella")
    written = json.loads((tmp_path / "p.lamella").read_text("utf-8"))
    assert not list(setting_problems(load(tmp_path / "p.lamella")))
    written["data"] |= {"split": "quantum", "validation_percent": 1e9, "unknown": 1}
    (tmp_path / "p.lamella").write_text(json.dumps(written), "utf-8")
    found = list(setting_problems(load(tmp_path / "p.lamella")))
    assert [problem.is_error and problem.kind for problem in found] == ["data", "data"]
    assert "1000000000.0; it must be a number, at least 0 and below 100" in " ".join(str(one.text) for one in found)


def test_other_data_takes_the_place_of_the_projects(
    tmp_path: Path, engine: DataEngine, digits: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    digits.data = {**digits.data, "columns": {"image": {"kind": "image"}, "digit": {"kind": "category"}}}
    np.savez(tmp_path / "t.npz", picture=np.zeros((9, 8, 8)), digit=np.arange(9), even=np.arange(9) % 2)
    fed_with(engine, digits, named_data(engine, tmp_path / "t.npz", (), tmp_path), tmp_path)
    assert digits.data["sources"] == [{"kind": "npz", "path": "t.npz", "options": {}}]
    assert digits.data["columns"] == {"digit": {"kind": "category"}}
    assert bindings_of(digits.data) == {"image": ("picture",), "digit": ("digit",), "is_even": ("even",)}
    assert "image takes picture." in capsys.readouterr().err


def test_columns_are_bound_by_what_comes_out_of_their_steps(
    tmp_path: Path, engine: DataEngine, digits: Document
) -> None:
    """An image of 8 by 8 is what 64 numbers in a row become, not they themselves."""
    digits.data = {**digits.data, "columns": {"row": {"steps": [{"step": "reshape", "shape": "8×8×1"}]}}}
    np.savez(tmp_path / "t.npz", row=np.zeros((9, 64)), other=np.zeros((9, 64)), digit=np.arange(9))
    fed_with(engine, digits, named_data(engine, tmp_path / "t.npz", (), tmp_path), tmp_path)
    assert bindings_of(digits.data)["image"] == ("row",)


def test_what_no_column_fits_is_told(
    tmp_path: Path, engine: DataEngine, digits: Document, capsys: pytest.CaptureFixture[str]
) -> None:
    np.savez(tmp_path / "t.npz", digit=np.arange(9), even=np.arange(9) % 2)
    fed_with(engine, digits, named_data(engine, tmp_path / "t.npz", (), tmp_path), tmp_path)
    assert "image" not in bindings_of(digits.data)
    assert "image is not bound." in capsys.readouterr().err


def test_an_option_needs_data(tmp_path: Path, digits: Document, capsys: pytest.CaptureFixture[str]) -> None:
    save(digits, tmp_path / "p.lamella")
    assert status(["train", str(tmp_path / "p.lamella"), "--option", "parts=apart"]) == 2
    assert "--data" in capsys.readouterr().err


def test_a_file_that_is_gone_is_told_before_anything_is_written(tmp_path: Path, engine: DataEngine) -> None:
    with pytest.raises(CommandError, match="is not there"):
        named_data(engine, tmp_path / "gone.csv", (), tmp_path)
