"""Which boxes a filter text means: by name, and by class as the palette finds it, Korean and old names included."""

from __future__ import annotations

from collections.abc import Callable

from app.command_palette.matching import plain
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.search import SearchIndex
from graph_editor.document.graph import Operation


def matcher(text: str, catalog: Catalog) -> Callable[[Operation], bool]:
    """Every word has to be found, in the name or in the class."""
    words = plain(text).split()
    raw = text.split()
    classes: dict[tuple[str, str], list[bool]] = {}

    def found_in_class(operation: Operation) -> list[bool]:
        key = (operation.module, operation.class_name)
        if key not in classes:
            spec = catalog.layer(operation.class_name, operation.module)
            own = plain(operation.class_name)
            index = SearchIndex([spec] if spec is not None else [])
            classes[key] = [
                not (len(raw[number]) == 1 and word.isascii()) and (word in own or bool(index.named(raw[number])))
                for number, word in enumerate(words)
            ]  # a single letter is in nearly every class
        return classes[key]

    def matches(operation: Operation) -> bool:
        name = plain(operation.name)
        in_class = found_in_class(operation)
        return all(in_class[number] or word in name for number, word in enumerate(words))

    return matches
