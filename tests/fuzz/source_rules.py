"""What an exported script may consist of, told by its syntax tree and its characters alone."""

from __future__ import annotations

import ast
import io
import json
import keyword
import re
import sys
import tokenize
import warnings
from types import ModuleType
from typing import Final

from graph_editor.exporters.code import batches, windows
from graph_editor.exporters.code.data import SIDE_BY_SIDE_HELPER
from graph_editor.exporters.code.graphs import KEEP_FROZEN_HELPER, NAMED_HELPER, WITH_VOCABULARY_HELPER
from graph_editor.exporters.code.split import HELPERS as SPLIT_HELPERS
from graph_editor.exporters.code.split import OWN_PARTS, PRINT_TEST_HELPER, ROWS_OF_HELPER, ROWS_OR_NONE_HELPER
from resources.python_code import adapting, augmented, batched, beside, preparing, shuffled
from resources.python_code import shared as shared_functions
from resources.python_code.parts import OWN
from runtime import python_code
from runtime.data_kinds import data_kinds, kind_module
from runtime.worker.data.sources import python, random
from tests.fuzz.hostile_projects import CANARY

_LIBRARIES: Final = {f"import {name}" for name in (
    "codecs", "collections", "contextlib", "csv", "dataclasses", "datetime", "decimal", "fractions", "inspect", "io",
    "itertools", "json", "math", "operator", "os", "pathlib", "re", "sqlite3", "typing", "unicodedata",
    "urllib.parse", "wave",
    "h5py", "keras", "numpy as np", "tensorflow as tf", "pyarrow as pa", "pyarrow.parquet", "python_calamine",
    "scipy.io",
)}  # fmt: skip
_ROOTS: Final = {"keras", "np"}
_BUILTINS: Final = {"slice", "float", "len", "print", "dict"}
_CONSTANT: Final = re.compile(r"(?:[A-Z0-9_]+_)?[A-Z][A-Z_]*")
# What is called on values; everything else with a dot begins with a library.
_METHODS: Final = {
    "from_config", "reshape", "astype", "integers", "random", "compile", "fit", "save", "load_weights", "summary",
    "validation", "adapt", "evaluate", "augment",
}  # fmt: skip
_PACKAGES: Final = {
    "keras.Input", "keras.Model", "keras.Sequential", "keras.DTypePolicy", "keras.utils.set_random_seed",
    "keras.saving.deserialize_keras_object", "np.array", "np.float32", "np.random.default_rng", "np.arange",
    "np.clip", "np.log", "np.log1p", "np.repeat",
}  # fmt: skip
_FAMILIES: Final = (
    "keras.layers.", "keras.ops.", "keras.activations.", "keras.initializers.", "keras.regularizers.",
    "keras.constraints.", "keras.losses.", "keras.metrics.", "keras.optimizers.", "keras.callbacks.",
)  # fmt: skip
_EXPRESSIONS: Final = (
    ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Name, ast.Attribute, ast.Call, ast.keyword, ast.Subscript,
    ast.Slice, ast.UnaryOp, ast.USub, ast.BinOp, ast.Mult, ast.Add, ast.Load, ast.IfExp,
)  # fmt: skip


def _functions_of(module: ModuleType) -> tuple[str, ...]:
    """Functions in Python that a module holds as text."""
    texts = (value for name, value in vars(module).items() if name.isupper() and isinstance(value, str))
    return tuple(text for text in texts if re.search(r"^(?:def|class) ", text, re.MULTILINE))


