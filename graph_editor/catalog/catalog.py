"""The catalogue of Keras classes, read from the generated files; Keras itself is never imported here."""

import copy
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from graph_editor.catalog.categories import CATEGORIES
from graph_editor.catalog.search import SearchIndex
from graph_editor.catalog.specs import (
    Category,
    Json,
    LayersFile,
    LayerSpec,
    ObjectKind,
    ObjectsFile,
    ObjectSpec,
    OperationsFile,
    Parameter,
)
from resources.text import language

FOLDER: Final = Path(__file__).parents[2] / "resources" / "catalog"
LAYERS_MODULE: Final = "keras.layers"
OPERATION_PARAMETER: Final = "ops:"  # what a parameter means in most operations: "ops:axis"


class Catalog:
    """Looks up what can be put on the canvas and what can be chosen for its parameters.

    ``folder`` is where the files of losses, optimizers and so on are read from when first asked for.
    """

    def __init__(self, layers: LayersFile, operations: OperationsFile, folder: Path = FOLDER) -> None:
        self.keras_version = layers.keras
        self._layers = layers.layers
        self._operations = operations.operations
        self._unpublished = layers.unpublished
        elsewhere = (*operations.operations, *layers.unpublished)
        self._elsewhere = {(spec.module, spec.class_name): spec for spec in elsewhere}
        self._by_name = {spec.class_name: spec for spec in layers.layers}
        self._aliases = layers.aliases
        self._folder = folder
        self._objects: dict[str, tuple[ObjectSpec, ...]] = {}
        self._help: dict[str, dict[str, str]] = {}
        self._custom: tuple[LayerSpec, ...] = ()
        self._custom_objects: tuple[ObjectSpec, ...] = ()

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Catalog":
        """Raises ``OSError`` or ``msgspec.DecodeError`` if the installation is damaged."""
        return cls(
            msgspec.json.decode((folder / "layers.json").read_bytes(), type=LayersFile),
            msgspec.json.decode((folder / "operations.json").read_bytes(), type=OperationsFile),
            folder,
        )

    def set_custom(self, layers: Iterable[LayerSpec], objects: Iterable[ObjectSpec] = ()) -> None:
        """Offer this of the project's own code from now on, in place of what it offered before."""
        self._custom, self._custom_objects = tuple(layers), tuple(objects)
        self.__dict__.pop("_index", None)

    def layer(self, class_name: str, module: str = LAYERS_MODULE) -> LayerSpec | None:
        """The layer of that public name or another one of it, an unpublished one, or the operation of a function.

        ``None`` for anything that neither Keras nor the project's own code has. The latter is found by its class
        name: the same file has another module name in every program that imports it.
        """
        if module != LAYERS_MODULE:
            return self._elsewhere.get((module, class_name)) or self._custom_layer(class_name, module)
        return self._by_name.get(self._aliases.get(class_name, class_name))

    def _custom_layer(self, class_name: str, module: str) -> LayerSpec | None:
        if module.partition(".")[0] == "keras":
            return None
        found = [spec for spec in self._custom if spec.class_name == class_name]
        return next((spec for spec in found if spec.module == module), found[0] if found else None)

    def layers(self) -> list[LayerSpec]:
        """Every public layer, in the order of the palette; those off the palette are among them, custom ones last."""
        return [*self._layers, *self._custom]

    def unpublished(self) -> list[LayerSpec]:
        """Layers that models bring along although Keras exports them nowhere."""
        return list(self._unpublished)

    def custom_layers(self) -> list[LayerSpec]:
        """Layers of the project's own code, as far as it has been run."""
        return list(self._custom)

    def operations(self) -> list[LayerSpec]:
        """Every function of ``keras.ops`` that maps tensors to tensors, by the name of the function."""
        return list(self._operations)

    def palette(self, category: str | None = None) -> list[LayerSpec]:
        """Return what can be put on the canvas, of one category or of all; operations come last."""
        offered = (*self._layers, *self._operations, *self._custom)
        return [spec for spec in offered if spec.palette and category in (None, spec.category)]

    def categories(self) -> list[Category]:
        return list(CATEGORIES)

    def category(self, key: str) -> Category | None:
        return next((category for category in CATEGORIES if category.key == key), None)

    def search(self, text: str) -> list[LayerSpec]:
        """Layers on the palette that match, best first: beginnings, initials ("c2d"), old names, Korean words."""
        return self._index.search(text)

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self.palette())

    def objects(self, kind: ObjectKind) -> list[ObjectSpec]:
        """The losses, optimizers, ...; read from disk the first time."""
        if kind not in self._objects:
            path = self._folder / f"{kind}.json"
            self._objects[kind] = msgspec.json.decode(path.read_bytes(), type=ObjectsFile).objects
        return [*self._objects[kind], *(spec for spec in self._custom_objects if spec.kind == kind)]

    def object(self, kind: ObjectKind, name: str) -> ObjectSpec | None:
        """Found by identifier ("adam"), by class name ("Adam") or by another short name ("mse")."""
        return next(
            (spec for spec in self.objects(kind) if name in (spec.identifier, spec.class_name, *spec.aliases)),
            None,
        )

    def default_config(self, spec: LayerSpec, name: str) -> dict[str, Json]:
        """A complete config, as Keras writes it, for a new layer of that name; the caller may change it."""
        return {"name": name, **copy.deepcopy(spec.defaults)}

    def output_count(self, spec: LayerSpec, config: Mapping[str, Json]) -> int:
        """Return how many tensors a call of the layer gives with that config (``return_state`` adds the states)."""
        if spec.function:
            return _function_outputs(spec, config)
        if spec.class_name == "RNN":
            return spec.outputs + (_cell_states(config.get("cell")) if config.get("return_state") else 0)
        inner = config.get("layer")
        if spec.class_name == "Bidirectional" and isinstance(inner, Mapping):
            wrapped = self.layer(str(inner.get("class_name")))
            inner_config = inner.get("config")
            if wrapped is None or not isinstance(inner_config, Mapping):
                return spec.outputs
            states = 2 * (self.output_count(wrapped, inner_config) - wrapped.outputs)
            return (2 if config.get("merge_mode") is None else 1) + states
        return spec.outputs + (spec.state_outputs if config.get("return_state") else 0)

    def help(self, spec: LayerSpec | ObjectSpec) -> str:
        """One sentence on the class in the current language; English where there is no translation."""
        return self._translated((_key(spec),)) or spec.help

    def parameter_help(self, parameter: Parameter, spec: LayerSpec | ObjectSpec | None = None) -> str:
        """One line on the parameter in the current language, as it is meant in ``spec``; in layers if ``None``."""
        if isinstance(spec, LayerSpec) and spec.function:
            keys = [f"{_key(spec)}.{parameter.name}", f"{OPERATION_PARAMETER}{parameter.name}"]
        else:
            keys = [f"{spec.class_name}.{parameter.name}"] if spec else []
        keys.append(f"{spec.kind}.{parameter.name}" if isinstance(spec, ObjectSpec) else parameter.name)
        return self._translated(keys) or parameter.help

    def _translated(self, keys: Iterable[str]) -> str | None:
        code = language()
        if code == "en":
            return None
        if code not in self._help:
            tables = [
                msgspec.json.decode(p.read_bytes(), type=dict[str, str]) for p in self._folder.glob(f"*.{code}.json")
            ]
            self._help[code] = {key: line for table in tables for key, line in table.items()}
        table = self._help[code]
        return next((table[key] for key in keys if key in table), None)


