"""Nothing of a project becomes code in what is exported. tests/fuzz/export_code.py tries many more."""

from __future__ import annotations

import ast
import contextlib
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.project.templates import TEMPLATES
from graph_editor.catalog.catalog import Catalog
from graph_editor.document.clips.blocks import read_block
from graph_editor.document.clips.clipboard import copied_text, read_clip
from graph_editor.document.document import Document
from graph_editor.document.edits import EditError
from graph_editor.document.files.file_format import FileError, dumps, loads
from graph_editor.exporters.code import script
from graph_editor.exporters.code.names import Names
from graph_editor.exporters.code.values import is_no_part_of_a_model
from graph_editor.exporters.notebook import notebook
from graph_editor.exporters.python_source import python_source
from graph_editor.keras_format.functional import model_json
from graph_editor.keras_format.reading import ConfigError, from_model_json
from resources.python_code import pieces
from resources.python_code.layout import comment, docstring
from resources.python_code.pieces import SourceError, call, flat, import_from, library, literal, name
from runtime.python_code import RunCode
from tests.fuzz.export_code import Fuzzer
from tests.fuzz.hostile_projects import PAYLOADS, RESOURCES, seeds
from tests.fuzz.source_rules import check_notebook, check_script

CODE = Path(script.__file__).parent
ROOT = Path(__file__).parents[4]
_NO_NAMES = [text for text in PAYLOADS if not text.isidentifier()]
_NUMBERS = [0, -1, 10**400, -(10**5000), 1.5, -0.0, math.inf, -math.inf, True, False, None]
INJECTED = 'training=1) or __import__("os").system("true") or dict(x'


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load()


def test_hostile_projects_are_refused_or_harmless() -> None:
    fuzzer = Fuzzer(20261130)
    for number in range(400):
        fuzzer.run(number)
    assert fuzzer.findings == []
    assert fuzzer.counts["script: exported"] > 100
    assert fuzzer.counts["notebook: exported"] == fuzzer.counts["script: exported"]
    assert fuzzer.counts["script: refused with its place"] > 10
    assert fuzzer.counts["refused by the reader"] > 50


@pytest.mark.parametrize("left_out", ["checked_name", "quoted"])
def test_the_fuzzer_finds_what_is_not_checked(left_out: str, monkeypatch: pytest.MonkeyPatch) -> None:
    as_it_is: dict[str, Any] = {"checked_name": lambda text: text, "quoted": lambda text: pieces.Atom(f'"{text}"')}
    monkeypatch.setattr(pieces, left_out, as_it_is[left_out])
    fuzzer = Fuzzer(3)
    for number in range(300):
        fuzzer.run(number)
    assert any("Broken" in finding for finding in fuzzer.findings)


def test_sound_projects_keep_the_rules(catalog: Catalog) -> None:
    for project in seeds():
        document = loads(json.dumps(project).encode())
        check_script(python_source(document, catalog, RunCode()))
        check_notebook(notebook(document, catalog, RunCode()))


@pytest.mark.parametrize("text", PAYLOADS, ids=range(len(PAYLOADS)))
def test_any_text_is_written_as_a_literal_comment_title_and_variable(text: str) -> None:
    for value in (text, {text: [text, {text: text}]}, (text,), text.encode("utf-8", "surrogatepass")):
        written = flat(literal(value, tuples=isinstance(value, tuple)))
        assert ast.literal_eval(written) == value
        assert written.isprintable()
    remark = "\n".join(comment(text)) + "\n" + docstring(text)
    assert [type(node) for node in ast.walk(ast.parse(remark))] == [ast.Module, ast.Expr, ast.Constant]
    variable = Names().variable(text)
    assert ast.dump(ast.parse(variable)) == ast.dump(ast.parse(flat(name(variable))))
    assert isinstance(ast.parse(variable, mode="eval").body, ast.Name)


@pytest.mark.parametrize("text", _NO_NAMES, ids=range(len(_NO_NAMES)))
def test_no_name_is_made_of_other_text(text: str) -> None:
    for make in (name, lambda text: library("keras." + text), lambda text: call(name("f"), **{text: literal(1)})):
        with pytest.raises(SourceError, match="no name"):
            make(text)
    with pytest.raises(SourceError):
        import_from(text, ["Thing"])
    with pytest.raises(SourceError):
        import_from("module", [text])


@pytest.mark.parametrize("number", _NUMBERS, ids=range(len(_NUMBERS)))
def test_numbers_come_back_the_same(number: Any) -> None:
    back = eval(flat(literal(number)))  # our own output
    assert (type(back), back, str(back)[:1] if not isinstance(back, int) else "") == (
        type(number), number, str(number)[:1] if not isinstance(number, int) else "",
    )  # fmt: skip


