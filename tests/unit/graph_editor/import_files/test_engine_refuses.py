"""What a hostile file makes the engine do: answer with a sentence or a number, quickly, and run nothing."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from app.project.project_questions import infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.keras_format.files.opening import open_model
from runtime.clients.engine import Engine
from runtime.messages.inference import CallResult, Inferred
from tests.unit.graph_editor.import_files.models import Json, layer, model
from tests.unit.graph_editor.import_files.test_hostile import importer, sentinel_lambda

HUGE = 10**12


def worker_memory() -> int:
    """Peak of the largest child: the engine's worker."""
    children = psutil.Process().children(recursive=True)
    return max(child.memory_info().rss for child in children)


def asked(engine: Engine, folder: Path, config: Json) -> dict[str, CallResult]:
    """By layer name; fails when it takes much memory, or longer than anybody waits."""
    path = folder / "model.json"
    path.write_text(json.dumps(config), "utf-8")
    catalog = Catalog.load()
    document = open_model(path, catalog).document
    question = infer_question(document, catalog)
    engine.ask(infer_question(document, catalog), timeout=300)  # imports and caches
    before = worker_memory()
    answer = engine.ask(question, timeout=300)
    assert isinstance(answer, Inferred), answer
    assert worker_memory() - before < 500 * 2**20
    return {document.operation_of(result.id).name: result for result in answer.results}


@pytest.mark.parametrize(
    "box",
    [
        layer("box", "Dense", "x", units=HUGE),
        layer("box", "Embedding", "x", input_dim=HUGE, output_dim=HUGE),
        layer("box", "RepeatVector", "x", n=HUGE),
        layer("box", "Reshape", "x", target_shape=[HUGE, HUGE]),
    ],
)
def test_huge_shapes_are_a_number_or_a_sentence(engine: Engine, tmp_path: Path, box: Json) -> None:
    result = asked(engine, tmp_path, model(box))["box"]
    assert result.error is not None or result.outputs
    if result.error is not None:
        assert "box" in str(result.error)
        assert "\n" not in str(result.error)
    elif box["class_name"] == "Dense":
        assert result.parameters == 5 * HUGE


def test_an_input_that_no_number_counts_is_a_sentence(engine: Engine, tmp_path: Path) -> None:
    config = model(layer("box", "Conv1D", "x", filters=HUGE, kernel_size=3))
    config["config"]["layers"][0]["config"]["batch_shape"] = [None, HUGE, HUGE]
    answers = asked(engine, tmp_path, config)
    assert "more numbers than can be counted" in str(answers["x"].error)
    assert answers["box"].blocked


def test_code_in_boxes_stays_asleep(engine: Engine, tmp_path: Path) -> None:
    sentinel = tmp_path / "sentinel"
    foreign = layer("foreign", "Evil", "x", module=importer(sentinel))
    config = model(sentinel_lambda(sentinel), foreign, layer("after", "Dense", "evil", units=3))
    answers = asked(engine, tmp_path, config)
    assert "can run code" in str(answers["evil"].error)
    assert "not part of Keras" in str(answers["foreign"].error)
    assert answers["after"].blocked
    assert not sentinel.exists()
