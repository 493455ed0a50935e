"""Augmentation of a project's pictures as Python source: layers of Keras, with what each of them changes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph_editor.document.document import Document
from graph_editor.document.ends import Names, input_nest, output_names, output_nest
from graph_editor.document.graph import Graph
from graph_editor.document.nesting import input_names
from resources.python_code import augmented
from resources.python_code.layout import comment, done
from resources.python_code.pieces import FALSE, TRUE, CallCode, Code, SourceError, attribute, library, literal, name
from resources.text import Text
from resources.training.augmentations import (
    BOX_FORMAT,
    AugmentationKind,
    find_augmentation,
    looks_like_boxes,
    unknown_augmentation,
)
from resources.training.class_numbers import takes_class_numbers
from resources.training.sections import sources_of

Json = Any
_SAMPLES: Final = name("samples")
_FOLDER: Final = "pictures"  # the kind of source whose columns are pictures and masks
_SMALLEST: Final = 4
_CORNERS: Final = 4
_OWN: Final = ("seed", "name")


class AugmentationCode:
    """Of the data section of a project. Raises SourceError where a layer cannot be used."""

    def __init__(self, document: Document, pack: Callable[[Names, Callable[[str], Code]], Code]) -> None:
        self._document, self._graph, self._pack = document, document.graph, pack
        written = document.data.get("augmentation")
        self._layers = [each for each in written if isinstance(each, Mapping)] if isinstance(written, list) else []
        for each in self._layers:
            self._require(self._kind(each), each)

    def __bool__(self) -> bool:
        return bool(self._layers)

    def functions(self, *, has_words: bool, in_batches: bool = False) -> list[str]:
        single = any(self._kind(each).single for each in self._layers)
        return [
            augmented.CHANGED_HELPER,
            augmented.BOXES_HELPER,
            augmented.AUGMENTED_HELPER,
            *([augmented.ONE_BY_ONE_HELPER] if single else []),
            *([] if in_batches else [augmented.HELPER]),
            *([augmented.WORDS_HELPER] if has_words and not in_batches else []),
        ]

    def lines(self, seed: int | None) -> list[str]:
        """Lines that let the layers change what is in `samples`."""
        lines = comment(augmented.REMARK, 1)
        for place, each in enumerate(self._layers):
            lines += done(CallCode(attribute(_SAMPLES, "augment"), (self._layer(each, seed, place),), self._how(each)))
        return lines

    def _layer(self, written: Mapping[str, Json], seed: int | None, place: int) -> Code:
        config = written.get("config")
        config = config if isinstance(config, Mapping) else {}
        kwargs = {str(key): literal(value, tuples=True) for key, value in config.items() if key not in _OWN}
        if seed is not None:
            kwargs.update(seed=literal(seed + place))
        made = library(f"keras.layers.{self._kind(written).layer}")
        return CallCode(made, (), {**kwargs, **({} if "dtype" in kwargs else {"dtype": literal("float32")})})

    def _how(self, written: Mapping[str, Json]) -> dict[str, Code]:
        kind, chosen = self._kind(written), set(self._pictures(written))
        how: dict[str, Code] = {"by": name("augmented_one_by_one")} if kind.single else {}
        how["pictures"] = self._marked(input_nest(self._graph), chosen)
        if kind.moves and written.get("follow") is not False:
            for what, ends in (("masks", self._masks()), ("boxes", self._boxes(written))):
                if ends:
                    how[what] = self._marked(output_nest(self._graph), ends)
            how["moves"] = TRUE
        return how | ({"mixes": TRUE} if kind.mixes else {})

    def _marked(self, nest: Names, chosen: set[str]) -> Code:
        """True for those that are chosen, nested as they are."""
        return self._pack(nest, lambda end: TRUE if end in chosen else FALSE)

    def _masks(self) -> set[str]:
        return {end for end in output_names(self._graph) if self._kinds_of(end) == {"mask"}}

    def _boxes(self, written: Mapping[str, Json]) -> set[str]:
        """The outputs whose numbers may be boxes, if the layer is told how boxes are written."""
        config = written.get("config")
        if not isinstance(config, Mapping) or not config.get(BOX_FORMAT):
            return set()
        return {end for end in output_names(self._graph) if looks_like_boxes((_CORNERS,), self._loss(end))}

    def _kind(self, written: Mapping[str, Json]) -> AugmentationKind:
        layer = str(written.get("layer") or "")
        kind = find_augmentation(layer)
        if kind is None:
            raise SourceError(unknown_augmentation(layer))
        return kind

    def _require(self, kind: AugmentationKind, written: Mapping[str, Json]) -> None:
        chosen, input_name = list(self._pictures(written)), str(written.get("input") or "")
        if input_name and input_name not in input_names(self._graph):
            raise SourceError(
                Text.of(
                    "{layer} is for the input {name}, which the model does not have.", layer=kind.layer, name=input_name
                )
            )
        if not chosen:
            raise SourceError(
                Text.of("{layer} takes pictures, but no input of the model takes any as they are.", layer=kind.layer)
            )
        if kind.moves and not kind.masks and written.get("follow") is not False and self._masks():
            raise SourceError(
                Text.of(
                    "{layer} changes pictures in a way that masks cannot follow: choose another layer.",
                    layer=kind.layer,
                )
            )
        if not kind.mixes:
            return
        rest = [end for end in input_names(self._graph) if end not in chosen]
        if rest:
            raise SourceError(
                Text.of("{layer} mixes samples, but {name} would stay as it is.", layer=kind.layer, name=rest[0])
            )
        for end in output_names(self._graph):
            if takes_class_numbers(self._loss(end)):
                raise SourceError(
                    Text.of(
                        "{layer} mixes the labels of two samples, which the number of a class cannot say: give {name} "
                        "CategoricalCrossentropy as its loss, and its column the step “One-hot”.",
                        layer=kind.layer,
                        name=end,
                    )
                )

    def _pictures(self, written: Mapping[str, Json]) -> Iterator[str]:
        """The inputs that a layer changes."""
        input_name = str(written.get("input") or "")
        for end in input_names(self._graph):
            if (end == input_name if input_name else self._takes_pictures(end)) and len(self._columns(end)) == 1:
                yield end

    def _takes_pictures(self, end: str) -> bool:
        kinds = self._kinds_of(end)
        return kinds == {"image"} if kinds != {""} else _is_picture(_shape(self._graph, end))

    def _kinds_of(self, end: str) -> set[str]:
        return {self._kind_of(column) for column in self._columns(end)}

    def _kind_of(self, column: str) -> str:
        """What a column is, where the project or its source says it; else empty."""
        columns = self._document.data.get("columns")
        spec = columns.get(column) if isinstance(columns, Mapping) else None
        if isinstance(spec, Mapping) and spec.get("kind"):
            return str(spec["kind"])
        for place, source in enumerate(sources_of(self._document.data)):
            before = str(source.get("name")) + "/" if place else ""
            if source.get("kind") == _FOLDER and column in (before + "image", before + "mask"):
                return column.removeprefix(before)
        return ""

    def _columns(self, end: str) -> Sequence[str]:
        bound = self._document.data["bindings"].get(end)
        return [bound] if isinstance(bound, str) else [str(column) for column in bound or ()]

    def _loss(self, end: str) -> str:
        trained = self._document.training.get("outputs")
        output = trained.get(end) if isinstance(trained, Mapping) else None
        loss = output.get("loss") if isinstance(output, Mapping) else None
        return str(loss.get("class_name")) if isinstance(loss, Mapping) else str(loss)


def _shape(graph: Graph, end: str) -> Sequence[Json]:
    operation = graph.operation_named(end)
    shape = operation.config.get("batch_shape") if operation else None
    return shape[1:] if isinstance(shape, list | tuple) else ()


def _is_picture(shape: Sequence[Json]) -> bool:
    """As columns are told to be pictures where nobody says what they are."""
    sizes = [size for size in shape if isinstance(size, int)]
    if len(sizes) != len(shape) or not (len(sizes) == 2 or (len(sizes) == 3 and sizes[2] in (1, 3))):
        return False
    return min(sizes[:2]) >= _SMALLEST
