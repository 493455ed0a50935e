"""The verbs say what is left out of a model, and train, export and draw the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.verbs import lamella
from tests.unit.app.cli.test_verbs import changed


@pytest.fixture
def two_heads(tmp_path: Path) -> Path:
    """The template with two outputs, one of them muted, and a layer that is bypassed."""
    path = tmp_path / "p.lamella"
    assert lamella("new", "--template", "digits", "-o", path).returncode == 0

    def change(content: dict[str, Any]) -> None:
        graph = content["graph"]
        names = {key: operation["config"]["name"] for key, operation in graph["operations"].items()}
        modes = {"is_even": "muted", "norm": "bypassed"}
        for call in graph["calls"].values():
            if names[call["operation"]] in modes:
                call["mode"] = modes[names[call["operation"]]]

    return changed(path, change)


def test_check_says_what_is_left_out(two_heads: Path) -> None:
    said = lamella("check", two_heads)
    assert said.returncode == 0, said.stderr
    assert "2 boxes are left out (1 bypassed, 1 muted)" in said.stdout
    assert "상자 2개가 모델에서 빠집니다" in lamella("check", two_heads, language="ko_KR.UTF-8").stdout
    answer = json.loads(lamella("check", two_heads, "--json").stdout)
    calls = {call["layer"]: call for call in answer["calls"]}
    assert answer["left_out"] == 2 and answer["problems"] == []
    assert (calls["norm"]["left_out"], calls["norm"]["parameters"]) == ("bypassed", 0)
    assert calls["norm"]["outputs"] == calls["mix_3x3"]["outputs"]
    assert (calls["is_even"]["left_out"], calls["is_even"]["outputs"]) == ("muted", [])
    assert answer["parameters"]["total"] == sum(call["parameters"] or 0 for call in calls.values())
    assert answer["parameters"]["state"] == 0  # the moving means of the layer that is bypassed


def test_a_model_without_its_muted_head_is_trained_and_exported(two_heads: Path, tmp_path: Path) -> None:
    before, model = two_heads.read_bytes(), tmp_path / "out.keras"
    trained = lamella("train", two_heads, "--epochs", "1", "--json", "--export", model)
    assert trained.returncode == 0, trained.stderr
    assert "2 boxes are left out" in trained.stderr
    assert "accuracy" in trained.stdout and "is_even" not in trained.stdout
    run = next((two_heads.with_name("p.runs")).iterdir())
    assert b'"mode": "muted"' in (run / "project.lamella").read_bytes()
    assert two_heads.read_bytes() == before
    exported = lamella("export", two_heads, "--to", "json", "-o", tmp_path / "m.json")
    assert exported.returncode == 0 and "2 boxes are left out" in exported.stderr, exported.stderr
    layers = {layer["name"] for layer in json.loads((tmp_path / "m.json").read_text())["config"]["layers"]}
    assert "digit" in layers and not {"norm", "is_even"} & layers
    assert model.exists()
    source = lamella("export", two_heads, "--to", "python", "-o", tmp_path / "m.py")
    assert source.returncode == 0 and "is_even" not in (tmp_path / "m.py").read_text()
    picture = lamella("export", two_heads, "--to", "svg", "-o", tmp_path / "m.svg")
    assert picture.returncode == 0 and "bypassed" in (tmp_path / "m.svg").read_text()
