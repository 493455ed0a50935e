"""What people call the layers of a document, for sentences that were made where only their Keras names are known."""

from collections.abc import Mapping
from typing import Final

from graph_editor.document.document import Document
from resources.text import Text

_NAMED: Final = frozenset(("layer", "name", "model", "input", "output", "target"))  # what a sentence calls a layer


def titles_of(document: Document) -> dict[str, str]:
    """The titles of layers by their names, of those that have one; an outer layer's where inner ones have its name."""
    titles: dict[str, str] = {}
    for graph in document.graphs.values():
        for operation in graph.operations.values():
            if operation.title:
                titles.setdefault(operation.name, operation.title)
    return titles


def with_titles(text: Text, titles: Mapping[str, str]) -> Text:
    """``text`` with titles where it names layers that have one, sentences within it as well."""
    if not titles or not text.args:
        return text
    args = {
        key: with_titles(value, titles)
        if isinstance(value, Text)
        else titles.get(value, value)
        if key in _NAMED and isinstance(value, str)
        else value
        for key, value in text.args.items()
    }
    return Text(text.template, args)
