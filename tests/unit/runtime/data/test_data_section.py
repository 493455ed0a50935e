"""The data section of a project as it may have been written by hand: each value that is none is one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runtime.project_spec import data_from_project
from runtime.spec import Augmentation, ColumnSpec, DataSource, DataSpec, Join, SpecError, Step, Windows
from runtime.worker.data.opening import open_data, open_source
from runtime.worker.data.source import DataError

SOURCE = {"kind": "csv", "path": "a.csv"}
OTHER = {"name": "n", "kind": "csv", "path": "b.csv"}


def said(data: dict[str, Any]) -> str:
    with pytest.raises(SpecError) as caught:
        data_from_project(data, Path("/p"))
    return str(caught.value.text)


def test_everything_arrives() -> None:
    data = {
        "sources": [
            {**SOURCE, "options": {"decimal": ","}, "of a plugin": 1},
            {**OTHER, "join": {"by": "key", "column": "k", "to": "a", "missing": "leave_out"}},
        ],
        "columns": {"age": {"kind": "number", "steps": [{"step": "fill", "value": 0}, {"step": "normalize"}]}, "b": {}},
        "windows": {"length": 5, "group_by": "g", "later": True},
        "augmentation": [{"layer": "RandomFlip", "config": {"mode": "horizontal"}}],
        "bindings": {},
    }
    assert data_from_project(data, Path("/p")) == DataSpec(
        (
            DataSource("csv", str(Path("/p/a.csv")), {"decimal": ","}),
            DataSource("csv", str(Path("/p/b.csv")), {}, "n", Join("key", "k", "a", "leave_out")),
        ),
        {"age": ColumnSpec("number", (Step("fill", {"value": 0}), Step("normalize"))), "b": ColumnSpec()},
        Windows(5, group_by="g"),
        (Augmentation("RandomFlip", {"mode": "horizontal"}),),
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "No data is chosen yet"),
        ({"sources": []}, "No data is chosen yet"),
        ({"sources": [{}]}, "No data is chosen yet"),
        ({"sources": [{"kind": "csv"}]}, "No data is chosen yet"),
        ({"sources": 3}, "does not hold together: Expected `array`, got `int`"),
        ({"sources": [SOURCE, 3]}, "Expected `object`, got `int`"),
        ({"sources": [{**SOURCE, "path": 3}]}, "Expected `str`, got `int` - at `$.sources[0].path`"),
        ({"sources": [{**SOURCE, "kind": [1]}]}, "Expected `str`, got `array` - at `$.sources[0].kind`"),
        ({"sources": [{**SOURCE, "options": 7}]}, "Expected `object`, got `int` - at `$.sources[0].options`"),
        ({"sources": [SOURCE, SOURCE]}, "needs a name without a slash"),
        ({"sources": [SOURCE, {**OTHER, "name": "a/b"}]}, "needs a name without a slash"),
        ({"sources": [SOURCE, OTHER, OTHER]}, "Two data sources are called n."),
        ({"sources": [SOURCE, {**OTHER, "join": {"by": "magic"}}]}, "Invalid enum value 'magic'"),
        ({"sources": [SOURCE, {**OTHER, "join": {"by": "key", "to": "x"}}]}, "not said by which columns"),
        ({"sources": [SOURCE], "columns": 3}, "Expected `object`, got `int` - at `$.columns`"),
        ({"sources": [SOURCE], "columns": {"a": 3}}, "Expected `object`, got `int`"),
        ({"sources": [SOURCE], "columns": {"a": {"kind": "colour"}}}, "Invalid enum value 'colour'"),
        ({"sources": [SOURCE], "columns": {"a": {"steps": {}}}}, "Expected `array`, got `object`"),
        ({"sources": [SOURCE], "columns": {"a": {"steps": ["fill"]}}}, "Expected `object`, got `str`"),
        ({"sources": [SOURCE], "columns": {"a": {"steps": [{"value": 0}]}}}, "Expected `str`, got `null`"),
        ({"sources": [SOURCE], "windows": {}}, ""),
        ({"sources": [SOURCE], "windows": {"length": "5"}}, "Expected `int`, got `str` - at `$.windows.length`"),
        ({"sources": [SOURCE], "windows": {"length": 2**70}}, "Expected `int` <= 281474976710656"),
        ({"sources": [SOURCE], "augmentation": [{"layer": "x", "config": "\ud800"}]}, "does not hold together"),
    ],
)
def test_what_is_wrong_is_one_sentence(data: dict[str, Any], words: str) -> None:
    if not words:
        assert data_from_project(data, None).windows is None
        return
    text = said(data)
    assert words in text
    assert "\n" not in text and "Traceback" not in text


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("npz", {"sheet": 1}, "a.npz: NumPy file has no option sheet; it has parts."),
        ("npz", {"parts": 3}, "a.npz: The setting Parts is 3; it must be one of"),
        ("hdf5", {"parts": ["joined"]}, "it must be one of"),
        ("pictures", {"height": "big"}, "it must be a whole number"),
        ("pictures", {"height": True}, "it must be a whole number"),
        ("no such", {}, "Data of the kind no such is unknown."),
        ("../csv", {}, "Data of the kind ../csv is unknown."),
    ],
)
def test_wrong_options_are_one_sentence(tmp_path: Path, kind: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        open_source(DataSource(kind, str(tmp_path / "a.npz"), options))
    assert words in str(caught.value.text)


def test_no_sources_are_no_data() -> None:
    with pytest.raises(DataError, match="No data is chosen yet"), open_data(DataSpec(())):
        raise AssertionError
