"""One model through Lamella, from each kind of file to each kind of file and to the script, as a row of a table.

What comes back is held against what Keras itself has made and written, file against file. Imports Keras.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras

from app.custom_code.specs import layer_specs, object_specs
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.checking.validation import Structure, problems
from graph_editor.document.custom_code import set_code_files
from graph_editor.document.document import Document
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.calls import CallReader
from graph_editor.keras_format.functional import model_json
from resources.python_code.pieces import SourceError
from runtime.messages.exporting import Export
from runtime.messages.inference import CallSpec, OperationJson
from runtime.python_code import RunCode
from runtime.spec import CodeFile
from runtime.worker.custom.loading import load_code
from runtime.worker.engine.export import export
from runtime.worker.engine.infer import Inference
from runtime.worker.keras_models.describing import comparable, described
from runtime.worker.keras_models.vocabularies import hand_over, learned_words
from runtime.worker.process.control import WorkerError
from tests.support.keras_roundtrip import computed, example_values, input_name, opened, same_arrays, weights_of, without

MARKS = ("shared_object_id", "compile_config")  # Keras draws them anew each time
SEED = [1337, 7]


@dataclass
class Row:
    """Each of the parts says what differs and where; empty where all is the same."""

    name: str
    boxes: int = 0
    parameters: int = 0
    check: list[str] = field(default_factory=list)
    config: list[str] = field(default_factory=list)
    weights: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    python: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what Keras itself cannot
    seconds: float = 0.0


class Rows:
    """Makes rows. Code of one's own is loaded as the engine loads it once it is agreed to."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self._folder, self._catalog = folder, catalog

    def row(self, name: str, make: Callable[[], Any], code: Path | None = None) -> Row:
        row = Row(name)
        began = time.perf_counter()
        keras.utils.clear_session(free_memory=False)
        try:
            _Trip(row, make(), self._folder / name, self._catalog, code).run()
        except WorkerError as error:
            row.notes.append(f"ended: {error.text.english()} {error.detail[-300:]}")
            row.config.append("ended")
        except Exception as error:
            row.notes.append(f"ended: {type(error).__name__}: {str(error)[:600]}")
            row.config.append("ended")
        row.seconds = time.perf_counter() - began
        return row


