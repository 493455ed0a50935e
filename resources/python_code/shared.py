"""Functions that Lamella itself reads data with and that scripts hold word by word, so that both read the same."""

import ast
import functools
import re
import symtable
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from resources.python_code import in_scripts
from resources.registry import module_names

_FOLDER: Final = Path(in_scripts.__file__ or "").parent
_DEFINED: Final = re.compile(r"^(?:def |class )?(\w+)(?:\(|:| \|?=)", re.MULTILINE)


def _after_imports(module: str) -> str:
    text = (_FOLDER / module).read_text("utf-8")
    imports = [node for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "".join(text.splitlines(keepends=True)[imports[-1].end_lineno :]).strip() + "\n"


def definitions(module: str, names: Iterable[str]) -> list[str]:
    """The functions of a module that have these names, as they stand there."""
    text = (_FOLDER / module).read_text("utf-8")
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    return [f"{ast.get_source_segment(text, found[name])}\n" for name in names]


def all_of(module: str) -> list[str]:
    """All functions of a module, each by itself."""
    body = ast.parse((_FOLDER / module).read_text("utf-8")).body
    return definitions(module, [node.name for node in body if isinstance(node, ast.FunctionDef)])


def with_needed(module: str, names: Iterable[str]) -> list[str]:
    """The same with the functions of the module that these call, in the order of the module."""
    functions = {
        node.name: node
        for node in ast.parse((_FOLDER / module).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    waiting, needed = [name for name in names if name in functions], set[str]()
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            used = (node.id for node in ast.walk(functions[name]) if isinstance(node, ast.Name))
            waiting += [other for other in used if other in functions]
    return definitions(module, [name for name in functions if name in needed])


@functools.cache
def _import_lines() -> dict[str, str]:
    """The line by which a module of scripts imports from a library, by the name that it gives."""
    found: dict[str, str] = {}
    for module in sorted(module_names(in_scripts)):
        for node in ast.parse((_FOLDER / f"{module}.py").read_text("utf-8")).body:
            if isinstance(node, ast.Import) or (
                isinstance(node, ast.ImportFrom) and not str(node.module).startswith("resources.")
            ):
                found |= {(alias.asname or alias.name).partition(".")[0]: ast.unparse(node) for alias in node.names}
    return found


def _from_outside(table: symtable.SymbolTable) -> Iterator[str]:
    """What is used and is no variable of a function."""
    yield from (symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced())
    for inner in table.get_children():
        yield from _from_outside(inner)


def imports_of(texts: Iterable[str]) -> list[str]:
    """What functions of a script have to import, as far as a module of `in_scripts` imports it: by what they use."""
    used = {name for text in texts for name in _from_outside(symtable.symtable(text, "script", "exec"))}
    return sorted({line for name, line in _import_lines().items() if name in used})


PLACES: Final = _after_imports("places.py")
AS_NUMBERS: Final = _after_imports("words.py")
READ_DATES: Final = _after_imports("dates.py")
READ_CELLS: Final = _after_imports("cells.py")
ARROW_VALUES: Final = _after_imports("arrow.py")
AS_WRITTEN: Final = _after_imports("written.py")
READ_SHEETS: Final = _after_imports("sheets.py")
READ_TABLE: Final = _after_imports("tables.py")
OWN_PARTS: Final = _after_imports("own_parts.py")
MATLAB: Final = _after_imports("matlab.py")
LIST_FILES: Final = _after_imports("folders.py")
LIST_PICTURES: Final = _after_imports("picture_folders.py")
READ_SOUNDS: Final = _after_imports("sounds.py")
SAVED_FILES: Final = _after_imports("saved_files.py")
READ_TEXTS: Final = _after_imports("texts.py")
READ_PICTURES: Final = _after_imports("pictures.py")
JOINING: Final = _after_imports("joining.py")
EXAMPLES: Final = _after_imports("examples.py")
TFDS: Final = _after_imports("tfds.py")
DATE_PARTS: Final = _after_imports("date_parts.py")
LATER: Final = _after_imports("later.py")
LATER_ARRAYS: Final = _after_imports("later_arrays.py")
_PREPARED: Final = ("prepared.py", "windows.py")
_ALL: Final = (
    PLACES,
    DATE_PARTS,
    JOINING,
    AS_NUMBERS,
    READ_DATES,
    READ_CELLS,
    ARROW_VALUES,
    AS_WRITTEN,
    READ_SHEETS,
    READ_TABLE,
    OWN_PARTS,
    MATLAB,
    LIST_FILES,
    LIST_PICTURES,
    READ_PICTURES,
    READ_SOUNDS,
    READ_TEXTS,
    SAVED_FILES,
    EXAMPLES,
    TFDS,
    LATER,
    LATER_ARRAYS,
)
# What a script that holds them calls its own.
NAMES: Final = frozenset(_DEFINED.findall("\n".join((*_ALL, *map(_after_imports, _PREPARED)))))
