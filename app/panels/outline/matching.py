"""Which boxes a filter text means: by name, by class as the palette finds it, and by state ("frozen", "muted")."""

from __future__ import annotations

from collections.abc import Callable

from app.panels.outline.rows import Row
from app.system.matching import plain
from graph_editor.catalog.catalog import Catalog
from graph_editor.catalog.search import SearchIndex
from graph_editor.document.checking.finding import state_test, states_meant
from graph_editor.document.document import Document
from graph_editor.document.graph import Operation


def matcher(text: str, document: Document, catalog: Catalog) -> Callable[[Row], bool]:
    """Every word has to be found: in the name, in the class, or at the box. Korean and old names of classes count."""
    words = plain(text).split()
    raw = text.split()
    in_state = [state_test(document, states_meant(word)) for word in text.lower().split()]
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

    def matches(row: Row) -> bool:
        graph = document.graphs[row.graph]
        operation, call = graph.operations[row.operation], graph.calls[row.call]
        name = plain(f"{operation.title} {operation.name}")
        in_class = found_in_class(operation)
        return all(
            in_class[number] or word in name or in_state[number](row.graph, call) for number, word in enumerate(words)
        )

    return matches
