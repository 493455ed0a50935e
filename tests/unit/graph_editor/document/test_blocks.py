"""Blocks: what a file holds, what is refused, and what placing one does to a graph."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.generators.make_blocks import MAKERS
from app.project.templates import template
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.canvas.frames import frames_of
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.checking.validation import problems
from graph_editor.document.clips.block_placing import place_block, size_of
from graph_editor.document.clips.blocks import (
    SUFFIX,
    Block,
    BlockParameter,
    block_of,
    block_text,
    candidates,
    filled,
    load_block,
    read_block,
    save_block,
)
from graph_editor.document.document import ROOT, Document
from graph_editor.document.edits import EditError
from graph_editor.document.files import file_format
from graph_editor.document.files.file_format import FileError
from graph_editor.document.graph import Edge, TensorRef
from graph_editor.document.history import History
from graph_editor.document.nesting import input_names

CATALOG = Catalog.load()
FOLDER = Path(__file__).parents[4] / "resources" / "blocks"
SHIPPED = sorted(FOLDER.glob(f"*{SUFFIX}"))


def shipped(key: str) -> Block:
    return load_block(FOLDER / f"{key}{SUFFIX}")


def opened(key: str = "residual-block") -> tuple[Document, History]:
    found = template(key)
    assert found is not None
    document = found.open()
    return document, History(document, FOLLOW_UPS)


def named(document: Document, name: str) -> str:
    operation = document.graph.operation_named(name)
    assert operation is not None
    return document.graph.calls_of(operation.id)[0]


def residual_of(document: Document) -> Block:
    names = ("conv_a", "norm_a", "relu_a", "conv_b", "norm_b", "shortcut", "relu_b")
    return block_of(document, [named(document, name) for name in names], document.positions, "Mine")


def test_what_ships_is_what_is_drawn() -> None:
    assert {path.name.removesuffix(SUFFIX) for path in SHIPPED} == set(MAKERS)
    for path in SHIPPED:
        assert block_text(MAKERS[path.name.removesuffix(SUFFIX)]().block()) == path.read_text("utf-8")
        assert block_text(load_block(path)) == path.read_text("utf-8")


def test_a_selection_becomes_a_block_that_says_what_comes_in_and_out() -> None:
    document, _ = opened()
    block = residual_of(document)
    assert block.is_link and len(block.clip.incoming) == 2 and len(block.incoming) == 1
    assert block.operation(block.clip.document.call(block.outgoing[0].call).operation).name == "relu_b"
    assert "build_config" not in block_text(block) and "frames" not in block_text(block)
    with pytest.raises(EditError):
        block_of(document, [], {}, "nothing")


def test_a_parameter_sets_several_layers_at_once() -> None:
    block = shipped("residual")
    made = filled(block, {"filters": 17})
    filters = [o.config["filters"] for o in made.graph.operations.values() if o.class_name == "Conv2D"]
    assert filters == [17, 17]
    kept = [o.config["filters"] for o in block.clip.document.graph.operations.values() if o.class_name == "Conv2D"]
    assert kept == [64, 64]  # the block itself is as it was


def test_candidates_join_what_has_the_same_key_and_value() -> None:
    document, _ = opened()
    block = residual_of(document)
    found = {parameter.name: parameter for parameter in candidates(block)}
    assert len(found["filters"].places) == 2 and found["filters"].default == 32
    assert found["kernel_size"].label == "Kernel size"
    assert not {"name", "trainable", "kernel_initializer"} & found.keys()
    again = read_block(block_text(replace(block, parameters=tuple(found.values())[:20])).encode(), "again")
    assert again.parameters == tuple(found.values())[:20]


def test_below_a_box_it_is_fed_framed_and_one_step() -> None:
    document, history = opened()
    before = file_format.dumps(document)
    stem = named(document, "stem")
    edits, made = place_block(
        document, ROOT, shipped("residual"), {}, (0, 0), lambda key: document.positions[key], after=TensorRef(stem)
    )
    history.do("add", edits)
    fed = [tensor.call for key in made for _, tensor in document.call(key).tensors() if tensor.call not in made]
    assert fed == [stem, stem]  # the convolution and the shortcut
    (frame,) = frames_of(document)
    assert set(frame.boxes) == set(made) and frame.title == "Residual block"
    assert not document.graph.shared_names()
    others = [document.positions[key] for key in document.graph.calls if key not in made]
    mine = [document.positions[key] for key in made]
    assert not [1 for a in mine for b in others if abs(a[0] - b[0]) < 172 and abs(a[1] - b[1]) < 50]
    history.undo()
    assert file_format.dumps(document) == before


def test_into_a_wire_the_wire_leads_through_it() -> None:
    document, history = opened("plain-stack")
    before, order = file_format.dumps(document), list(document.graph.calls)
    hidden, dropout = named(document, "hidden"), named(document, "dropout")
    (edge,) = document.graph.edges_into(dropout)
    edits, made = place_block(
        document, ROOT, shipped("mlp"), {"units": 9}, (0, 0), lambda key: document.positions[key], into=edge
    )
    history.do("insert", edits)
    line = [hidden, *made, dropout]
    assert [tensor.call for key in line[1:] for _, tensor in document.call(key).tensors()] == line[:-1]
    assert [problem for problem in problems(document, CATALOG) if problem.severity == "error"] == []
    at = order.index(dropout)
    assert list(document.graph.calls) == [*order[:at], *made, *order[at:]]  # a plain stack stays one
    rows = [document.positions[key][1] for key in line]
    assert rows == sorted(rows)
    history.undo()
    assert file_format.dumps(document) == before


def test_on_a_free_place_neighbours_are_pushed_aside() -> None:
    document, history = opened()
    x, y = document.positions[named(document, "conv_a")]
    edits, made = place_block(document, ROOT, shipped("mlp"), {}, (x + 86, y + 25), lambda key: document.positions[key])
    history.do("add", edits)
    spots = [document.positions[key] for key in document.graph.calls]
    assert not [1 for i, a in enumerate(spots) for b in spots[:i] if abs(a[0] - b[0]) < 172 and abs(a[1] - b[1]) < 50]
    left, top = (min(document.positions[key][axis] for key in made) for axis in (0, 1))
    width, height = size_of(shipped("mlp"))
    assert abs(left + width / 2 - x - 86) <= 1 and abs(top + height / 2 - y - 25) <= 1


def test_what_has_two_ways_in_does_not_go_into_a_wire() -> None:
    document, _ = opened()
    two = block_of(document, [named(document, "shortcut")], document.positions, "Sum")
    assert not two.is_link
    (edge, *_) = document.graph.edges_into(named(document, "digit"))
    with pytest.raises(EditError, match="Sum"):
        place_block(document, ROOT, two, {}, (0, 0), lambda key: document.positions[key], into=edge)
    assert isinstance(edge, Edge)


def test_one_box_gets_no_frame_and_an_input_stays_one() -> None:
    document, history = opened()
    block = block_of(document, [named(document, "image")], document.positions, "Picture")
    edits, made = place_block(document, ROOT, block, {}, (900, 0), lambda key: document.positions[key])
    history.do("add", edits)
    assert frames_of(document) == [] and TensorRef(made[0]) in document.graph.input_refs()


# Files


def content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(block_text(shipped("mlp")))
    return found


def _set(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda found: found.__setitem__(key, value)


def _parameter(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda found: found["parameters"][0].__setitem__(key, value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set("lamella", "boxes"), "is not a block"),
        (_set("boxes", 3), "is not a block"),
        (_set("format_version", 2), "newer Lamella"),
        (_set("format_version", "1"), "damaged"),
        (_set("name", " "), "damaged"),
        (_set("name", "x" * 81), "damaged"),
        (_set("description", ["a"]), "damaged"),
        (_set("surprise", 1), "damaged"),
        (_set("parameters", [3]), "damaged"),
        (_set("outgoing", [["c99", 0]]), "damaged"),
        (_parameter("default", {"class_name": "Lambda"}), "damaged"),
        (_parameter("default", [[1]]), "damaged"),
        (_parameter("sets", []), "damaged"),
        (_parameter("sets", [["o2", "name"]]), "damaged"),
        (_parameter("sets", [["o2", "kernel_initializer"]]), "damaged"),
        (_parameter("sets", [["o99", "units"]]), "damaged"),
        (_parameter("name", "rate"), "damaged"),
        (_parameter("input_axis", True), "damaged"),
        (lambda found: found["boxes"].__setitem__("graph", {}), "damaged"),
        (lambda found: found.update(parameters=[], outgoing=[]) or found["boxes"].update(graph={}), "damaged"),
        (lambda found: found["boxes"]["graph"]["calls"]["c2"].__setitem__("operation", "o99"), "damaged"),
    ],
)
def test_a_bad_file_is_one_sentence_with_its_name(change: Callable[[dict[str, Any]], None], reason: str) -> None:
    found = content()
    change(found)
    with pytest.raises(FileError) as caught:
        read_block(json.dumps(found).encode(), "my.lamella-block")
    assert reason in str(caught.value) and "my.lamella-block" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"[]", b"{", b"[" * 100_000, b'{"lamella": NaN}', b"null"])
def test_what_is_no_block_is_refused(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"bad{SUFFIX}"
    path.write_bytes(text)
    with pytest.raises(FileError, match="bad"):
        load_block(path)


def test_too_large_missing_and_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = tmp_path / f"big{SUFFIX}"
    with big.open("wb") as stream:
        stream.truncate(9 * 1024 * 1024)
    with pytest.raises(FileError, match="too large"):
        load_block(big)
    with pytest.raises(FileError, match="could not be read"):
        load_block(tmp_path / "none")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    target = tmp_path / f"kept{SUFFIX}"
    save_block(shipped("mlp"), target)
    kept = target.read_bytes()
    monkeypatch.setattr("graph_editor.document.files.file_format.write_atomically", full)
    with pytest.raises(FileError, match="the disk is full"):
        save_block(shipped("residual"), target)
    assert target.read_bytes() == kept


def test_foreign_classes_become_inert_boxes() -> None:
    found = content()
    found["boxes"]["graph"]["operations"]["o3"] |= {"class_name": "Evil", "module": "os.path"}
    block = read_block(json.dumps(found).encode(), "evil")
    document, history = opened()
    edits, made = place_block(document, ROOT, block, {}, (0, 0), lambda key: document.positions[key])
    history.do("add", edits)
    told = [problem for problem in problems(document, CATALOG) if problem.call == made[1]]
    assert any("not trusted" in problem.text.english() for problem in told)


def test_values_reach_only_the_places_that_are_named() -> None:
    parameter = BlockParameter("units", "Units", 3, (("o2", "units"),))
    block = replace(shipped("mlp"), parameters=(parameter,))
    units = [o.config.get("units") for o in filled(block, {"rate": 1, "units": 5}).graph.operations.values()]
    assert units == [5, None, 128, None]


def test_blocks_go_into_nested_models_too() -> None:
    document, history = opened()
    from graph_editor.document.changes.grouping import group

    inside = [named(document, name) for name in ("conv_a", "norm_a")]
    edits, box = group(document, inside, CATALOG, lambda _ref: ((None, 8, 8, 32), "float32"))
    history.do("group", edits)
    graph_id = document.operation_of(box).graph
    assert graph_id is not None
    edges = list(document.graphs[graph_id].edges())
    edits, made = place_block(
        document, graph_id, shipped("conv-bn-relu"), {}, (0, 0), lambda key: document.positions[key], into=edges[-1]
    )
    history.do("insert", edits)
    assert all(document.graph_id_of_call(key) == graph_id for key in made)
    assert [p for p in problems(document, CATALOG) if p.severity == "error"] == []
    assert input_names(document.graph) == ["image"]
