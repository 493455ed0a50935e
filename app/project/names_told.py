"""Telling people what Keras calls a layer, or the model, when they have called it what Keras cannot take."""

from __future__ import annotations

from collections.abc import Callable

from graph_editor.document.document import Changes, Document
from resources.text import tr


class NamesTold:
    """Tells of one new title at a time; of many at once, whoever made them speaks."""

    def __init__(self, document: Document, tell: Callable[[str], None]) -> None:
        self._document, self._tell = document, tell
        self._known = self._titles()

    def on_document_changed(self, changes: Changes, travelling: bool) -> None:
        """`travelling`: what happened was undone or redone, which is no news."""
        if not (changes.everything or changes.name or changes.operations_changed):
            return
        before, self._known = self._known, self._titles()
        if travelling or changes.everything or changes.calls_added:
            return
        new = [key for key, (title, _) in self._known.items() if title and before.get(key, ("", ""))[0] != title]
        if len(new) == 1:
            title, name = self._known[new[0]]
            self._tell(tr("Keras does not take such names, so {title} is called {name} there.", title=title, name=name))

    def _titles(self) -> dict[str, tuple[str, str]]:
        """Title and name of the layers that have a title, by operation, and of the model."""
        graphs = self._document.graphs
        titled = [item for graph in graphs.values() for item in graph.operations.values() if item.title]
        return {item.id: (item.title, item.name) for item in titled} | {
            "": (self._document.graph.title, self._document.name)
        }
