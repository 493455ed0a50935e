"""A layer that stands in several places is one: counted once, one set of weights, the same outputs, in and out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.project.project_questions import built_results, infer_question
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.commands import set_parameter
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.shared_layers import mark_of, other_places
from graph_editor.document.document import Document
from graph_editor.document.edits import EditError, ReplaceOperation
from graph_editor.document.history import History
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from resources.shared_layers import found_again, ids_in, layers_in, shared_id
from runtime.clients.engine import Engine
from runtime.messages.connection import Failed
from runtime.messages.exporting import Export, Exported
from runtime.messages.inference import Inferred
from tests.support.fresh_python import answer_of
from tests.unit.runtime.asking import SECONDS

TRUTH = "tests.unit.runtime.fidelity.shared_truth"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of plain Keras, and what was written of them."""
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(scope="module")
def counts(folder: Path) -> dict[str, int]:
    return answer_of("-m", TRUTH, folder)


@pytest.fixture(scope="module")
def documents(folder: Path, counts: dict[str, int]) -> dict[str, Document]:
    catalog = Catalog.load()
    return {name: open_model(folder / f"{name}.keras", catalog).document for name in counts}


def test_what_is_written_is_for_plain_keras_what_it_was(
    engine: Engine, folder: Path, counts: dict[str, int], documents: dict[str, Document]
) -> None:
    """Of most of these files plain Keras cannot read what it wrote itself."""
    for name, document in documents.items():
        request = Export(
            0, model_json(document), "keras", str(folder / f"{name}.out.keras"), None, str(folder / f"{name}.keras")
        )
        answer = engine.ask(request, SECONDS)
        assert isinstance(answer, Exported), (name, answer)
        assert "layers come from" in str(answer.checks[0]), name  # and not "new"
        again = open_model(folder / f"{name}.out.keras", Catalog.load()).document
        assert sorted(ids_in(model_json(again)).values()) == sorted(ids_in(model_json(document)).values()), name
    assert answer_of("-m", TRUTH, folder, "read") == {name: [count, True, True] for name, count in counts.items()}


def test_each_is_counted_once(engine: Engine, counts: dict[str, int], documents: dict[str, Document]) -> None:
    for name, document in documents.items():
        answer = engine.ask(infer_question(document, Catalog.load()), SECONDS)
        assert isinstance(answer, Inferred)
        results = built_results({result.id: result for result in answer.results}, document, Catalog.load())
        assert sum(result.parameters for result in results) == counts[name], name


@pytest.mark.parametrize("kind", ["json", "weights"])
def test_json_and_weights_keep_it(engine: Engine, tmp_path: Path, documents: dict[str, Document], kind: str) -> None:
    for name in ("two_wrappers", "graph_then_direct_twice"):
        path = tmp_path / f"m.{kind}"
        assert isinstance(engine.ask(Export(0, model_json(documents[name]), kind, str(path)), SECONDS), Exported)


@pytest.mark.parametrize(("name", "note"), [("two_wrappers", "makes copies"), ("two_graphs", "itself cannot read")])
def test_what_keras_makes_of_the_json_is_told(
    engine: Engine, tmp_path: Path, documents: dict[str, Document], name: str, note: str
) -> None:
    answer = engine.ask(Export(0, model_json(documents[name]), "json", str(tmp_path / "m.json")), SECONDS)
    assert isinstance(answer, Exported)
    assert note in str(answer.checks[-1])


def test_an_h5_file_says_that_it_cannot_hold_it(engine: Engine, tmp_path: Path, documents: dict[str, Document]) -> None:
    request = Export(0, model_json(documents["direct_then_wrapper"]), "h5", str(tmp_path / "m.h5"))
    answer = engine.ask(request, SECONDS)
    assert isinstance(answer, Failed)
    assert "shared" in str(answer.error)
    assert not list(tmp_path.iterdir())


def test_an_edit_in_one_place_is_one_in_all(documents: dict[str, Document]) -> None:
    for name in ("direct_then_wrapper", "wrapper_then_direct", "direct_then_stack", "two_graphs"):
        document = from_model_json(model_json(documents[name]))
        history = History(document, FOLLOW_UPS)
        operation = next(
            operation
            for graph in document.graphs.values()
            for operation in graph.operations.values()
            if mark_of(operation) is not None and "use_bias" in operation.config
        )
        assert other_places(document, operation), name
        before = model_json(document)
        history.do("edit", set_parameter(document, operation.id, "use_bias", False))
        mark = mark_of(operation)
        values = [e["config"]["use_bias"] for e in layers_in(model_json(document)) if shared_id(e) == mark]
        assert values == [False] * ids_in(before)[mark or 0], name
        history.undo()
        assert model_json(document) == before


def test_an_edit_inside_a_wrapper_is_one_in_all(documents: dict[str, Document]) -> None:
    document = from_model_json(model_json(documents["wrapper_then_direct"]))
    wrapper = document.graph.operation_named("wrapper")
    assert wrapper is not None
    inner = {**wrapper.config["layer"], "config": {**wrapper.config["layer"]["config"], "activation": "relu"}}
    History(document, FOLLOW_UPS).do("edit", set_parameter(document, wrapper.id, "layer", inner))
    shared = document.graph.operation_named("shared")
    assert shared is not None
    assert shared.config["activation"] == "relu"


def test_a_name_that_is_taken_in_another_place_is_refused(documents: dict[str, Document]) -> None:
    document = from_model_json(model_json(documents["direct_then_stack"]))
    inner = next(g for g in document.graphs.values() if g is not document.graph)
    operation = next(op for op in inner.operations.values() if op.name == "shared")
    before = model_json(document)
    edit = ReplaceOperation(replace(operation, config={**operation.config, "name": "given"}))
    with pytest.raises(EditError, match="already called given"):
        History(document, FOLLOW_UPS).do("rename", [edit])
    assert model_json(document) == before


def test_copies_share_among_themselves_alone(documents: dict[str, Document]) -> None:
    document = from_model_json(model_json(documents["direct_then_wrapper"]))
    graph = document.graph
    boxes = [call for call in graph.calls if graph.operation_of(call).name in ("shared", "wrapper")]
    History(document, FOLLOW_UPS).do("copy", duplicate(document, boxes, (50, 50))[0])
    marks = ids_in(
        [
            {**op.extra, "class_name": op.class_name, "module": op.module, "config": op.config}
            for op in graph.operations.values()
        ]
    )
    assert sorted(marks.values()) == [2, 2]
    alone = next(call for call in graph.calls if graph.operation_of(call).name == "wrapper")
    History(document, FOLLOW_UPS).do("copy", duplicate(document, [alone], (90, 90))[0])
    copy = list(graph.operations.values())[-1]
    assert not other_places(document, copy)


def test_a_file_without_a_first_mark_has_two_layers_when_they_differ() -> None:
    """Only what is the same in everything can be the place whose mark was lost."""
    entry = {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "trainable": True, "units": 3}}
    first = {**entry, "config": {**entry["config"], "units": 4}}  # type: ignore[dict-item]

    model = {"layers": [first, {**entry, "shared_object_id": 7}]}
    assert found_again(model) == model