class _Trip:
    def __init__(self, row: Row, model: Any, folder: Path, catalog: Catalog, code: Path | None) -> None:
        self._row, self._model, self._folder, self._catalog = row, model, folder, catalog
        folder.mkdir()
        self._values = {input_name(tensor): example_values(tensor) for tensor in model.inputs}
        self._outputs = self._computed(model)
        self._files = self._written()
        self._original = _written_config(self._files["keras"])
        self._code = code
        if code is not None:
            _agree(code, catalog)

    def run(self) -> None:
        documents = {kind: opened(path, self._catalog) for kind, path in self._files.items()}
        for each in documents.values() if self._code is not None else ():
            for edit in set_code_files(each, [str(self._code)]):
                edit.apply(each)
        document = documents["keras"]
        self._row.boxes = sum(len(graph.calls) for graph in document.graphs.values())
        self._row.parameters = self._model.count_params()
        self._check(document)
        self._back(document, "keras", "keras")
        self._back(documents["json"], "json", "json")
        if "h5" in documents:
            self._back(document, "keras", "h5")
            if learned_words(self._model):
                self._row.notes.append("an .h5 file has no vocabularies, so no .keras file is made of it")
            else:
                self._back(documents["h5"], "h5", "keras")
        else:
            self._refused(document)
        self._script(document)

    def _written(self) -> dict[str, Path]:
        """The files that Keras writes, and reads again."""
        files = {kind: self._folder / f"original.{kind}" for kind in ("keras", "json")}
        self._model.save(files["keras"])
        files["json"].write_text(self._model.to_json(), "utf-8")
        h5 = self._folder / "original.h5"
        try:
            self._model.save(h5)
            read = keras.saving.load_model(h5, compile=False)
            hand_over(self._model, read)
            same = same_arrays(self._computed(read), self._outputs)
        except Exception as error:
            reason = " ".join(str(error).split())[:150]
            self._row.notes.append(f"Keras itself reads no .h5 of it: {type(error).__name__}: {reason}")
            return files
        if not same:
            self._row.notes.append("Keras reads another model from its .h5")
            return files
        return {**files, "h5": h5}

    def _check(self, document: Document) -> None:
        self._row.check += [problem.text.english() for problem in problems(document, self._catalog)]
        calls = [
            CallSpec(call.id, OperationJson(**_operation(call.operation)), call.args, call.kwargs, call.graph)
            for call in CallReader(Structure(self._catalog)).read(document)
        ]
        results = Inference().infer(calls)
        for result in results:
            if result.error is not None:
                self._row.check.append(f"{result.error.english()} {result.detail[:300]}")

    def _back(self, document: Document, source: str, kind: str) -> None:
        way = f"{source}>{kind}"
        target = self._folder / f"{source}-again.{kind}"
        weights = None if kind == "json" else str(self._files[source])
        try:
            export(Export(0, model_json(document), kind, str(target), None, weights))
        except WorkerError as error:
            self._row.config.append(f"{way}: {error.text.english()} {error.detail[-300:]}")
            return
        if kind == "json":
            found = json.loads(target.read_text("utf-8"))
            differs: list[str] = []
            self._compare(found, way, differs)
            if differs and self._keras_loses_the_same(found):
                differs = []
                self._row.notes.append("Keras itself loses the size of a vocabulary in JSON")
            self._row.config += differs
            return
        if kind == "keras":
            found = _written_config(target)
            self._compare(found, way, self._row.config, of_h5=source == "h5")
        read = keras.saving.load_model(target, compile=False)
        if kind == "h5":
            hand_over(self._model, read)
            self._compare(described(read), way, self._row.config, of_h5=True)
        self._numbers(read, way)

    def _keras_loses_the_same(self, found: Any) -> bool:
        """Whether Keras writes the same, when it has read its own JSON: it holds no vocabulary, but its size."""
        own = described(keras.models.model_from_json(self._files["json"].read_text("utf-8")))
        sizes = (*MARKS, "vocabulary_size")
        return bool(
            _plain(own, MARKS) == _plain(found, MARKS) and _plain(self._original, sizes) == _plain(found, sizes)
        )

    def _refused(self, document: Document) -> None:
        """What Keras cannot read back is refused, and no file is left."""
        target = self._folder / "refused.h5"
        try:
            export(Export(0, model_json(document), "h5", str(target), None, str(self._files["keras"])))
        except WorkerError:
            if target.exists():
                self._row.notes.append("a file was left that was refused")
            return
        self._row.notes.append("Lamella writes an .h5 that it reads back itself")

    def _numbers(self, read: Any, way: str) -> None:
        if not same_arrays(weights_of(self._model), weights_of(read)):
            self._row.weights.append(f"{way}: differ")
        if not same_arrays(self._computed(read), self._outputs):
            self._row.outputs.append(f"{way}: differ")

    def _script(self, document: Document) -> None:
        try:
            source = python_source(document, self._catalog, RunCode())
        except SourceError as error:
            self._row.python.append(error.text.english())
            return
        (self._folder / "script.py").write_text(source, "utf-8")
        found = re.search(r"model = (build_\w+)\(\)", source)
        assert found is not None, source
        names: dict[str, Any] = {"__name__": "exported"}
        keras.utils.clear_session(free_memory=False)  # names are counted anew, as in a process of its own
        try:
            exec(compile(source, "exported.py", "exec"), names)
            made = names[found[1]]()
        except Exception as error:
            self._row.python.append(f"does not run: {type(error).__name__}: {str(error)[:300]}")
            return
        self._compare(described(made), "config", self._row.python, of_h5=True)
        weights = self._folder / "script.weights.h5"
        self._model.save_weights(weights)
        made.load_weights(weights)
        if not same_arrays(weights_of(self._model), weights_of(made)):
            self._row.python.append("weights differ")
        if not same_arrays(self._computed(made), self._outputs):
            self._row.python.append("outputs differ")

    def _compare(self, found: Any, way: str, told: list[str], of_h5: bool = False) -> None:
        """`of_h5`: neither such files nor scripts say with which shapes a layer was built before it was used."""
        marks = (*MARKS, "build_config") if of_h5 else MARKS
        mine, theirs = (_plain(config, marks) for config in (self._original, found))
        if way.startswith("h5"):
            mine, theirs = _without_own_modules(mine), _without_own_modules(theirs)
        if mine != theirs:
            told.append(f"{way}: {_difference(mine, theirs)}")

    def _computed(self, model: Any) -> list[Any]:
        for variable in model.variables:
            if variable.path.endswith("seed_generator_state"):
                variable.assign(SEED)
        return computed(model, self._values)


def _agree(code: Path, catalog: Catalog) -> None:
    loaded = load_code([CodeFile(str(code), hashlib.sha256(code.read_bytes()).hexdigest())])
    assert not loaded.problems, loaded.problems
    catalog.set_custom(layer_specs(loaded.objects), object_specs(loaded.objects))


def _written_config(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def _operation(written: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("class_name", "config", "module", "registered_name")
    return {key: written[key] for key in keys if written.get(key) is not None}


def _plain(config: Any, marks: tuple[str, ...]) -> Any:
    """With no mark that Keras draws anew, no version, and numbers for names that it invents anew."""
    return comparable(without({key: config[key] for key in ("class_name", "config")}, marks))


def _without_own_modules(value: Any) -> Any:
    """.h5 files say by which name a class of one's own is registered, and not in which module it is."""
    if isinstance(value, dict):
        own = ">" in str(value.get("registered_name"))
        return {key: _without_own_modules(item) for key, item in value.items() if not (own and key == "module")}
    return [_without_own_modules(item) for item in value] if isinstance(value, list) else value


def _difference(one: Any, other: Any, place: str = "") -> str:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in (*one, *other):
            if one.get(key) != other.get(key) or (key in one) != (key in other):
                return _difference(one.get(key), other.get(key), f"{place}.{key}")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            if left != right:
                return _difference(left, right, f"{place}[{index}]")
    return f"{place}: {str(one)[:150]} / {str(other)[:150]}"