SHARED: Final = _functions_of(shared_functions)
_OF_KINDS: Final = tuple(text for kind in data_kinds() for text in _functions_of(kind_module(kind.key)))
HELPERS: Final = (
    NAMED_HELPER, KEEP_FROZEN_HELPER, WITH_VOCABULARY_HELPER, SIDE_BY_SIDE_HELPER, ROWS_OF_HELPER,
    ROWS_OR_NONE_HELPER, PRINT_TEST_HELPER,
    beside.HELPER, shuffled.HELPER, shuffled.AS_TENSORS_HELPER, shuffled.WORDS_HELPER, preparing.THROUGH_HELPER,
    adapting.ADAPT_HELPER, adapting.ADAPT_AT_HELPER, adapting.ADAPTED_HELPER,
    *shared_functions.definitions("part_sizes.py", ["part_sizes"]),
    *(text for names in SPLIT_HELPERS.values() for text in shared_functions.definitions("splits.py", names)),
    *shared_functions.definitions("splits.py", OWN_PARTS),
    *shared_functions.all_of("prepared.py"),
    *_functions_of(augmented), *_functions_of(batched), windows.SIDE_BY_SIDE_HELPER,
    *shared_functions.all_of("windows.py"),
)  # fmt: skip
# Functions with arguments that are written for a project, and what they call these.
_WITH_ARGUMENTS: Final = {
    "complete": "data",
    "prepare": "data, training",
    batched.LEARN: "data, training",
    batched.PREPARE_BATCH: "data",
    batched.BATCH_OF: "data",
}
_FIXED: Final = {ast.dump(node) for text in (*HELPERS, *SHARED, *_OF_KINDS) for node in ast.parse(text).body}
_DESCRIPTIONS: Final = {random._MADE_UP.english(), python._ABOUT.english(), python_code.COMPLETE, python_code.PREPARE,
    python_code.PREPARE_EACH, python_code.LEARNS_OF, python_code.LEARN_ABOUT, batches.ABOUT,
}  # fmt: skip
_ENTRY: Final = ast.dump(ast.parse('if __name__ == "__main__":\n    main()').body[0])


class Broken(Exception):  # noqa: N818 - a finding, with its reason
    """The source holds something that it must not."""


def check_script(text: str) -> None:
    """Raises Broken unless the script holds names, literals and calls of the known kinds only."""
    _check_text(text)
    tree = _parsed(text)
    _check(isinstance(tree.body[0], ast.Expr), "it begins with something else than its title")
    title = tree.body[0].value if isinstance(tree.body[0], ast.Expr) else None
    _check(isinstance(title, ast.Constant) and isinstance(title.value, str), "its title is no text")
    _check_program(tree.body[1:])


def check_notebook(text: str) -> None:
    """The same for all cells of a notebook together, and each by itself is Python."""
    cells = json.loads(text)["cells"]
    text.encode("utf-8")
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            _check(all(sign.isalnum() or sign in " -_#.,()\n" for sign in source), "markup in a text cell")
            continue
        _check_text(source)
        _parsed(source)
        for line in source.splitlines():
            _check(not line.lstrip().startswith(("%", "!", "?", "/", ",", ";")), "a line that is a command")
    body: list[ast.stmt] = []
    main: list[ast.stmt] = []
    for node in (node for source in sources for node in _parsed(source).body):
        known = isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)
        known = known or ast.dump(node) in _FIXED or (isinstance(node, ast.Assign) and _is_constant(node))
        (body if known else main).append(node)
    arguments = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    _check_program([*body, ast.FunctionDef("main", arguments, main, [], None, None)])


def _is_constant(node: ast.Assign) -> bool:
    return len(node.targets) == 1 and _CONSTANT.fullmatch(ast.unparse(node.targets[0])) is not None


def _check(sound: bool, reason: str) -> None:
    if not sound:
        raise Broken(reason)


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(text)
    except (SyntaxError, SyntaxWarning, DeprecationWarning, ValueError, RecursionError, MemoryError) as error:
        raise Broken(f"it is no Python: {error}") from error


def _check_text(text: str) -> None:
    text.encode("utf-8")
    for shared in (*SHARED, *HELPERS, *_OF_KINDS):  # what is ours word by word
        text = text.replace(shared.rstrip(), "")
    strange = next((sign for sign in text if sign != "\n" and not sign.isprintable()), None)
    _check(strange is None, f"the character {strange!r}")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            _check("\n" not in token.string and token.string.startswith("# "), "a comment that is none")
        if token.type == tokenize.STRING and token.start[0] != token.end[0]:
            first = token.start == (1, 0)  # the title
            _check(first, "a string over several lines")


def _check_program(body: list[ast.stmt]) -> None:
    globally = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in body:
        if isinstance(node, ast.Import):
            _check(ast.unparse(node) in _LIBRARIES or _is_own_samples(node), "an import")
            globally |= {OWN} if _is_own_samples(node) else set()
        elif isinstance(node, ast.ImportFrom):
            globally |= _imported(node)
    for node in body:
        if ast.dump(node) in _FIXED:
            continue
        if isinstance(node, ast.FunctionDef):
            _check_function(node, globally)
        elif isinstance(node, ast.Assign):
            _check(_is_constant(node), "a constant")
            _check_expression(node.value, globally & {"beside"})
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            _check(ast.dump(node) == _ENTRY, f"a statement: {ast.unparse(node)[:100]}")