def test_what_is_no_number_comes_back_as_such() -> None:
    assert math.isnan(eval(flat(literal(math.nan))))


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": {1, 2}}, 1j])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(SourceError, match="cannot be written"):
        literal(value)


def test_deep_values_are_refused(catalog: Catalog) -> None:
    for deep in (100, 400):
        value: Any = 0
        for _ in range(deep):
            value = [value]
        document = _with_config("extra", value)
        with pytest.raises(SourceError, match="too deeply"):
            python_source(document, catalog, RunCode())


def test_the_error_names_the_layer(catalog: Catalog) -> None:
    document = TEMPLATES[0].open()
    graph = document.graph
    call_id, layer = next(
        (key, graph.operation_of(key).name)
        for key in graph.calls
        if graph.operation_of(key).class_name == "Dense" and list(graph.edges_into(key))
    )
    recorded = graph.calls[call_id]
    graph.replace_call(type(recorded)(call_id, recorded.operation, recorded.args, {INJECTED: 1}))
    with pytest.raises(SourceError, match="no name") as refused:
        python_source(document, catalog, RunCode())
    assert str(refused.value).startswith(f"{layer}: ") and INJECTED[:20] in str(refused.value)


@pytest.mark.parametrize("module, class_name", [("keras", "Sequential"), ("own\nimport x", "Scale"), ("own", "print")])
def test_nothing_is_imported_that_is_not_the_projects_own(module: str, class_name: str, catalog: Catalog) -> None:
    document = loads(json.dumps(seeds()[-1]).encode())
    assert "from own_code import Scale, Start" in python_source(document, catalog, RunCode())
    document.extra = {"custom_code": {"files": [f"code/{module}.py"]}}
    operation = document.graph.operations["o4"]
    document.graph.replace_operation(type(operation)("o4", class_name, {}, module, f"own>{class_name}"))
    written = python_source(document, catalog, RunCode())
    check_script(written)
    assert "\nfrom " not in written


_FOREIGN = [
    {"module": "os", "class_name": "system", "config": {"command": "true"}},
    {"module": "subprocess", "class_name": "Popen", "config": {"args": "true"}},
    {"module": "builtins", "class_name": "function", "config": "exec"},
    {"module": "keras.utils", "class_name": "function", "config": "get_file"},
    {"module": "keras.src.utils.file_utils", "class_name": "get_file", "config": {}},
    {"module": "keras.models", "class_name": "function", "config": "load_model"},
    {"module": "keras.config", "class_name": "function", "config": "enable_unsafe_deserialization"},
]


@pytest.mark.parametrize("named", _FOREIGN, ids=lambda named: named["module"])
def test_what_is_no_part_of_a_model_is_not_called(named: dict[str, Any], catalog: Catalog) -> None:
    """Older versions of Keras would import it and call it when the script runs."""
    document = TEMPLATES[0].open()
    operation = next(item for item in document.graph.operations.values() if item.class_name == "Dense")
    config = {**operation.config, "activation": {**named, "registered_name": None}}
    document.graph.replace_operation(type(operation)(operation.id, "Dense", config))
    with pytest.raises(SourceError, match="no part of a model"):
        python_source(document, catalog, RunCode())
    document = loads(json.dumps(seeds()[-1]).encode())
    document.extra = {"custom_code": {"files": [f"{named['module']}.py"]}}
    operation = document.graph.operations["o4"]
    own = type(operation)("o4", named["class_name"], {}, named["module"], f"own>{named['class_name']}")
    document.graph.replace_operation(own)
    if is_no_part_of_a_model({"module": own.module, "class_name": own.class_name}):
        with pytest.raises(SourceError, match="no part of a model"):
            python_source(document, catalog, RunCode())


def _with_config(key: str, value: Any) -> Document:
    document = TEMPLATES[0].open()
    operation = next(iter(document.graph.operations.values()))
    config = {**operation.config, key: value}
    document.graph.replace_operation(type(operation)(operation.id, "Other", config, "other", "other>Other"))
    return document


# Reading


@pytest.mark.parametrize("key", ["kwargs", "class_name", "module"])
def test_a_project_with_a_name_that_is_none_is_refused(key: str) -> None:
    content = json.loads(dumps(TEMPLATES[0].open()))
    if key == "kwargs":
        next(iter(content["graph"]["calls"].values()))["kwargs"] = {INJECTED: 1}
    else:
        next(iter(content["graph"]["operations"].values()))[key] = INJECTED
    with pytest.raises(FileError, match=rf"evil.lamella is damaged at graph → .* → {key}: .*no name"):
        loads(json.dumps(content).encode(), "evil.lamella")


