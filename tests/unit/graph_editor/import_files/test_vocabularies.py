"""Vocabularies in the assets of `.keras` files: beside the box that has them; one sentence where they make no sense."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes import commands
from graph_editor.document.changes.follow_ups import FOLLOW_UPS
from graph_editor.document.clips.clipboard import copied_text, paste, read_clip
from graph_editor.document.document import ROOT, Document
from graph_editor.document.files.file_format import FileError, dumps, loads
from graph_editor.document.history import History
from graph_editor.document.vocabulary import Vocabulary, lacks_vocabulary, vocabularies
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.files.opening import open_model
from graph_editor.keras_format.functional import model_json
from runtime.python_code import RunCode
from tests.unit.graph_editor.import_files.models import layer, model

WORDS = "[UNK]\ncat\n새\n"
GROUP = "assets/layers/string_lookup"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def lookup(class_name: str = "StringLookup", **config: Any) -> Any:
    return layer("lookup", class_name, "x", vocabulary=None, vocabulary_size=3, output_mode="int", **config)


def write(
    path: Path, content: Any, entries: dict[str, bytes | str], weights: Callable[[Any], None] | None = None
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("config.json", json.dumps(content))
        for name, text in entries.items():
            file.writestr(name, text)
        if weights is not None:
            memory = io.BytesIO()
            with h5py.File(memory, "w") as stored:
                weights(stored)
            file.writestr(zipfile.ZipInfo("model.weights.h5"), memory.getvalue())  # stored as it is
    return path


def words_of(document: Document) -> dict[str, Vocabulary]:
    operation = next(op for op in document.graph.operations.values() if op.class_name != "InputLayer")
    return vocabularies(operation)


def opened(path: Path, catalog: Catalog) -> Document:
    return loads(dumps(open_model(path, catalog).document))


def test_words_stand_beside_the_box_and_in_no_config(tmp_path: Path, catalog: Catalog) -> None:
    written = model(lookup())
    document = opened(write(tmp_path / "m.keras", written, {f"{GROUP}/vocabulary.txt": WORDS}), catalog)
    assert words_of(document) == {"": Vocabulary(["[UNK]", "cat", "새"])}
    config = model_json(document)["config"]["layers"][1]
    assert config["config"] == written["config"]["layers"][1]["config"]
    assert not any(map(lacks_vocabulary, document.graph.operations.values()))


def test_numbers_tf_idf_and_what_a_text_vectorization_asks(tmp_path: Path, catalog: Catalog) -> None:
    integers = write(
        tmp_path / "i.keras",
        model(lookup("IntegerLookup")),
        {"assets/layers/integer_lookup/vocabulary.txt": "-1\n7\n3"},
    )
    assert words_of(opened(integers, catalog)) == {"": Vocabulary([-1, 7, 3])}
    texts = write(
        tmp_path / "t.keras",
        model(lookup("TextVectorization")),
        {
            "assets/layers/text_vectorization/vocabulary.txt": "\n[UNK]\nold",
            "assets/layers/text_vectorization/_lookup_layer/vocabulary.txt": "\n[UNK]\nnew\n\n",
        },
    )
    assert words_of(opened(texts, catalog)) == {"": Vocabulary(["", "[UNK]", "new"])}
    weighed = layer("lookup", "StringLookup", "x", vocabulary=None, output_mode="tf_idf")
    numbers = np.array([0.1, 2.5, 1 / 3], "float32")
    path = write(
        tmp_path / "w.keras",
        model(weighed),
        {f"{GROUP}/vocabulary.txt": WORDS},
        lambda file: file.create_dataset("layers/string_lookup/vars/idf_weights", data=numbers),
    )
    (found,) = words_of(opened(path, catalog)).values()
    assert np.array(found.idf_weights, "float32").tobytes() == numbers.tobytes()


def test_words_of_layers_in_wrappers_and_in_models_find_their_box(tmp_path: Path, catalog: Catalog) -> None:
    inside = {"class_name": "StringLookup", "config": {"name": "inside", "vocabulary": None}}
    wrapper = layer("each", "TimeDistributed", "x", layer=inside)
    path = write(tmp_path / "t.keras", model(wrapper), {"assets/layers/time_distributed/layer/vocabulary.txt": WORDS})
    assert words_of(opened(path, catalog)) == {"layer": Vocabulary(["[UNK]", "cat", "새"])}
    inner = {**model(lookup(), name="inner"), "name": "inner", "inbound_nodes": layer("i", "I", "x")["inbound_nodes"]}
    path = write(
        tmp_path / "n.keras", model(inner), {"assets/layers/functional/layers/string_lookup/vocabulary.txt": WORDS}
    )
    document = opened(path, catalog)
    found = [vocabularies(op) for graph in document.graphs.values() for op in graph.operations.values()]
    assert [one for one in found if one] == [{"": Vocabulary(["[UNK]", "cat", "새"])}]


def test_words_go_where_the_box_goes(tmp_path: Path, catalog: Catalog) -> None:
    document = opened(write(tmp_path / "m.keras", model(lookup()), {f"{GROUP}/vocabulary.txt": WORDS}), catalog)
    before = dumps(document)
    (box,) = [call for call in document.graph.calls if document.operation_of(call).class_name == "StringLookup"]
    history = History(document, FOLLOW_UPS)
    clip = read_clip(copied_text(document, [box], {box: (0.0, 0.0)}))
    edits, (pasted, *_) = paste(document, ROOT, clip, (50.0, 50.0), (10.0, 10.0))
    history.do("paste", edits)
    assert vocabularies(document.operation_of(pasted)) == {"": Vocabulary(["[UNK]", "cat", "새"])}
    history.do("delete", commands.delete_calls(document, [box]))
    history.undo()
    history.undo()
    assert dumps(document) == before


def test_a_script_gives_the_words(tmp_path: Path, catalog: Catalog) -> None:
    document = opened(write(tmp_path / "m.keras", model(lookup()), {f"{GROUP}/vocabulary.txt": WORDS}), catalog)
    source = python_source(document, catalog, RunCode())
    assert '["[UNK]", "cat", "새"]' in source
    assert "vocabulary_size" not in source


def test_a_lookup_without_words_is_known(tmp_path: Path, catalog: Catalog) -> None:
    document = opened(write(tmp_path / "m.keras", model(lookup()), {}), catalog)
    assert [lacks_vocabulary(op) for op in document.graph.operations.values()] == [False, True]
    given = layer("lookup", "StringLookup", "x", vocabulary=["a"])
    document = opened(write(tmp_path / "g.keras", model(given), {}), catalog)
    assert not any(map(lacks_vocabulary, document.graph.operations.values()))


def test_only_assets_are_taken_for_vocabularies(tmp_path: Path, catalog: Catalog) -> None:
    """A config of a stranger may say anything."""
    content = model({**lookup(), "vocabularies": {"": {"words": ["made up"]}}})
    document = opened(write(tmp_path / "m.keras", content, {f"{GROUP}/vocabulary.txt": WORDS}), catalog)
    assert words_of(document) == {"": Vocabulary(["[UNK]", "cat", "새"])}
    junks: list[Any] = [
        [],
        {"": 3},
        {"": {"words": []}},
        {"": {"words": [{}]}},
        {"": {"words": ["a"], "idf_weights": ["b"]}},
    ]
    for junk in junks:
        document.graph.operations.update(
            {
                key: type(op)(op.id, op.class_name, op.config, op.module, None, {"vocabularies": junk})
                for key, op in document.graph.operations.items()
            }
        )
        assert words_of(document) == {}


def _list_of_lists(file: Any) -> None:
    file["layers/string_lookup/vars/idf_weights"] = np.zeros((3, 3), "float32")


def _texts(file: Any) -> None:
    file["layers/string_lookup/vars/idf_weights"] = "text"


def _link(file: Any) -> None:
    file["layers/string_lookup/vars/idf_weights"] = h5py.ExternalLink("/etc/passwd", "/")


@pytest.mark.parametrize(
    ("entries", "weights", "words"),
    [
        ({f"{GROUP}/vocabulary.txt": b"cat\n\xff\xfe"}, None, "byte 4 is not UTF-8 text"),
        ({"assets/../../vocabulary.txt": "a"}, None, "outside of the file"),
        ({"/assets/layers/string_lookup/vocabulary.txt": "a"}, None, "outside of the file"),
        ({f"{GROUP}/vocabulary.txt": b"\n" * 4_000_000}, None, "grow"),
        ({f"{GROUP}/vocabulary.txt": b"".join(b"%x\n" % (n * 7919) for n in range(1_100_000))}, None, "more words"),
        ({f"{GROUP}/vocabulary.txt": WORDS}, _list_of_lists, "no list of numbers"),
        ({f"{GROUP}/vocabulary.txt": WORDS}, _texts, "no list of numbers"),
        ({f"{GROUP}/vocabulary.txt": WORDS}, _link, "link to another place"),
    ],
)
def test_hostile_assets_are_one_sentence(
    tmp_path: Path,
    catalog: Catalog,
    entries: dict[str, bytes | str],
    weights: Callable[[Any], None] | None,
    words: str,
) -> None:
    weighed = layer("lookup", "StringLookup", "x", vocabulary=None, output_mode="tf_idf")
    path = write(tmp_path / "m.keras", model(weighed), entries, weights)
    with pytest.raises(FileError) as refused:
        open_model(path, catalog)
    sentence = refused.value.text.english()
    assert words in sentence
    assert sentence.startswith("m.keras cannot be opened")


def test_a_line_that_is_no_number_is_named(tmp_path: Path, catalog: Catalog) -> None:
    entries: dict[str, bytes | str] = {"assets/layers/integer_lookup/vocabulary.txt": "-1\nfive\n6"}
    path = write(tmp_path / "m.keras", model(lookup("IntegerLookup")), entries)
    with pytest.raises(FileError, match="line 2 is no whole number"):
        open_model(path, catalog)


def test_a_script_hands_words_to_an_input_that_takes_them(tmp_path: Path, catalog: Catalog) -> None:
    texts = layer("x", "InputLayer", batch_shape=[None, 1], dtype="string")
    content = model(lookup())
    content["config"]["layers"][0] = texts
    document = opened(write(tmp_path / "m.keras", content, {f"{GROUP}/vocabulary.txt": WORDS}), catalog)
    python_source(document, catalog, RunCode())
    document.data = {"sources": [{"kind": "csv", "path": "t.csv"}], "bindings": {"x": ["a"], "lookup": ["b"]}}
    document.training = {"outputs": {"lookup": {"loss": "mean_squared_error"}}}
    assert 'x = words_in(data["a"]).reshape(-1, 1)' in python_source(document, catalog, RunCode())
