"""Sources that come and go: their columns, and what these feed, come and go with them."""

from __future__ import annotations

from app.project.data_sources import editing
from app.project.data_sources.joining import key_columns, proposed_key
from runtime.messages.describing import Column

FIRST = {"kind": "pictures", "path": "flowers", "options": {"size": 32}}
SECOND = {"kind": "csv", "path": "people.csv", "name": "people", "options": {}, "join": {"by": "order"}}
DATA = {
    "sources": [FIRST, SECOND],
    "bindings": {"x": ["image"], "y": ["people/age"], "z": ["people/a", "image"]},
    "columns": {"image": {"kind": "image"}, "people/age": {"steps": []}},
    "unknown": 1,
}


def test_one_more_is_named_after_its_file() -> None:
    data = editing.with_one_more(DATA, {"kind": "csv", "path": "/x/people.csv", "options": {}}, {"by": "order"})
    assert [source.get("name") for source in data["sources"]] == [None, "people", "people 2"]
    assert data["sources"][2]["join"] == {"by": "order"}
    assert data["unknown"] == 1


def test_a_source_takes_its_columns_along() -> None:
    data = editing.without(DATA, 1)
    assert data["sources"] == [FIRST]
    assert data["bindings"] == {"x": ["image"]}
    assert data["columns"] == {"image": {"kind": "image"}}


def test_the_second_becomes_the_first() -> None:
    data = editing.without(DATA, 0)
    assert data["sources"] == [{"kind": "csv", "path": "people.csv", "options": {}}]
    assert data["bindings"] == {"y": ["age"]}
    assert data["columns"] == {"age": {"steps": []}}
    assert editing.without(data, 0)["sources"] == []


def test_a_new_name_is_that_of_its_columns() -> None:
    data = editing.renamed(DATA, 1, "men")
    assert data["bindings"] == {"x": ["image"], "y": ["men/age"], "z": ["men/a", "image"]}
    assert "men/age" in data["columns"]


def test_options_and_joins() -> None:
    assert editing.with_option(DATA, 0, "size", None)["sources"][0]["options"] == {}
    assert editing.with_option(DATA, 1, "header", True)["sources"][1]["options"] == {"header": True}
    join = {"by": "key", "column": "file", "to": "name"}
    assert editing.with_join(DATA, 1, join)["sources"][1]["join"] == join
    assert editing.with_only(DATA, SECOND)["sources"] == [SECOND]
    assert DATA["sources"] == [FIRST, SECOND], "nothing is changed in place"


def test_kinds_are_chosen_and_found_out_again() -> None:
    data = editing.with_kind(DATA, ("image", "people/age"), "mask")
    assert data["columns"] == {"image": {"kind": "mask"}, "people/age": {"steps": [], "kind": "mask"}}
    assert editing.with_kind(data, ("image",), "")["columns"] == {"people/age": {"steps": [], "kind": "mask"}}


def test_keys_are_proposed() -> None:
    name, file = (Column(each, (), "object", 9, "text") for each in ("name", "file"))
    age = Column("age", (), "float64", 9, "number", 1, 90)
    image = Column("image", (8, 8, 3), "uint8", 9, "image")
    assert key_columns([name, age, image]) == ["name"]
    assert proposed_key([file, age], [name, image]) == ("file", "name")
    assert proposed_key([name], [name]) == ("name", "name")
    assert proposed_key([age], [image]) is None
