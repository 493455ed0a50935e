"""The code of several sources as that of one: what each calls its own gets a name of its own."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from resources.python_code.layout import function, returned
from resources.python_code.parts import PART, Constant, Loading
from resources.python_code.pieces import flat, quoted
from resources.python_code.shared import JOINING, PLACES

LOAD: Final = "load_data"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_SHORT: Final = 30


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several sources: `name` stands before its columns, and is empty for the first.

    `key` has the column of the first source and the own one that it is joined by; None: by the order of samples.
    """

    name: str
    loading: Loading
    key: tuple[str, str] | None = None
    leave_out: bool = False
    take_first: bool = False


def side_by_side(sources: Sequence[OneOf]) -> Loading:
    """Loads all, the columns of each with its name before them, as they stand."""
    own: set[str] = set()
    parts = [_own(source.loading, _word(source.name, number, own)) for number, source in enumerate(sources)]
    imports = dict.fromkeys(line for loading, _ in parts for line in loading.imports)
    constants = tuple(constant for loading, _ in parts for constant in loading.constants)
    functions = dict.fromkeys(text for loading, _ in parts for text in loading.functions)
    has_parts = any(loading.has_parts for loading, _ in parts)
    lines = ["    data = {}\n"]
    in_order = sorted(zip(sources, parts, strict=True), key=lambda pair: pair[0].key is not None)
    for source, (loading, load) in in_order:  # those that leave samples out come last
        if source.key is not None:
            before = flat(quoted(f"{source.name}/"))
            ends = [flat(quoted(column)) for column in source.key]
            lines.append(f"    other = {load}()\n")
            how = f"{source.leave_out}, {source.take_first}"
            lines.append(f"    kept, rows = rows_by_key(data[{ends[0]}], other[{ends[1]}], {how})\n")
            if loading.has_parts:
                lines.append("    if not (np.diff(rows) > 0).all():  # in another order, its parts do not count\n")
                lines.append(f"        other[{flat(quoted(PART))}][:] = 0\n")
            lines.append("    data = {name: values[kept] for name, values in data.items()}\n")
            lines.append(f"    data |= {{{before} + name: values[rows] for name, values in other.items()}}\n")
        elif source.name:
            before = flat(quoted(f"{source.name}/"))
            lines.append(f"    data |= {{{before} + name: values for name, values in {load}().items()}}\n")
        else:
            lines.append(f"    data |= {load}()\n")
    about = '    """The columns of all sources, joined."""\n'
    if any(source.key for source in sources):
        functions |= dict.fromkeys((PLACES, JOINING))
    if has_parts:
        lines += _first_parts(
            [source for source, (loading, _) in zip(sources, parts, strict=True) if loading.has_parts]
        )
    text = "".join([f"def {LOAD}():\n", about, *lines, "    return data\n"])
    return Loading(tuple(imports), constants, (*functions, text), has_parts=has_parts)


def _first_parts(sources: Sequence[OneOf]) -> list[str]:
    """Lines that leave the parts of the first source that has any."""
    names = [flat(quoted(f"{source.name}/{PART}" if source.name else PART)) for source in sources]
    if names == [flat(quoted(PART))]:
        return []
    return [
        f"    parts = [data.pop(name) for name in ({', '.join(names)},)]\n",
        f"    data[{flat(quoted(PART))}] = next((part for part in parts if part.any()), parts[0])\n",
    ]


def _word(name: str, number: int, taken: set[str]) -> str:
    """An identifier for a source."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:_SHORT]
    if not _NAME.fullmatch(word) or word in taken:
        word = "first" if number == 0 else f"source_{number + 1}"
    taken.add(word)
    return word


def _own(loading: Loading, word: str) -> tuple[Loading, str]:
    """The loading with names of its own, and what its `load_data` is called."""
    load = f"load_{word}"
    functions = loading.functions
    if loading.columns is not None:
        about = loading.about.english() if loading.about else ""
        functions = (*functions, function(LOAD, returned(loading.columns), about=about))
    names = {constant.name: f"{word.upper()}_{constant.name}" for constant in loading.constants}
    names[LOAD] = load
    while more := _touched(functions, names):  # a function that reads a constant of this source is its own, too
        names |= {name: f"{name}_{word}" for name in more}
    constants = tuple(_renamed_constant(constant, names) for constant in loading.constants)
    return replace(
        loading,
        constants=constants,
        functions=tuple(_renamed(text, names) for text in functions),
        columns=None,
        about=None,
    ), load


def _touched(functions: Sequence[str], names: Mapping[str, str]) -> set[str]:
    """What is defined beside a use of one of `names`, and has no name of its own yet."""
    found: set[str] = set()
    for text in functions:
        for node in ast.parse(text).body:
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            if used & names.keys():
                found.update(_defined(node))
    return found - names.keys()


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _renamed_constant(constant: Constant, names: Mapping[str, str]) -> Constant:
    return replace(constant, name=names[constant.name])


def _renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names, word by word; what stands in quotation marks stays."""
    lines = text.splitlines(keepends=True)
    found = [
        token
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME and token.string in names
    ]
    for token in reversed(found):
        (row, start), (_, end) = token.start, token.end
        line = lines[row - 1]
        if line[:start].rstrip().endswith("."):
            continue  # an attribute of something else
        lines[row - 1] = line[:start] + names[token.string] + line[end:]
    return "".join(lines)
