"""The small hand-written part of the catalogue: what neither a signature nor a docstring tells."""

from pathlib import Path
from typing import Literal

import msgspec

from graph_editor.catalog.specs import Group, Json, Kind


class ParameterOverlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to say of a parameter instead of what was found; unset fields leave that as it is."""

    kind: Kind | msgspec.UnsetType = msgspec.UNSET
    help: str | msgspec.UnsetType = msgspec.UNSET
    required: bool | msgspec.UnsetType = msgspec.UNSET
    nullable: bool | msgspec.UnsetType = msgspec.UNSET
    choices: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    minimum: float | msgspec.UnsetType | None = msgspec.UNSET
    maximum: float | msgspec.UnsetType | None = msgspec.UNSET
    length: int | msgspec.UnsetType | None = msgspec.UNSET
    group: Group | msgspec.UnsetType = msgspec.UNSET


class Overlay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``overlay.json``. Keys of ``parameters``, ``start``, ``null`` and ``drop`` are "name" or, stronger, "Class.name".

    ``start``: values for required arguments. ``null``: parameters that stay ``None`` in a new layer although Keras
    resolves them: they follow another parameter, or are drawn by chance. ``drop``: arguments that are no parameters.
    ``reasons``: why a class is left out, by kind of object or "layers". ``directions``: "min" or "max" for metrics of
    which Keras does not say which values are better, although there is no doubt. ``notes`` is for readers.
    """

    notes: str
    categories: dict[str, str]
    common: dict[str, list[str]]
    titles: dict[str, str]
    help: dict[str, str]
    summary: dict[str, list[str]]
    parameters: dict[str, ParameterOverlay]
    start: dict[str, Json]
    null: list[str]
    drop: list[str]
    keywords: dict[str, list[str]]
    pages: dict[str, str]
    reasons: dict[str, dict[str, str]]
    directions: dict[str, Literal["min", "max"]]

    def parameter(self, class_name: str, name: str) -> list[ParameterOverlay]:
        """Return what is said of the parameter, the weakest first."""
        return [self.parameters[key] for key in (name, f"{class_name}.{name}") if key in self.parameters]

    def stays_null(self, class_name: str, name: str) -> bool:
        return name in self.null or f"{class_name}.{name}" in self.null

    def start_values(self, class_name: str, required: list[str], optional: list[str]) -> dict[str, Json]:
        """Values to make a first instance with; those of optional arguments are given for the class only."""
        values = {name: self.start[name] for name in required if name in self.start}
        own = [name for name in (*required, *optional) if f"{class_name}.{name}" in self.start]
        return values | {name: self.start[f"{class_name}.{name}"] for name in own}


def read_overlay(path: Path) -> Overlay:
    return msgspec.json.decode(path.read_bytes(), type=Overlay)