@pytest.mark.parametrize("key", ["kwargs", "class_name", "module"])
def test_a_config_with_a_name_that_is_none_is_refused(key: str) -> None:
    config = json.loads(json.dumps(model_json(TEMPLATES[0].open())))
    layer = config["config"]["layers"][-1]
    if key == "kwargs":
        layer["inbound_nodes"][0]["kwargs"] = {INJECTED: 1}
    else:
        layer[key] = INJECTED
    with pytest.raises(ConfigError, match=rf"layers → .* → {key}: .*no name"):
        from_model_json(config)


def test_boxes_in_the_clipboard_with_a_name_that_is_none_are_refused() -> None:
    document = TEMPLATES[0].open()
    call = next(key for key in document.graph.calls if list(document.graph.edges_into(key)))
    copied = json.loads(copied_text(document, [call], {call: (0.0, 0.0)}))
    assert copied["incoming"][0]["path"][0] in ("args", "kwargs")
    for path, sound in ((["kwargs", "query"], True), (["kwargs", INJECTED], False), (["kwargs", "class"], False)):
        copied["incoming"][0]["path"] = path
        if sound:
            assert read_clip(json.dumps(copied)).incoming[0].path == tuple(path)
        else:
            with pytest.raises(EditError, match="damaged"):
                read_clip(json.dumps(copied))
    copied["incoming"] = []
    copied["graph"]["calls"][call]["kwargs"] = {INJECTED: 1}
    with pytest.raises(EditError, match="no name"):
        read_clip(json.dumps(copied))


def test_what_keras_is_given_may_be_infinite_and_what_lies_on_the_canvas_may_not() -> None:
    """Keras writes such numbers into configs and calls; a box cannot lie there."""
    document = TEMPLATES[0].open()
    places = dict.fromkeys(document.graph.calls, (0.0, 0.0))
    copied = json.loads(copied_text(document, list(places), places))
    operation = next(iter(copied["graph"]["operations"].values()))
    operation["config"]["odd"] = [-math.inf, math.nan]
    next(iter(copied["graph"]["calls"].values()))["kwargs"] = {"x_max": math.inf}
    clip = read_clip(json.dumps(copied))
    text = copied_text(clip.document, list(clip.document.graph.calls), places)
    assert '"odd": [-Infinity, NaN]' in text
    assert '{"x_max": Infinity}' in text
    for number in (math.inf, math.nan):
        next(iter(copied["canvas"]["positions"].values()))[0] = number
        with pytest.raises((EditError, FileError)):
            read_clip(json.dumps(copied))


def test_a_block_with_a_name_that_is_none_is_refused() -> None:
    for path in sorted((RESOURCES / "blocks").glob("*.lamella-block")):
        content = json.loads(path.read_bytes())
        read_block(json.dumps(content).encode(), path.name)
        next(iter(content["boxes"]["graph"]["calls"].values()))["kwargs"] = {INJECTED: 1}
        with pytest.raises((FileError, EditError), match="no name"):
            read_block(json.dumps(content).encode(), path.name)


@pytest.mark.parametrize("number", [10**400, -(10**400), math.inf, math.nan, 1.7e308])
def test_numbers_out_of_range_are_no_accident(number: Any, catalog: Catalog) -> None:
    project = seeds()[-1]
    columns = project["data"]["sources"][0]["options"]["columns"]
    for where, key in ((columns["a"], "maximum"), (columns["b"], "minimum"), (project["data"], "validation_percent")):
        before, where[key] = where[key], number
        with contextlib.suppress(SourceError):  # of one sentence; nothing else may come
            check_script(python_source(loads(json.dumps(project).encode()), catalog, RunCode()))
        where[key] = before


def test_a_number_of_thousands_of_digits_is_one_sentence() -> None:
    content = dumps(TEMPLATES[0].open()).replace(b"{", b'{"long": ' + b"9" * 5000 + b",", 1)
    with pytest.raises(FileError, match="number that is far too long"):
        loads(content, "long.lamella")


def test_an_error_keeps_to_one_line() -> None:
    content = json.loads(dumps(TEMPLATES[0].open()))
    content["graph"]["operations"]["a\nb\u202e" + "z" * 5000] = {}
    with pytest.raises(FileError) as refused:
        loads(json.dumps(content).encode())
    assert str(refused.value).isprintable() and len(str(refused.value)) < 400


# The exporter itself