def _key(spec: LayerSpec | ObjectSpec) -> str:
    """Under which the help on a class is found: "Dense", "losses.Huber", "ops.add"."""
    if isinstance(spec, ObjectSpec):
        return f"{spec.kind}.{spec.class_name}"
    return spec.function.name.removeprefix("keras.") if spec.function else spec.class_name


def _cell_states(cell: Json) -> int:
    """Return how many states a cell carries from step to step; one for a cell that is not known."""
    config = cell.get("config") if isinstance(cell, Mapping) else None
    if not isinstance(cell, Mapping) or not isinstance(config, Mapping):
        return 1
    if cell.get("class_name") == "StackedRNNCells":
        cells = config.get("cells")
        return sum(_cell_states(inner) for inner in cells) if isinstance(cells, list) else 1
    return 2 if cell.get("class_name") == "LSTMCell" else 1


def _function_outputs(spec: LayerSpec, config: Mapping[str, Json]) -> int:
    """Some functions give as many tensors as their config says."""
    match spec.class_name:
        case "Unique":
            return 1 + sum(bool(config.get(key)) for key in ("return_index", "return_inverse", "return_counts"))
        case "SVD":
            return spec.outputs if config.get("compute_uv", True) else 1
        case "Qr":
            return 1 if config.get("mode") == "r" else spec.outputs
        case "Linspace":
            return 2 if config.get("retstep") else 1
    parts = config.get("num") if spec.class_name == "Unstack" else config.get("indices_or_sections")
    if isinstance(parts, list):
        return len(parts) + 1
    return parts if isinstance(parts, int) and parts > 0 else spec.outputs
