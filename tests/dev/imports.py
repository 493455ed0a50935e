"""Who imports whom, read from the source: for the tests of what changed, and for the picture of the layers."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dev import ROOT
from tests.support.trees import PACKAGES, imported


@dataclass(frozen=True)
class Source:
    """One file: the modules that it imports, and the texts in it, which may name files and modules."""

    path: Path
    imports: frozenset[str]
    texts: frozenset[str]


def module_name(path: Path, root: Path = ROOT) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_sources(packages: Iterable[str] = PACKAGES, root: Path = ROOT) -> dict[str, Source]:
    """Every module of the packages (a package itself is its ``__init__``) with what it imports of them."""
    files = (path for package in packages for path in [root / f"{package}.py", *sorted((root / package).rglob("*.py"))])
    paths = {module_name(path, root): path for path in files if path.is_file()}
    known = frozenset(paths)
    result = {}
    for name, path in paths.items():
        tree = ast.parse(path.read_text("utf-8"))
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        texts = frozenset(value for value in constants if isinstance(value, str))
        result[name] = Source(path, known.intersection(imported(tree, known)), texts)
    return result


def used_by(sources: dict[str, Source]) -> dict[str, set[str]]:
    """For each module, who leads to it: by an import, by its name in a text, or by the folder that lists it."""
    result: dict[str, set[str]] = {name: set() for name in sources}
    for name, source in sources.items():
        named = {text.rstrip(".") for text in source.texts if "." in text} & sources.keys()
        for used in source.imports | named:
            result[used].add(name)
    for name, source in sources.items():
        package = name.rpartition(".")[0]
        if source.path.name != "__init__.py" and package in result:
            result[name].add(package)  # whoever imports a folder as such looks through it for its files
    return result