# Where text becomes code is resources/python_code alone, and `names` makes names; elsewhere pieces are put together.
_WRITERS = [
    *(path for path in CODE.glob("*.py") if path.stem != "names"),
    *(ROOT / "runtime").glob("python_code.py"),
    *(ROOT / "runtime" / "worker" / "data" / "steps").glob("*.py"),
    *(ROOT / "runtime" / "worker" / "data" / "sources").glob("*.py"),
    *(ROOT / "runtime" / "worker" / "training" / "callbacks").glob("*.py"),
]


def test_source_is_put_together_in_few_places() -> None:
    found = []
    for path in sorted(_WRITERS):
        for function in _writing(ast.parse(path.read_text("utf-8")), whole=path.parent == CODE):
            for node in ast.walk(function):
                pasted = isinstance(node, ast.JoinedStr) and not _names_a_library(node)
                formatted = isinstance(node, ast.Attribute) and node.attr in ("format", "format_map", "substitute")
                formatted = formatted or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod))
                if pasted or formatted or (isinstance(node, ast.Name) and node.id == "Atom"):
                    found.append(f"{path.name}: {ast.unparse(node)}")
    assert found == []


def _writing(tree: ast.Module, *, whole: bool) -> list[ast.AST]:
    """The whole module, or the functions of it that name a type of code in what they return."""
    if whole:
        return [tree]
    types = {"Code", "CallbackCode", "Loading", "Constant", "StepCode", "Preparing"}
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.returns]
    return [node for node in functions if types & set(re.findall(r"\w+", ast.unparse(node.returns or node)))]


# Of each part of a script: the order of its fields, and which of them is fixed text.
_PARTS = {
    "Loading": (("imports", "constants", "functions", "columns", "about"), ("imports", "functions", "about")),
    "CallbackCode": (("made", "imports", "functions"), ("imports", "functions")),
    "Constant": (("name", "value", "before", "behind"), ("name", "before", "behind")),
}


def test_what_data_and_callbacks_write_as_it_stands_is_constant() -> None:
    """Imports, functions, remarks and help of a script are constants of their module; nothing is put into them."""
    found, seen = [], 0
    for path in sorted(path for path in _WRITERS if path.parent != CODE):
        tree = ast.parse(path.read_text("utf-8"))
        constants = _constants_of(tree)
        assigned = _assigned_in(tree)
        for call_ in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            order, fixed = _PARTS.get(call_.func.id if isinstance(call_.func, ast.Name) else "", ((), ()))
            given = dict(zip(order, call_.args, strict=False)) | {word.arg: word.value for word in call_.keywords}
            for value in (given[field] for field in fixed if field in given):
                for part in _parts(value, assigned):
                    seen += 1
                    if not isinstance(part, ast.Constant) and not (isinstance(part, ast.Name) and part.id in constants):
                        found.append(f"{path.name}: {ast.unparse(part)}")
    assert found == []
    assert seen > 20


def _parts(value: ast.expr, assigned: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """What a tuple or list is put together of, through variables and conditions."""
    if isinstance(value, ast.Tuple | ast.List):
        for part in value.elts:
            yield from _parts(part, assigned)
    elif isinstance(value, ast.Starred):
        yield from _parts(value.value, assigned)
    elif isinstance(value, ast.IfExp):
        yield from _parts(value.body, assigned)
        yield from _parts(value.orelse, assigned)
    elif isinstance(value, ast.Call) and ast.unparse(value.func) == "tuple":
        yield from _parts(value.args[0], assigned)
    elif isinstance(value, ast.Name) and value.id in assigned:
        yield from _parts(assigned[value.id], assigned)
    else:
        yield value


def _assigned_in(tree: ast.Module) -> dict[str, ast.expr]:
    """Variables that have one value in their module."""
    values: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values.setdefault(node.targets[0].id, []).append(node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            values.setdefault(node.target.id, []).append(node.value)
            values[node.target.id].append(node.value)
    return {name: found[0] for name, found in values.items() if len(found) == 1 and name != "_"}


def _constants_of(tree: ast.Module) -> set[str]:
    """Names that stand for a text of the module, or of the one that all writers share."""
    found = {
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module in ("runtime.python_code", "resources.python_code.shared")
        for alias in node.names
        if alias.name.isupper()
    }
    for node in tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            value = node.value
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "Text":
                value = value.args[0]
            if isinstance(value, ast.Constant):
                found.add(node.target.id)
    return found


def _names_a_library(node: ast.JoinedStr) -> bool:
    """Such as f"keras.losses.{name}", whose parts `library` checks."""
    return all(
        isinstance(part, ast.FormattedValue)
        or (isinstance(part, ast.Constant) and set(str(part.value)) <= set(_DOTTED))
        for part in node.values
    )


_DOTTED = "abcdefghijklmnopqrstuvwxyz."
