"""Where the dots of wires show: as the document has them, or elsewhere while a gesture goes on."""

from collections.abc import Callable, Container, Mapping

from PySide6.QtCore import QRectF

from graph_editor.document.canvas.wire_dots import Wire, dots_of, shifted, wire_of
from graph_editor.document.document import Document, Point
from graph_editor.document.graph import Edge

_AROUND = 10.0


class DotPlaces:
    """Of all graphs of ``document``: a wire is known by the ids of its ends, which no two graphs share."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._dots: dict[Wire, tuple[Point, ...]] = {}
        self._elsewhere: dict[Wire, tuple[Point, ...]] = {}

    def refresh(self) -> set[Wire]:
        """Learn what the document says; the wires that run differently now come back."""
        before, self._dots, self._elsewhere = {**self._dots, **self._elsewhere}, dots_of(self._document), {}
        return {wire for wire in before.keys() | self._dots.keys() if before.get(wire) != self._dots.get(wire)}

    def __bool__(self) -> bool:
        return bool(self._dots or self._elsewhere)

    def of(self, edge: Edge) -> tuple[Point, ...]:
        wire = wire_of(edge)
        return self._elsewhere.get(wire) or (() if wire in self._elsewhere else self._dots.get(wire, ()))

    def follow(self, place_of: Callable[[str], Point], places: Mapping[str, Point]) -> None:
        """Boxes show elsewhere."""
        if self._dots:
            self._elsewhere = shifted(self._dots, place_of, places)

    def show_elsewhere(self, wire: Wire, places: tuple[Point, ...] | None) -> None:
        """Show the dots of one wire elsewhere; None: where they are."""
        self._elsewhere.pop(wire, None)
        if places is not None:
            self._elsewhere[wire] = places

    def rect(self, present: Container[str]) -> QRectF:
        """Return what the dots take up between boxes that are ``present``."""
        area = QRectF()
        for wire, places in {**self._dots, **self._elsewhere}.items():
            if wire[2] in present:
                for x, y in places:
                    area |= QRectF(x - _AROUND, y - _AROUND, 2 * _AROUND, 2 * _AROUND)
        return area
