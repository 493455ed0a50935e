"""evaluate and predict: which model, what it is asked on, and what is refused before Keras starts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.cli.common import trained
from app.project.templates import template
from graph_editor.document.files.file_format import save
from resources.text import Text
from runtime.messages.connection import Failed
from runtime.messages.describing import DataRecognized, RecognizeData
from runtime.messages.devices import Devices, ListDevices
from runtime.messages.evaluating import Evaluate, Evaluated, EvaluationFile, Predict, Predicted
from runtime.messages.protocol import Answer, Request
from runtime.messages.views import Curve, Curves, Figure, Label, Matrix, Number, Numbers, OutputFigures, Table
from runtime.spec import CodeFile, DataSource, DataSpec
from runtime.store import BEST_FILE, MODEL_FILE, RunResult, RunStore, write_result
from tests.support.verbs import status
from tests.unit.runtime.training.test_store import SPEC


class Evaluator:
    """Keeps what it is asked, and answers as an evaluator does."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.refusal: Text | None = None

    def ask(self, message: Request) -> Answer:
        self.asked.append(message)
        match message:
            case RecognizeData():
                return DataRecognized(0, "table", Text("a table"), {"found": True})
            case ListDevices():
                return Devices(0, ())
            case Predict():
                return Predicted(0, message.path, 3, (Text("Something to know."),))
        assert isinstance(message, Evaluate)
        if self.refusal is not None:
            return Failed(0, self.refusal)
        numbers = Numbers((Number("accuracy", Label(text=Text("Accuracy")), 0.875, share=True),))
        curves = Curves(Label(text=Text("x")), Label("y"), (Curve(Label("ant"), (0.0,), (1.0,)),))
        figures: tuple[Figure, ...] = (
            Figure("class_numbers", "out", Text("In numbers"), numbers),
            Figure("roc", "out", Text("ROC"), curves),
        )
        table = Table((Label("class"), Label("F1")), (("ant", 0.5),), (1,))
        matrix = Matrix(("ant", "bee"), ((30, 2), (1, 1234)), (0, 1))
        figures += (
            Figure("per_class", "out", Text("By class"), table),
            Figure("confusion", "out", Text("Confusion matrix"), matrix),
        )
        output = OutputFigures("out", "my output", "classes", ("ant", "bee"), figures)
        metrics = {"loss": 0.25, "accuracy": None}
        file = EvaluationFile(
            message.trained, message.on, 0.0, 40, True, metrics, (output,), 1.5, (), "best.keras", "d.npz"
        )
        return Evaluated(0, "the folder", file)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Evaluator:
    found = Evaluator()

    @contextmanager
    def headless(role: str, _show: object) -> Iterator[Evaluator]:
        assert role == "evaluator"
        yield found

    monkeypatch.setattr(trained, "headless_engine", headless)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two runs: the first kept its best and its last weights, the second has own code."""
    path = tmp_path / "p.lamella"
    digits = template("digits")
    assert digits is not None
    save(digits.open(), path)
    store = RunStore(tmp_path / "p.runs")
    data = DataSpec((DataSource("table", str(tmp_path / "d.csv"), {"mine": 1}),), {}, None)
    for code, names in (((), (BEST_FILE, MODEL_FILE)), ((CodeFile("mine.py", "00"),), (MODEL_FILE,))):
        folder = store.new_run(msgspec.structs.replace(SPEC, data=data, custom_code=code), b"{}")
        for name in names:
            (folder / name).write_bytes(b"weights")
        write_result(folder, RunResult("completed", 3))
    return path


def test_the_best_weights_of_a_run_are_evaluated(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["evaluate", str(project), "--run", "1", "--batch-size", "16"]) == 0
    (message,) = engine.asked
    assert Path(message.trained.weights).name == BEST_FILE and message.trained.batch_size == 16
    assert message.on.part == "validation" and message.on.other is None
    out = capsys.readouterr().out
    assert "87.50%" in out and "0.25" in out and "my output" in out
    lines = [line.split() for line in out.splitlines()]
    assert ["ant", "50.0%"] in lines and ["bee", "1", "1,234"] in lines


def test_weights_may_be_a_file_and_runs_a_folder(project: Path, engine: Evaluator) -> None:
    weights = project.with_name("mine.keras")
    weights.write_bytes(b"weights")
    assert status(["evaluate", str(project.with_name("p.runs")), "--run", "1", "--weights", str(weights)]) == 0
    assert engine.asked[0].trained.weights == str(weights.absolute())
    assert status(["evaluate", str(project), "--run", "1", "--weights", "nothing.keras"]) == 2


def test_machines_get_figures_by_their_keys(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["evaluate", str(project), "--run", "1", "--weights", "last", "--on", "test", "--json"]) == 0
    assert Path(engine.asked[0].trained.weights).name == MODEL_FILE and engine.asked[0].on.part == "test"
    told = json.loads(capsys.readouterr().out)
    assert told["metrics"] == {"loss": 0.25, "accuracy": None} and told["folder"] == "the folder"
    (output,) = told["outputs"]
    assert output["numbers"] == {"accuracy": 0.875} and output["classes"] == ["ant", "bee"]
    assert output["figures"]["roc"]["x"] == "x" and output["figures"]["roc"]["curves"][0]["label"] == "ant"


def test_another_file_is_read_as_the_runs_own(project: Path, engine: Evaluator) -> None:
    other = project.with_name("other.csv")
    other.write_text("a,b\n1,2\n", "utf-8")
    assert status(["evaluate", str(project), "--run", "1", "--on", str(other)]) == 0
    (source,) = engine.asked[-1].on.other.sources
    assert source == DataSource("table", str(other.absolute()), {"mine": 1})


def test_own_code_is_agreed_to_for_one_call(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["evaluate", str(project)]) == 1  # the newest run has some
    assert "mine.py" in capsys.readouterr().err and not engine.asked
    assert status(["evaluate", str(project), "--trust-code"]) == 0
    assert engine.asked[0].trained.agreed == (CodeFile("mine.py", "00"),)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--run", "7"], 1, "There is no run 7."),
        (["--run", "1", "--weights", "12"], 1, "best, last are there"),
        (["--run", "1", "--weights", "worst"], 2, "best, last, the number of an epoch"),
        (["--run", "1", "--batch-size", "0"], 2, "--batch-size"),
        (["--run", "1", "--on", "nowhere.csv"], 1, "There is no file nowhere.csv."),
        (["--run", "1", "--device", "gpu:7"], 1, "This machine has no device gpu:7"),
        (["--run", "1", "--on", "//host/share/d.csv"], 1, "--network-files"),
    ],
)
def test_what_cannot_be_is_said(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert status(["evaluate", str(project), *words]) == code
    assert said in capsys.readouterr().err
    assert not any(isinstance(message, Evaluate) for message in engine.asked)


def test_a_refusal_of_the_evaluator_is_told(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.refusal = Text("The run has no test part.")
    assert status(["evaluate", str(project), "--run", "1"]) == 1
    assert "The run has no test part." in capsys.readouterr().err


def test_predictions_never_replace_what_is_there(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = project.with_name("other.csv"), project.with_name("out.csv")
    data.write_text("a,b\n1,2\n", "utf-8")
    words = ["predict", str(project), "--run", "1", "--data", str(data), "-o"]
    assert status([*words, str(out)]) == 0
    assert engine.asked[-1].path == str(out.absolute())
    assert "Something to know." in capsys.readouterr().err
    out.write_text("mine", "utf-8")
    assert status([*words, str(out)]) == 2
    assert status([*words, str(data), "--force"]) == 2  # what is read is never replaced
    assert status([*words, str(project.with_name("out.txt"))]) == 2
    assert len([message for message in engine.asked if isinstance(message, Predict)]) == 1
    capsys.readouterr()
    assert status([*words, str(out), "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(out.absolute()), "samples": 3, "notes": ["Something to know."],
    }  # fmt: skip


def test_an_older_run_is_not_taken_for_the_newest_without_a_word(
    project: Path, engine: Evaluator, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = RunStore(project.with_name("p.runs"))
    for run in runs.all_runs()[1:]:
        for weights in (BEST_FILE, MODEL_FILE):
            (run.folder / weights).unlink(missing_ok=True)
    assert status(["evaluate", str(project)]) == 0
    told = capsys.readouterr()
    assert "Run 1 is taken: later ones (2) have no weights." in told.err
    assert told.out.startswith("Run 1, best.keras, on 40 samples of d.npz\n")
    assert status(["evaluate", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"] == 1
