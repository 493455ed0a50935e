"""A box has a title in any script beside a name that Keras can run, and names of files that it cannot are mended."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from graph_editor.document.changes import commands
from graph_editor.document.changes.copying import duplicate
from graph_editor.document.changes.dissolving import dissolve
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.changes.grouping import group
from graph_editor.document.changes.replacing import replace_layers
from graph_editor.document.checking.finding import find
from graph_editor.document.checking.validation import NAME, NO_NAME, Problem, problems
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import dumps, loads
from graph_editor.document.graph import Operation, TensorRef
from graph_editor.document.history import History
from graph_editor.document.titles import titles_of, with_titles
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import from_model_json
from resources.keras_names import is_layer_name, is_model_name
from resources.text import Text
from tests.unit.graph_editor.document.test_commands import CATALOG, Desk

Json = dict[str, Any]


@pytest.fixture
def desk() -> Desk:
    """An Input and two Dense layers, of which the second, c3, is the output, bound and trained."""
    desk = Desk()
    out = desk.add("Dense", desk.add("Dense", desk.add("InputLayer")))
    desk.history.do("output", commands.set_output(desk.document, TensorRef(out), True))
    data = {"bindings": {"input": ["x"], "dense_1": ["y"]}}
    desk.history.do("data", commands.set_data(desk.document, data))
    training = {"outputs": {"dense_1": {"loss": "mse"}}, "initial_weights": "w.h5"}
    desk.history.do("training", commands.set_training(desk.document, training))
    return desk


def rename(desk: Desk, call: str, name: str) -> Operation:
    operation = desk.document.operation_of(call)
    desk.history.do("rename", commands.rename(desk.document, operation.id, name))
    return desk.document.operation_of(call)


def test_what_keras_cannot_take_becomes_the_title_of_a_layer_with_a_name_made_of_it(desk: Desk) -> None:
    before = dumps(desk.document)
    renamed = rename(desk, "c3", "출력 층")
    assert (renamed.name, renamed.title, renamed.shown_name) == ("chullyeok_cheung", "출력 층", "출력 층")
    assert desk.document.data["bindings"] == {"input": ["x"], "chullyeok_cheung": ["y"]}
    assert desk.document.training["outputs"] == {"chullyeok_cheung": {"loss": "mse"}}
    desk.history.undo()
    assert dumps(desk.document) == before


def test_a_name_that_keras_takes_is_the_name_and_there_is_no_title(desk: Desk) -> None:
    rename(desk, "c3", "출력")
    renamed = rename(desk, "c3", "head")
    assert (renamed.name, renamed.title) == ("head", "")
    rename(desk, "c3", "출력")
    again = rename(desk, "c3", "chullyeok")  # what Keras calls it already
    assert (again.name, again.title) == ("chullyeok", "")


def test_names_made_of_titles_are_unique_and_so_are_titles(desk: Desk) -> None:
    assert rename(desk, "c2", "🚀").name == "dense"
    assert rename(desk, "c3", "🚀🚀").name == "dense_1"
    assert rename(desk, "c2", "a b").name == "a_b"
    assert rename(desk, "c3", "a+b").name == "a_b_1"
    for taken in ("a b", "a_b"):
        with pytest.raises(EditError):
            rename(desk, "c3", taken)
    assert rename(desk, "c3", "conv/bn").name == "conv_bn"


def test_the_name_in_keras_is_changed_apart_from_the_title(desk: Desk) -> None:
    operation = rename(desk, "c3", "출력").id
    desk.history.do("keras", commands.rename_for_keras(desk.document, operation, "head"))
    assert (desk.name("c3"), desk.document.operation_of("c3").title) == ("head", "출력")
    for bad in ("출력", "a b", "", "dense", "a/b"):
        with pytest.raises(EditError):
            desk.history.do("keras", commands.rename_for_keras(desk.document, operation, bad))


def test_a_model_has_a_title_as_well(desk: Desk) -> None:
    desk.history.do("rename", commands.rename_model(desk.document, "손글씨 분류"))
    assert (desk.document.name, desk.document.shown_name) == ("songeulssi_bullyu", "손글씨 분류")
    desk.history.do("keras", commands.rename_model_for_keras(desk.document, "digits"))
    assert (desk.document.name, desk.document.shown_name) == ("digits", "손글씨 분류")
    with pytest.raises(EditError):
        desk.history.do("keras", commands.rename_model_for_keras(desk.document, "_digits"))
    desk.history.do("rename", commands.rename_model(desk.document, "_x"))
    assert (desk.document.name, desk.document.graph.title) == ("x", "_x")
    with pytest.raises(EditError):
        desk.history.do("rename", commands.rename_model(desk.document, " "))


def test_files_hold_titles_as_plain_text_and_keep_what_is_none(desk: Desk) -> None:
    plain = dumps(desk.document)
    assert b'"title"' not in plain
    rename(desk, "c3", "출력")
    desk.history.do("rename", commands.rename_model(desk.document, "분류"))
    written = dumps(desk.document)
    assert '"title": "출력"'.encode() in written
    read = loads(written)
    assert titles_of(read) == {"chullyeok": "출력"} and read.shown_name == "분류"
    assert dumps(read) == written
    content = json.loads(written)
    operation = next(item for item in content["graph"]["operations"].values() if "title" in item)
    for odd in (3, "", " ", None, ["a"]):
        operation["title"] = content["graph"]["title"] = odd
        kept = loads(json.dumps(content).encode())
        assert not titles_of(kept) and not kept.graph.title
        History(kept, FOLLOW_UPS).do("edit", commands.set_data(kept, {}))
        again = json.loads(dumps(kept))["graph"]
        assert again["title"] == odd and odd in [item.get("title", "-") for item in again["operations"].values()]


def test_keras_is_told_names_and_never_titles(desk: Desk) -> None:
    untitled = json.dumps(model_json(desk.document)).replace("dense_1", "chullyeok").replace('"m"', '"bullyu"')
    rename(desk, "c3", "출력")
    desk.history.do("rename", commands.rename_model(desk.document, "분류"))
    assert json.dumps(model_json(desk.document)) == untitled


def test_copies_have_names_and_titles_of_their_own(desk: Desk) -> None:
    rename(desk, "c2", "은닉")
    edits, copies = duplicate(desk.document, ["c2"], (10, 10))
    desk.history.do("copy", edits)
    text = copied_text(desk.document, ["c2"], {"c2": (0, 0)})
    pasted_edits, pasted = paste(desk.document, ROOT, read_clip(text), (0, 0), (180, 60))
    desk.history.do("paste", pasted_edits)
    made = [desk.document.operation_of(call) for call in ("c2", *copies, *pasted)]
    assert [item.name for item in made] == ["eunnik", "eunnik_1", "eunnik_2"]
    assert [item.title for item in made] == ["은닉", "은닉 2", "은닉 3"]


def test_names_that_come_with_copies_are_made_safe(desk: Desk) -> None:
    old = with_names(desk, {"c2": "은닉 층"})
    text = copied_text(old, ["c1", "c2"], {"c1": (0, 0), "c2": (0, 80)})
    target = Desk()
    edits, pasted = paste(target.document, ROOT, read_clip(text), (0, 0), (180, 60))
    target.history.do("paste", edits)
    assert {(target.name(call), target.document.operation_of(call).title) for call in pasted} == {
        ("input", ""), ("eunnik_cheung", "은닉 층"),
    }  # fmt: skip


def test_titles_stay_through_grouping_dissolving_and_another_class(desk: Desk) -> None:
    rename(desk, "c2", "은닉")
    spec = CATALOG.layer("Conv1D")
    assert spec is not None
    edits, box = group(desk.document, ["c2"], CATALOG, lambda _ref: ((None, 4), "float32"), "작은 모델")
    desk.history.do("group", edits)
    model = desk.document.operation_of(box)
    assert (model.name, model.title) == ("jageun_model", "작은 모델")
    edits, calls = dissolve(desk.document, box)
    desk.history.do("dissolve", edits)
    assert desk.document.operation_of(calls[0]).title == "은닉"
    desk.history.do("replace", replace_layers(desk.document, calls, spec, CATALOG))
    assert desk.document.operation_of(calls[0]).title == "은닉"


def test_boxes_are_found_by_title_and_by_name(desk: Desk) -> None:
    rename(desk, "c3", "출력 층")
    assert find(desk.document, "출력", {}) == find(desk.document, "chullyeok", {}) == ["c3"]


def test_sentences_from_where_only_names_are_known_call_layers_as_people_do() -> None:
    text = Text(
        "In {model}: {reason}",
        {"model": "a", "reason": Text("The input {name} is {count}.", {"name": "b", "count": 3})},
    )
    titled = with_titles(text, {"a": "가", "b": "나"})
    assert str(titled) == "In 가: The input 나 is 3."
    assert with_titles(text, {}) is text


# Files that hold names that Keras cannot run


def with_names(desk: Desk, names: Mapping[str, str], graph: str = "", title: str = "") -> Document:
    """The desk's project as a file with other names, as an older Lamella let them be given."""
    content = json.loads(dumps(desk.document))
    calls = content["graph"]["calls"]
    text = json.dumps(content)
    for call, name in names.items():
        old = content["graph"]["operations"][calls[call]["operation"]]["config"]["name"]
        text = text.replace(f'"{old}"', json.dumps(name))
    content = json.loads(text)
    content["graph"]["name"] = graph or content["graph"]["name"]
    return loads(json.dumps(content).encode())


