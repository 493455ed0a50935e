"""Everything that a project can be written as, in one list: menu, command line and Runs show what is in it.

A format is a file in one of three folders, by what it needs: runtime/worker/engine/formats (Keras, in the engine),
graph_editor/exporters (nothing: text), graph_editor/view/items/pictures (the canvas). Free of Qt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from graph_editor.document.checking.validation import NAME, NO_SHAPE_YET, Problem
from graph_editor.exporters.registry import SourceFormat, source_formats
from graph_editor.view.items.pictures.format import picture_formats
from resources.text import Text
from runtime.model_formats import model_formats

Needs = Literal["engine", "canvas", "nothing"]
# Problems that do not stand in the way: source names classes that are unknown, and names
# that only training stumbles over are written as they are.
_HARMLESS: Final[dict[Needs, set[str]]] = {
    "engine": {"data", "training", NAME},
    "nothing": {"data", "training", NAME, "unknown_class", "own_code", "code", NO_SHAPE_YET},
}


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """`weights`: whether trained weights go along; `source` writes a format that needs nothing."""

    key: str
    title: Text
    suffix: str
    order: int
    needs: Needs
    weights: bool = False
    source: SourceFormat | None = None
    unbuilt: bool = False  # whether a model without shapes can be written

    def hindrances(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems that stand in the way; a picture can be drawn of anything."""
        if self.needs == "canvas":
            return []
        harmless = _HARMLESS[self.needs] | ({NO_SHAPE_YET} if self.unbuilt else set())
        return [problem for problem in problems if problem.area not in harmless]


def export_formats() -> tuple[ExportFormat, ...]:
    """In the order of the menu. Two formats of one key are a programming error."""
    formats = [
        *(
            ExportFormat(f.key, f.title, f.suffix, f.order, "engine", f.weights, unbuilt=f.unbuilt)
            for f in model_formats()
        ),
        *(ExportFormat(f.key, f.title, f.suffix, f.order, "nothing", source=f) for f in source_formats()),
        *(ExportFormat(f.key, f.title, f.suffix, f.order, "canvas") for f in picture_formats()),
    ]
    if len({entry.key for entry in formats}) < len(formats):
        raise ValueError(f"two formats of one key among {[entry.key for entry in formats]}")
    return tuple(sorted(formats, key=lambda entry: (entry.order, entry.key)))


def export_format(key: str) -> ExportFormat:
    """Raises KeyError for a key that is none."""
    return {entry.key: entry for entry in export_formats()}[key]
