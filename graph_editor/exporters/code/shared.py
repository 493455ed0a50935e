"""Layers that stand in several places, as variables: the root function makes them, others are given them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from graph_editor.document.changes.shared_layers import mark_of
from graph_editor.document.document import ROOT, Document
from graph_editor.document.graph import Operation
from resources.shared_layers import is_layer, shared_id

Json = Any
Place = Operation | Mapping[str, Json]  # a box, or a layer in the config of one


class SharedPlaces:
    """Where a document has layers that stand in several places; ``first`` is the first place of each, by its mark.

    What stands in several places only because it lies in a layer that does is no such layer.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self.first: dict[int, Place] = {}
        counts: Counter[int] = Counter()
        for mark, place in self._walk(document.graphs[ROOT].operations.values(), counts):
            self.first.setdefault(mark, place)
        self.first = {mark: place for mark, place in self.first.items() if counts[mark] > 1}

    def name_of(self, mark: int) -> str:
        place = self.first[mark]
        return place.name if isinstance(place, Operation) else str(place["config"].get("name", place["class_name"]))

    def within(self, parts: Any) -> list[int]:
        """The marks of shared layers among boxes or in a place, at any depth, each after those that lie in it."""
        found: dict[int, None] = {}
        for mark, place in self._walk(parts, Counter()):
            if mark in self.first:
                found |= dict.fromkeys(self.within(self._parts(place)))
                found[mark] = None
        return list(found)

    def inside(self, mark: int) -> list[int]:
        """The marks of shared layers that lie in a shared layer."""
        return self.within(self._parts(self.first[mark]))

    def _parts(self, place: Place) -> Any:
        if isinstance(place, Operation):
            graph = self._document.graphs.get(place.graph or "")
            return [place.config, *(graph.operations.values() if graph else ())]
        return place["config"]

    def _walk(self, node: Any, counts: Counter[int]) -> Iterator[tuple[int, Place]]:
        """Every marked place, but in a layer only the first time that it is met."""
        if isinstance(node, Operation) or is_layer(node):
            mark = mark_of(node) if isinstance(node, Operation) else shared_id(node)
            if mark is not None:
                counts[mark] += 1
                yield mark, node
            if mark is None or counts[mark] == 1:
                yield from self._walk(self._parts(node), counts)
        elif isinstance(node, Mapping):
            yield from self._walk(node.values(), counts)
        elif not isinstance(node, str) and hasattr(node, "__iter__"):
            for item in node:
                yield from self._walk(item, counts)