def of_names(document: Document) -> list[Problem]:
    return [problem for problem in problems(document, CATALOG) if problem.kind in (NAME, NO_NAME)]


@pytest.mark.parametrize("name", ["은닉층", "a b", "ü", "a+b", "🚀", "x:0", "a\n", "\\x", "conv/bn"])
def test_one_click_mends_all_names_and_what_goes_by_them_follows(desk: Desk, name: str) -> None:
    document = with_names(desk, {"c2": name, "c3": f"{name}2"}, graph=f"{name}m")
    history, before = History(document, FOLLOW_UPS), dumps(document)
    found = of_names(document)
    assert [problem.call for problem in found] == [None, "c2", "c3"] and all(problem.is_error for problem in found)
    mend = found[1].mend
    assert mend is not None and all(problem.mend == mend for problem in found)
    history.do(mend.text, mend.edits)
    assert of_names(document) == []
    hidden, out = document.operation_of("c2"), document.operation_of("c3")
    assert (hidden.title, out.title, document.graph.title) == (name, f"{name}2", f"{name}m")
    assert is_layer_name(hidden.name) and is_layer_name(out.name) and is_model_name(document.name)
    assert document.data["bindings"] == {"input": ["x"], out.name: ["y"]}
    assert document.training["outputs"] == {out.name: {"loss": "mse"}}
    assert document.training["initial_weights_names"] == {hidden.name: name, out.name: f"{name}2"}
    history.undo()
    assert dumps(document) == before


