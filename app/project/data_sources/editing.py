"""The data section with other sources: added, renamed, joined otherwise, read with other options, taken away. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from resources.training.sections import BINDINGS, SOURCES, bindings_of, sources_of

Json = Any
Section = Mapping[str, Json]
_COLUMNS: Final = "columns"


def with_only(data: Section, source: Mapping[str, Json]) -> dict[str, Json]:
    """The section with this source alone. Bindings stay: a file of the same columns is bound as the one before."""
    return {**copy.deepcopy(dict(data)), SOURCES: [dict(source)]}


def with_one_more(
    data: Section, source: Mapping[str, Json], join: Mapping[str, Json], wish: str = ""
) -> dict[str, Json]:
    """The section with a source beside those that are there, named as is wished, or after its file."""
    taken = {str(other.get("name") or "") for other in sources_of(data)}
    name = free_name(wish or str(source.get("path") or source.get("kind") or ""), taken)
    more = {**source, "name": name, "join": dict(join)}
    return {**copy.deepcopy(dict(data)), SOURCES: [*map(dict, sources_of(data)), more]}


def without(data: Section, place: int) -> dict[str, Json]:
    """The section without a source, and without what its columns fed. The second becomes the first one."""
    sources = [dict(source) for source in sources_of(data)]
    removed = sources.pop(place)
    section = {**copy.deepcopy(dict(data)), SOURCES: sources}
    prefix = f"{removed.get('name')}/"
    if place:
        return _with_columns(section, lambda name: None if name.startswith(prefix) else name)
    if not sources:
        return section
    first = sources[0]
    prefix = f"{first.pop('name', '')}/"
    first.pop("join", None)
    others = tuple(f"{source.get('name')}/" for source in sources[1:])

    def renamed(name: str) -> str | None:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
        return name if name.startswith(others) else None  # those of the first one that was

    return _with_columns(section, renamed)


def renamed(data: Section, place: int, name: str) -> dict[str, Json]:
    """The section in which a source but the first is called otherwise, and its columns with it."""
    sources = [dict(source) for source in sources_of(data)]
    old, new = f"{sources[place].get('name')}/", f"{name}/"
    sources[place]["name"] = name
    section = {**copy.deepcopy(dict(data)), SOURCES: sources}
    return _with_columns(section, lambda column: new + column.removeprefix(old) if column.startswith(old) else column)


def with_option(data: Section, place: int, key: str, value: Json) -> dict[str, Json]:
    """The section in which a source is read with another option; None: it is found out."""
    sources = [dict(source) for source in sources_of(data)]
    options = {name: other for name, other in (sources[place].get("options") or {}).items() if name != key}
    if value is not None:
        options[key] = value
    sources[place]["options"] = options
    return {**copy.deepcopy(dict(data)), SOURCES: sources}


def with_join(data: Section, place: int, join: Mapping[str, Json]) -> dict[str, Json]:
    """The section in which a source but the first finds the samples of the first otherwise."""
    sources = [dict(source) for source in sources_of(data)]
    sources[place]["join"] = dict(join)
    return {**copy.deepcopy(dict(data)), SOURCES: sources}


def with_kind(data: Section, names: Sequence[str], kind: str) -> dict[str, Json]:
    """The section in which columns are of another kind; without one it is found out again."""
    section = copy.deepcopy(dict(data))
    written = section.get(_COLUMNS)
    columns = dict(written) if isinstance(written, Mapping) else {}
    for name in names:
        present = columns.get(name)
        known = present if isinstance(present, Mapping) else {}
        column = {key: value for key, value in known.items() if key != "kind"}
        if kind:
            column["kind"] = kind
        columns[name] = column
    section[_COLUMNS] = {name: column for name, column in columns.items() if column}
    return section


def free_name(wish: str, taken: set[str]) -> str:
    """A name for a source, of that of its file, that no other one has."""
    stem = Path(wish).stem.replace("/", "_").strip() or "data"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem} {number}"
    return name


def _with_columns(data: dict[str, Json], rename: Any) -> dict[str, Json]:
    """The section in which columns are called what `rename` says, and are left out where it says None."""
    bindings: dict[str, Sequence[str]] = {}
    for target, names in bindings_of(data).items():
        kept = [new for name in names if (new := rename(name)) is not None]
        if len(kept) == len(names):
            bindings[target] = kept
    data[BINDINGS] = bindings
    columns = data.get(_COLUMNS)
    if isinstance(columns, Mapping):
        data[_COLUMNS] = {new: value for name, value in columns.items() if (new := rename(name)) is not None}
    return data
