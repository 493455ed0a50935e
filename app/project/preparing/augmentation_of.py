"""The layers of augmentation as a project's data section has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graph_editor.document.ends import output_names
from graph_editor.document.graph import Graph
from graph_editor.document.nesting import input_names
from resources.training.augmentations import BOX_FORMAT, AugmentationKind, find_augmentation, looks_like_boxes, range_of
from resources.training.sections import bindings_of
from runtime.messages.describing import Column

Json = Any
AUGMENTATION: Final = "augmentation"
LAYER, CONFIG, INPUT, FOLLOW = "layer", "config", "input", "follow"
_CROPPED: Final = 2  # axes that a crop has a size for
_SIZES: Final = ("height", "width")


@dataclass(frozen=True, slots=True)
class WrittenLayer:
    """A layer with its config; `rest` is what else stands beside them."""

    layer: str
    config: Mapping[str, Json]
    rest: Mapping[str, Json] = field(default_factory=dict)

    @property
    def kind(self) -> AugmentationKind | None:
        return find_augmentation(self.layer)

    @property
    def input(self) -> str:
        """The input that it is for; "" for all of them."""
        name = self.rest.get(INPUT)
        return name if isinstance(name, str) else ""

    @property
    def follows(self) -> bool:
        """Whether what comes out of the model moves along."""
        return self.rest.get(FOLLOW) is not False

    @property
    def box_format(self) -> str:
        """How boxes that follow are written; "" where none follow."""
        written = self.config.get(BOX_FORMAT)
        return written if isinstance(written, str) else ""

    def for_input(self, name: str) -> WrittenLayer:
        """The same for one input; "" for all of them."""
        return self._with_rest(INPUT, name, "")

    def with_followers(self, follow: bool) -> WrittenLayer:
        return self._with_rest(FOLLOW, follow, True)

    def with_boxes(self, way: str) -> WrittenLayer:
        config = {key: value for key, value in self.config.items() if key != BOX_FORMAT}
        return WrittenLayer(self.layer, {**config, BOX_FORMAT: way} if way else config, self.rest)

    def _with_rest(self, key: str, value: Json, usual: Json) -> WrittenLayer:
        rest = {name: one for name, one in self.rest.items() if name != key}
        return WrittenLayer(self.layer, self.config, rest if value == usual else {**rest, key: value})

    def with_value(self, parameter: str, value: Json) -> WrittenLayer:
        return WrittenLayer(self.layer, {**self.config, parameter: value}, self.rest)

    def json(self) -> dict[str, Json]:
        return {LAYER: self.layer, CONFIG: dict(self.config), **self.rest}


@dataclass(frozen=True, slots=True)
class Ends:
    """Of the model: inputs of pictures; outputs whose truth is a picture or a mask, and those where it can be boxes."""

    inputs: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()


def ends_of(data: Mapping[str, Json], training: Mapping[str, Json], columns: Iterable[Column], graph: Graph) -> Ends:
    """By the columns that are bound to them."""
    known = {column.name: column for column in columns}
    bound = {
        name: [known[column] for column in names]
        for name, names in bindings_of(data).items()
        if names and all(column in known for column in names)
    }
    losses = training.get("outputs")
    losses = losses if isinstance(losses, Mapping) else {}

    def kinds(names: Iterable[str], *kinds: str) -> tuple[str, ...]:
        return tuple(name for name in names if [column.kind in kinds for column in bound.get(name, ())] == [True])

    outputs = output_names(graph)
    boxes = [name for name in outputs if name in bound and looks_like_boxes(_shape(bound[name]), _loss(losses, name))]
    return Ends(kinds(input_names(graph), "image"), kinds(outputs, "image", "mask"), tuple(boxes))


def _shape(columns: Sequence[Column]) -> tuple[int, ...]:
    return columns[0].shape if len(columns) == 1 else (len(columns),)


def _loss(outputs: Mapping[str, Json], name: str) -> str:
    try:
        return str(outputs[name]["loss"]["class_name"])
    except (KeyError, TypeError):  # none is chosen, or what stands there is no loss
        return ""


def layers_of(data: Mapping[str, Json]) -> list[WrittenLayer]:
    """What is no layer is left out."""
    written = data.get(AUGMENTATION)
    found = []
    for one in written if isinstance(written, list | tuple) else ():
        if isinstance(one, Mapping) and isinstance(one.get(LAYER), str):
            config = one.get(CONFIG)
            rest = {key: value for key, value in one.items() if key not in (LAYER, CONFIG)}
            found.append(WrittenLayer(one[LAYER], config if isinstance(config, Mapping) else {}, rest))
    return found


def with_layers(data: Mapping[str, Json], layers: Sequence[WrittenLayer]) -> dict[str, Json]:
    """The data section with these layers; what else stands there stays."""
    rest = {key: value for key, value in data.items() if key != AUGMENTATION}
    return {**rest, AUGMENTATION: [layer.json() for layer in layers]} if layers else rest


def first_layer(kind: AugmentationKind, column: Column | None, *, prepared: bool = False) -> WrittenLayer:
    """The layer as a person gets it for pictures of that column: gentle, and told their size and range.

    `prepared`: steps change the values of the column, and its size and range are not known here.
    """
    column = None if prepared else column
    config = dict(kind.start)
    if column is not None and len(column.shape) >= _CROPPED:
        config |= {name: size for name, size in zip(_SIZES, column.shape, strict=False) if name in config}
    found = range_of(column.minimum, column.maximum) if column is not None and kind.ranged else None
    if found is not None:
        config["value_range"] = list(found)
    return WrittenLayer(kind.layer, config)