def test_inputs_and_functions_keep_names_that_keras_runs(desk: Desk) -> None:
    assert of_names(with_names(desk, {"c1": "입력 1"})) == []
    refused = of_names(with_names(desk, {"c1": "in/put"}))
    assert [problem.kind for problem in refused] == [NO_NAME]


def test_a_frozen_layer_stays_frozen_and_unedited_files_keep_every_byte(desk: Desk) -> None:
    desk.history.do(
        "freeze", commands.set_parameter(desk.document, desk.document.operation_of("c2").id, "trainable", False)
    )
    document = with_names(desk, {"c2": "은닉"})
    source = document.source
    assert source is not None and dumps(document) == source[0]
    mend = of_names(document)[0].mend
    assert mend is not None
    History(document, FOLLOW_UPS).do(mend.text, mend.edits)
    assert not document.operation_of("c2").trainable


def layer(class_name: str, name: str, **config: Any) -> Json:
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": None,
    }


def keras_tensor(name: str) -> Json:
    return {
        "class_name": "__keras_tensor__",
        "config": {"shape": [None, 3], "dtype": "float32", "keras_history": [name, 0, 0]},
    }


def node(*names: str) -> list[Json]:
    return [{"args": [keras_tensor(name) for name in names], "kwargs": {}}]