def _is_own_samples(node: ast.Import) -> bool:
    """The project's own code that makes the data."""
    module, known_as = node.names[0].name, node.names[0].asname
    return len(node.names) == 1 and known_as == OWN and module.isidentifier() and module not in sys.stdlib_module_names


def _imported(node: ast.ImportFrom) -> set[str]:
    names = {alias.name for alias in node.names}
    _check(node.level == 0 and all(alias.asname is None for alias in node.names), "an import under another name")
    _check(node.module not in {*sys.stdlib_module_names, "keras", "numpy", "tensorflow"}, f"from {node.module}")
    for name in (node.module or "", *names):
        _check(name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("__"), f"import {name}")
    _check(not names & {*_ROOTS, *_BUILTINS, *dir(__builtins__), "main", "load_data"}, f"import {names}")
    return names


def _check_function(function: ast.FunctionDef, globally: set[str]) -> None:
    given = _WITH_ARGUMENTS.get(function.name, "")
    with_layers = f"data, {batched.LAYERS}"
    if function.name in (batched.PREPARE_BATCH, batched.BATCH_OF) and ast.unparse(function.args) == with_layers:
        given = with_layers
    if re.fullmatch("learns_[0-9]+", function.name):
        given = "column, training"
    if ast.unparse(function.args) == f"{adapting.SAMPLES}=None":  # of the one that makes the model
        given = adapting.SAMPLES
        function.args.args.clear()
        function.args.defaults.clear()
    _check(ast.unparse(function.args) in ("", given) and not function.decorator_list, "arguments of a function")
    local: set[str] = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and _stored(node)}
    _check(not local & {*_ROOTS, *_BUILTINS}, f"variables {local}")
    known = (globally - local) | set(filter(None, given.split(", ")))
    for number, node in enumerate(function.body):
        if isinstance(node, ast.Assign):
            target = node.targets[0]
            if isinstance(target, ast.Subscript) and ast.unparse(target.value) == "data" and "data" in known:
                _check(isinstance(target.slice, ast.Constant), "a column")
            else:
                _check(len(node.targets) == 1 and isinstance(target, ast.Name), "an assignment")
            _check_expression(node.value, known)
            known = known | ({target.id} if isinstance(target, ast.Name) else set())
        elif isinstance(node, ast.Return):
            _check(node.value is not None, "an empty return")
            _check_expression(node.value or ast.Constant(None), known)
        elif number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            _check(node.value.value in _DESCRIPTIONS, "a description")
        else:
            _check(isinstance(node, ast.Expr) and isinstance(node.value, ast.Call), f"a {type(node).__name__}")
            _check_expression(node.value if isinstance(node, ast.Expr) else ast.Constant(None), known)


def _stored(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


def _check_expression(expression: ast.expr, known: set[str]) -> None:
    """``known`` are the names that have a value here."""
    inside = {id(node.value) for node in ast.walk(expression) if isinstance(node, ast.Attribute)}
    for node in ast.walk(expression):
        _check(isinstance(node, _EXPRESSIONS), f"a {type(node).__name__}")
        if isinstance(node, ast.Name):
            _check(node.id in known or (node.id in _BUILTINS | _ROOTS), f"the name {node.id[:80]}")
        elif isinstance(node, ast.keyword):
            _check(node.arg is not None and CANARY not in (node.arg.replace(CANARY, "", 1)), "an argument")
            _check(node.arg is not None and not node.arg.startswith("__"), f"the argument {node.arg}")
        elif isinstance(node, ast.Attribute) and id(node) not in inside:
            _check_dotted(node)
        elif isinstance(node, ast.Call):
            _check(isinstance(node.func, ast.Name | ast.Attribute | ast.Call), f"a call of {type(node.func).__name__}")


def _check_dotted(node: ast.Attribute) -> None:
    path, first = [node.attr], node.value
    while isinstance(first, ast.Attribute):
        path.append(first.attr)
        first = first.value
    if isinstance(first, ast.Name) and first.id in _ROOTS:
        dotted = ".".join([first.id, *reversed(path)])
        _check(dotted in _PACKAGES or dotted.startswith(_FAMILIES), f"the use of {dotted[:80]}")
        _check("__" not in dotted, f"the use of {dotted[:80]}")
    elif not (isinstance(first, ast.Name) and first.id == OWN):
        _check(len(path) == 1 and path[0] in _METHODS, f"the use of {'.'.join(path)[:80]}")
