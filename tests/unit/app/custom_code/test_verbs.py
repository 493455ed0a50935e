"""Custom code on the command line: never without --trust-code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.custom_code.specs import layer_specs
from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import add_layer
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.custom_code import set_code_files
from graph_editor.document.files.file_format import save
from graph_editor.document.history import History
from resources.text import Text
from runtime.messages.custom_code import CodeObject, CodePort
from tests.support.verbs import lamella
from tests.unit.app.custom_code.code import LAYERS, LOSSES, leaves_a_mark, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The plain stack with a Scale of my_layers.py in it, and a loss and a metric of my_losses.py."""
    mark = tmp_path / "mark"
    write(tmp_path, "my_layers.py", LAYERS + leaves_a_mark(mark))
    write(tmp_path, "my_losses.py", LOSSES)
    document = next(template for template in TEMPLATES if template.key == "plain-stack").open()
    catalog, history = Catalog.load(), History(document, FOLLOW_UPS)
    scale = CodeObject("layer", "Scale", "my_layers", "my_layers>Scale", ports=(CodePort("inputs"),))
    catalog.set_custom(layer_specs([scale]))
    edge = next(edge for edge in document.graph.edges() if document.graph.operation_of(edge.target).name == "digit")
    config = {"name": "own_scale", "factor": 2.0, "activation": "linear", "steps": None}
    edits, _ = add_layer(document, "Scale", "my_layers", config, (0, 0), catalog, into=edge)
    history.do(Text("Add"), [*edits, *set_code_files(document, ["my_layers.py", "my_losses.py"])])
    trained = {
        "digit": {"loss": {"class_name": "Cubed", "config": {"power": 2}}, "metrics": ["biggest"], "weight": 1.0}
    }
    columns = {"image": {"shape": [8, 8, 1]}, "digit": {"shape": [10]}}
    source = {"kind": "random", "path": "", "options": {"samples": 64, "columns": columns}}
    inputs = [document.graph.operation_of(ref.call).name for ref in document.graph.input_refs()]
    document.data = {"sources": [source], "bindings": {inputs[0]: ["image"], "digit": ["digit"]}}
    document.training = {**document.training, "outputs": trained, "epochs": 1}
    path = tmp_path / "p.lamella"
    save(document, path)
    return path


@pytest.mark.parametrize("verb", [("check",), ("train",), ("export", "--to", "keras", "-o", "OUT")])
def test_without_consent_nothing_runs(project: Path, verb: tuple[str, ...]) -> None:
    rest = [str(project.parent / "out.keras") if item == "OUT" else item for item in verb[1:]]
    result = lamella(verb[0], project, *rest)
    assert result.returncode == 1
    sentence = "p.lamella has code of its own (my_layers.py, my_losses.py): look at it, and add --trust-code to run it."
    assert result.stderr.splitlines() == [f"lamella: {sentence}"]
    assert not (project.parent / "mark").exists()


def test_with_consent_the_project_is_checked_and_trained(project: Path) -> None:
    output = project.parent / "out.keras"
    result = lamella("train", project, "--trust-code", "--export", output, "--json")
    assert result.returncode == 0, result.stderr
    events = [json.loads(line) for line in result.stdout.splitlines()]
    logs = next(event for event in events if event["type"] == "EpochEnded")["logs"]
    assert {"loss", "biggest", "val_loss"} <= set(logs)
    assert output.is_file()
    assert (project.parent / "mark").exists()


def test_a_broken_file_is_one_sentence(project: Path) -> None:
    write(project.parent, "my_losses.py", "import keras\nkeras.no_such_thing\n")
    result = lamella("check", project, "--trust-code")
    assert result.returncode == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("lamella: my_losses.py, line 2: AttributeError: ")
