"""The verbs as people and machines call them: exit status, output, and the files they leave."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from resources.text import LANGUAGES
from tests.support.verbs import lamella


@pytest.fixture(scope="module")
def plain_stack(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("new") / "p.lamella"
    assert lamella("new", "--template", "plain-stack", "-o", path).returncode == 0
    return path.read_bytes()


@pytest.fixture
def project(plain_stack: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "p.lamella"
    path.write_bytes(plain_stack)
    return path


def changed(path: Path, change: Any) -> Path:
    """The project with its JSON changed in place by ``change``."""
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_templates_are_listed_in_both_languages() -> None:
    assert set(LANGUAGES) == {"en", "ko"}
    english, korean = lamella("templates"), lamella("templates", language="ko_KR.UTF-8")
    assert "Burger review" in english.stdout
    assert "버거 리뷰" in korean.stdout
    names = [item["name"] for item in json.loads(lamella("templates", "--json").stdout)]
    assert names == [
        "digits",
        "leaves",
        "sentences",
        "burger-review",
        "residual-block",
        "siamese",
        "plain-stack",
        "houses",
        "leaf-outlines",
        "sentences-transformer",
    ]


def test_usage_errors_are_two() -> None:
    assert lamella("new").returncode == 2
    assert lamella("--nonsense").returncode == 2
    assert lamella("trian").returncode == 2  # a misspelt verb is no project to open
    assert lamella("train", "p.lamella", "--epochs", "0").returncode == 2
    assert lamella("new", "--template", "no-such", "-o", "x").returncode == 2


def test_new_does_not_replace_what_is_there(project: Path) -> None:
    again = lamella("new", "--template", "digits", "-o", project)
    assert again.returncode == 2
    assert "already there" in again.stderr


def test_check_tells_shapes_and_counts(project: Path) -> None:
    result = lamella("check", project, "--json", cold=True)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert answer["problems"] == []
    assert answer["parameters"] == {"total": 4810, "trainable": 4810, "frozen": 0, "state": 0}
    assert answer["estimates"]["flops"] == sum(call["flops"] for call in answer["calls"])
    assert answer["estimates"]["optimizer"] == 2 * 4 * 4810  # of Adam
    digit = answer["calls"][-1]
    assert (digit["layer"], digit["outputs"]) == ("digit", [{"shape": [None, 10], "dtype": "float32"}])


def test_check_names_every_problem_with_its_box(project: Path) -> None:
    def damage(content: dict[str, Any]) -> None:
        operations = content["graph"]["operations"]
        layer = {operation["config"]["name"]: operation for operation in operations.values()}
        layer["digit"]["config"]["units"] = 5  # the labels go up to 9
        layer["dropout"]["config"]["rate"] = 7  # a share, so at most 1
        content["data"]["bindings"]["image"] = ["no_such_column"]

    result = lamella("check", changed(project, damage), "--json")
    assert result.returncode == 1
    problems = {problem["layer"]: problem["text"] for problem in json.loads(result.stdout)["problems"]}
    assert "rate" in problems["dropout"]
    assert "no_such_column" in problems["image"]
    assert not any("\n" in text for text in problems.values())


def test_a_label_out_of_range_is_named(project: Path) -> None:
    def shrink(content: dict[str, Any]) -> None:
        for operation in content["graph"]["operations"].values():
            if operation["config"]["name"] == "digit":
                operation["config"]["units"] = 5

    result = lamella("check", changed(project, shrink), "--json")
    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["layer"] == "digit"
    assert "classes 0 to 4" in problem["text"]
    training = lamella("train", project)
    assert training.returncode == 1
    assert "digit" in training.stderr
    assert "Traceback" not in training.stderr


def test_bad_files_are_one_sentence(tmp_path: Path, project: Path) -> None:
    torn = tmp_path / "torn.lamella"
    torn.write_bytes(project.read_bytes()[:500])
    for verb in (["check"], ["train"], ["export", "--to", "json", "-o", str(tmp_path / "x.json")]):
        result = lamella(verb[0], torn, *verb[1:])
        assert result.returncode == 1
        assert "torn.lamella" in result.stderr
        assert "Traceback" not in result.stderr
    machine = json.loads(lamella("check", torn, "--json").stdout)
    assert [problem["kind"] for problem in machine["problems"]] == ["file"]
    gone = lamella("check", tmp_path / "gone.lamella")
    assert (gone.returncode, "gone.lamella" in gone.stderr) == (1, True)
    assert lamella("runs", tmp_path / "nowhere").returncode == 1


def test_train_export_and_runs(project: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.keras"
    result = lamella(
        "train", project, "--epochs", "2", "--batch-size", "128", "--seed", "7", "--export", model, "--json"
    )
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    kinds = [event["type"] for event in events]
    assert kinds[0] == "RunStarted"
    assert kinds[-1] == "RunEnded"
    assert [event["epoch"] for event in events if event["type"] == "EpochEnded"] == [0, 1]
    steps = sum(len(event["values"]) for event in events if event["type"] == "Steps")
    assert steps == 2 * -(-1437 // 128)
    assert model.stat().st_size > 10_000
    (run,) = json.loads(lamella("runs", project, "--json").stdout)
    assert (run["number"], run["status"], run["epochs_done"]) == (1, "completed", 2)
    listed = lamella("runs", project).stdout.splitlines()
    assert listed[0].split() == ["Run", "Name", "Started", "Status", "Epochs", "Best"]
    assert f"val_loss {run['best']['val_loss']:.3f}" in listed[1] and "finished" in listed[1]
    weights = tmp_path / "w.weights.h5"
    export = lamella("export", project, "--to", "weights", "--run", "1", "-o", weights, cold=True)
    assert export.returncode == 0, export.stderr
    assert weights.exists()
    best = lamella("export", project, "--to", "weights", "--run", "1", "--best", "-o", tmp_path / "b.weights.h5")
    assert (best.returncode, "kept no weights of its best epoch" in best.stderr) == (1, True)
    shutil.copyfile(model, Path(run["folder"]) / "best.keras")
    best = lamella("export", project, "--to", "weights", "--run", "1", "--best", "-o", tmp_path / "b.weights.h5")
    assert (best.returncode, (tmp_path / "b.weights.h5").exists()) == (0, True), best.stderr
    alone = lamella("export", project, "--to", "weights", "--best", "-o", tmp_path / "c.weights.h5")
    assert (alone.returncode, "--best belongs to --run" in alone.stderr) == (2, True)


def test_a_device_that_is_not_there_is_named(project: Path) -> None:
    result = lamella("train", project, "--device", "gpu:7")
    assert result.returncode == 1
    assert "This machine has no device gpu:7" in result.stderr
    assert "Traceback" not in result.stderr
    assert not project.with_name("p.runs").exists()
    assert lamella("train", project, "--device", "gpu7").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_control_c_stops_gracefully_and_keeps_the_model(project: Path) -> None:
    command = [sys.executable, "-m", "app", "train", str(project), "--epochs", "100000"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if " 1/100000" in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(240) == 0, rest
    (run,) = json.loads(lamella("runs", project, "--json").stdout)
    assert run["status"] == "stopped"
    assert Path(run["model"]).exists()
