"""Project files: what is read, what is refused and how, and that saving never loses anything."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.document import Document
from graph_editor.document.files import file_format
from graph_editor.document.files.file_format import FileError
from graph_editor.document.files.migrations import FORMAT_VERSION, migrate
from graph_editor.document.history import History

SOURCE = {"kind": "csv", "path": "a.csv", "options": {}, "of a plugin": 1}
TEMPLATES = sorted((Path(__file__).parents[4] / "resources" / "templates").glob("*.lamella"))


def content(**changes: Any) -> bytes:
    base = {
        "format_version": 2,
        "keras_version": "3.15.1",
        "graph": {
            "name": "m",
            "operations": {"o1": {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 4]}}},
            "calls": {"c1": {"operation": "o1"}},
            "inputs": {"$tensor": ["c1", 0]},
            "outputs": [],
        },
    }
    return json.dumps({**base, **changes}).encode()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_opening_and_saving_an_untouched_file_changes_no_byte(path: Path, tmp_path: Path) -> None:
    original = path.read_bytes()
    copy = tmp_path / "copy.lamella"
    file_format.save(file_format.load(path), copy)
    assert copy.read_bytes() == original
    oddly_written = json.dumps(json.loads(original)).encode()  # by hand, or by another program
    assert file_format.dumps(file_format.loads(oddly_written)) == oddly_written


def test_unknown_keys_are_kept_where_they_were() -> None:
    document = file_format.loads(
        content(
            mine={"a": 1},
            canvas={"positions": {"c1": [1, 2.5]}, "notes": ["hello"]},
            graph={
                "name": "m",
                "operations": {"o1": {"class_name": "Dense", "config": {"name": "d"}, "build_config": {"x": [1]}}},
                "calls": {"c1": {"operation": "o1", "color": "red"}},
                "inputs": [],
                "outputs": [],
                "author": "me",
            },
        )
    )
    history = History(document, FOLLOW_UPS)
    history.do("move", commands.move_calls(document, {"c1": (7, 8)}))
    written = json.loads(file_format.dumps(document))
    assert written["mine"] == {"a": 1}
    assert written["canvas"] == {"positions": {"c1": [7, 8]}, "notes": ["hello"]}
    assert written["graph"]["author"] == "me"
    assert written["graph"]["calls"]["c1"]["color"] == "red"
    assert written["graph"]["operations"]["o1"]["build_config"] == {"x": [1]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", ["p.lamella", "line 1"]),
        (content()[:120], ["not a whole Lamella project", "line 1"]),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", ["not text"]),
        (b'{"cells": []}', ["not a Lamella project"]),
        (b"[1, 2]", ["not a Lamella project"]),
        (content(format_version=99), ["newer Lamella", "99"]),
        (content(format_version="1"), ["format_version", "whole number"]),
        (content(graph=[]), ["graph", "object"]),
        (content(canvas={"positions": {"c1": ["left", 0]}}), ["canvas → positions → c1", "two numbers"]),
        (content(canvas={"positions": {"c1": [0, 1e12]}}), ["canvas → positions → c1", "that far away"]),
        (content(canvas={"positions": {"c1": [float("nan"), 0]}}), ["canvas → positions → c1", "that far away"]),
        (b'{"format_version": 1, "graph": ' + b"[" * 100_000, ["nested too deeply"]),
        (b'{"format_version": 1, "graph": {}, "x": ' + b"[" * 300 + b"]" * 300 + b"}", ["more than 250 levels"]),
        (b'{"format_version": 1, "graph": {}, "x": {"a b": 1, "a b": 2}}', ["“a b”", "twice"]),
        (b'{"format_version": 1, "x": [' + b"[]," * 4_000_000 + b"0]}", ["more than 4,000,000 values"]),
    ],
)
def test_what_is_no_project_is_refused_in_one_sentence(data: bytes, words: list[str]) -> None:
    with pytest.raises(FileError) as caught:
        file_format.loads(data, "p.lamella")
    sentence = caught.value.text.english()
    assert "\n" not in sentence
    for word in ["p.lamella", *words]:
        assert word in sentence


@pytest.mark.parametrize(
    ("graph", "place"),
    [
        ({"operations": {"o1": {}}}, "operations → o1"),
        ({"operations": {"o1": {"class_name": "Dense", "config": {"name": 5}}}}, "config → name"),
        ({"calls": {"c1": {"operation": "gone"}}}, "calls → c1"),
        (
            {"operations": {"o": {"class_name": "A"}}, "calls": {"c": {"operation": "o", "args": {}}}},
            "calls → c → args",
        ),
        (
            {
                "operations": {"o": {"class_name": "A"}},
                "calls": {"c": {"operation": "o", "args": [{"$tensor": ["nowhere", 0]}]}},
            },
            "nowhere",
        ),
        (
            {"operations": {"o": {"class_name": "A"}}, "calls": {"c": {"operation": "o", "args": [{"$tensor": 3}]}}},
            "calls → c → args",
        ),
        ({"outputs": {"$tensor": ["c9", 0]}}, "c9"),
    ],
)
def test_damage_is_named_with_its_place(graph: dict[str, Any], place: str) -> None:
    with pytest.raises(FileError) as caught:
        file_format.loads(content(graph={"name": "m", **graph}), "p.lamella")
    assert place in caught.value.text.english()


def test_a_cycle_in_a_file_opens_and_is_a_problem() -> None:
    from graph_editor.catalog.catalog import Catalog
    from graph_editor.document.checking.validation import problems

    dense = {"class_name": "Dense", "module": "keras.layers", "config": {"units": 1}}
    graph = {
        "name": "m",
        "operations": {"o1": {**dense, "config": {"name": "a"}}, "o2": {**dense, "config": {"name": "b"}}},
        "calls": {
            "c1": {"operation": "o1", "args": [{"$tensor": ["c2", 0]}]},
            "c2": {"operation": "o2", "args": [{"$tensor": ["c1", 0]}]},
        },
    }
    document = file_format.loads(content(graph=graph))
    found = [problem for problem in problems(document, Catalog.load()) if problem.kind == "cycle"]
    assert [problem.call for problem in found] == ["c1", "c2"]
    assert "a depends on its own output" in found[0].text.english()


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.lamella", tmp_path):
        with pytest.raises(FileError) as caught:
            file_format.load(path)
        assert str(path) in caught.value.text.english()


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "p.lamella"
    path.write_bytes(b"the old one")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("resources.atomic.os.fsync", full)
    with pytest.raises(FileError, match="disk is full"):
        file_format.save(Document("3.15"), path)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"p\.lamella was not saved: there is no such file"):
        file_format.save(Document("3.15"), tmp_path / "gone" / "p.lamella")


def test_saving_keeps_links_and_permissions(tmp_path: Path) -> None:
    path, link = tmp_path / "p.lamella", tmp_path / "link.lamella"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    file_format.save(Document("3.15"), link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert json.loads(path.read_bytes())["keras_version"] == "3.15"


def test_old_versions_take_one_step_after_the_other() -> None:
    steps = {
        1: lambda old: {**old, "trail": [*old.get("trail", []), 1]},
        2: lambda old: {**old, "trail": [*old.get("trail", []), 2]},
    }
    assert migrate({"format_version": 1}, 1, steps, 3) == {"format_version": 3, "trail": [1, 2]}


def test_one_source_becomes_the_first_of_several() -> None:
    data = {"bindings": {"x": ["a"]}, "source": SOURCE, "shuffle": True}
    made_new = migrate({"format_version": 1, "data": data, "graph": {}}, 1)
    assert made_new["format_version"] == FORMAT_VERSION
    assert list(made_new["data"].items()) == [("bindings", {"x": ["a"]}), ("sources", [SOURCE]), ("shuffle", True)]


def test_what_is_no_source_is_left_alone() -> None:
    odd: tuple[Any, ...] = ({}, {"source": None}, {"source": 3}, {"source": SOURCE, "sources": []}, [], None, "source")
    for data in odd:
        assert migrate({"data": data}, 1) == {"data": data, "format_version": 2}
    assert migrate({}, 1) == {"format_version": 2}


def test_an_old_file_is_written_anew_only_when_it_changes() -> None:
    old = json.dumps({"format_version": 1, "graph": {}, "data": {"source": SOURCE}}).encode()
    document = file_format.loads(old, "old.lamella")
    assert file_format.dumps(document) == old
    document.data = {**document.data, "shuffle": False}
    written = json.loads(file_format.dumps(document))
    assert (written["format_version"], written["data"]) == (2, {"sources": [SOURCE], "shuffle": False})