def functional(name: str, *layers: Json) -> Json:
    first, last = layers[0]["name"], layers[-1]["name"]
    config = {
        "name": name,
        "trainable": True,
        "layers": list(layers),
        "input_layers": [[first, 0, 0]],
        "output_layers": [[last, 1 if layers[-1]["class_name"] == "Functional" else 0, 0]],
    }
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
    }


def entry(serialised: Json, inbound: list[Json]) -> Json:
    return {**serialised, "name": serialised["config"]["name"], "inbound_nodes": inbound}


def test_names_inside_wrappers_are_mended_with_what_points_to_them() -> None:
    inside = functional(
        "안 모델",
        entry(layer("InputLayer", "in put", batch_shape=[None, 3], dtype="float32"), []),
        entry(layer("Dense", "층", units=3), node("in put")),
        entry(layer("Dense", "cheung", units=3), node("층")),
    )
    outer = functional(
        "m",
        entry(layer("InputLayer", "x", batch_shape=[None, 2, 3], dtype="float32"), []),
        entry(layer("TimeDistributed", "wrapped", layer=inside), node("x")),
        entry(
            layer("Bidirectional", "both", layer=layer("RNN", "셀 층", cell=layer("LSTMCell", "셀", units=2))),
            node("wrapped"),
        ),
    )
    document = from_model_json(outer)
    assert model_json(document) == outer  # read and written with every bit
    found = of_names(document)
    assert [document.operation_of(str(problem.call)).name for problem in found] == ["wrapped", "both"]
    assert found[0].mend is not None
    History(document, FOLLOW_UPS).do("mend", found[0].mend.edits)
    assert of_names(document) == []
    layers = {item["name"]: item["config"] for item in model_json(document)["config"]["layers"]}
    mended = layers["wrapped"]["layer"]["config"]
    assert mended["name"] == "an_model"
    assert [item["name"] for item in mended["layers"]] == ["in put", "cheung_1", "cheung"]
    assert [item["config"]["name"] for item in mended["layers"]] == ["in put", "cheung_1", "cheung"]
    assert mended["layers"][2]["inbound_nodes"][0]["args"][0]["config"]["keras_history"] == ["cheung_1", 0, 0]
    assert mended["input_layers"] == [["in put", 0, 0]] and mended["output_layers"] == [["cheung", 0, 0]]
    recurrent = layers["both"]["layer"]["config"]
    assert (recurrent["name"], recurrent["cell"]["config"]["name"]) == ("sel_cheung", "sel")


def test_layers_of_nested_models_are_mended_where_they_lie() -> None:
    inner = functional(
        "n",
        entry(layer("InputLayer", "a", batch_shape=[None, 3], dtype="float32"), []),
        entry(layer("Dense", "안", units=3), node("a")),
    )
    outer = functional(
        "m", entry(layer("InputLayer", "x", batch_shape=[None, 3], dtype="float32"), []), entry(inner, node("x"))
    )
    document = from_model_json(outer)
    assert model_json(document) == outer
    found = of_names(document)
    assert len(found) == 1 and found[0].mend is not None
    History(document, FOLLOW_UPS).do("mend", found[0].mend.edits)
    written = model_json(document)["config"]["layers"][1]["config"]
    assert [item["name"] for item in written["layers"]] == ["a", "an"] and written["output_layers"] == [["an", 0, 0]]


def test_weights_follow_every_rename_and_a_choice_of_others_forgets_that(desk: Desk) -> None:
    rename(desk, "c2", "first")
    assert desk.document.training["initial_weights_names"] == {"first": "dense"}
    rename(desk, "c2", "second")
    assert desk.document.training["initial_weights_names"] == {"second": "dense"}
    rename(desk, "c2", "dense")
    assert "initial_weights_names" not in desk.document.training
