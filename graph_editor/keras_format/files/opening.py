"""A model file, whoever wrote it, as a document. Nothing in it is run, imported, unpacked or followed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph_editor.catalog.catalog import Catalog
from graph_editor.document.changes.giving_input import first_without_input
from graph_editor.document.document import Document
from graph_editor.document.files.file_format import FileError, could_not_be_read
from graph_editor.keras_format.files import checked_json
from graph_editor.keras_format.files.archive import read_archive
from graph_editor.keras_format.files.compiled import dropped_schedule, training_section
from graph_editor.keras_format.files.h5_file import SIGNATURE, read_h5
from graph_editor.keras_format.files.legacy import is_legacy, modernized, no_model
from graph_editor.keras_format.files.names import YAML
from graph_editor.keras_format.files.other_files import BEGINNING, other_file, other_folder
from graph_editor.keras_format.files.tensorflow_js import is_tensorflow_js, topology
from graph_editor.keras_format.reading import ConfigError, from_model_json, is_model
from graph_editor.layout.layered import arrange_document, arrange_plainly, graph_outline
from resources.regular_files import open_regular
from resources.text import Text

Json = Any

_MAX_LAYERS: Final = 10_000  # NASNetLarge has 1,041
_MANY: Final = 3000  # boxes; more are laid out the quick way
_MOST_LEFT: Final = 10  # entries of the assets that are named
_COMPILED: Final = "compile_config"


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """``weights`` tells whether the file holds weights to start from; ``notes`` say what could not be kept."""

    document: Document
    weights: bool
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Content:
    model: Json
    compiled: Json
    keras_version: str
    weights: bool
    notes: tuple[Text, ...] = ()
    unbuilt: bool = False  # whether a Sequential without an Input has no weights there, whatever the file holds


def open_model(path: Path, catalog: Catalog) -> OpenedModel:
    """The model with places for all boxes. Raises FileError with one sentence: the file, the place, the reason."""
    try:
        content = _read(path)
        return _opened(content, catalog)
    except ConfigError as error:
        place = _shortened(error.place)
        if place:
            text = Text.of(
                "{file} cannot be opened. In {place}: {reason}", file=path.name, place=place, reason=error.text
            )
            raise FileError(text) from error
        raise FileError(Text.of("{file} cannot be opened: {reason}", file=path.name, reason=error.text)) from error
    except OSError as error:
        raise FileError(could_not_be_read(path, error)) from error
    except RecursionError as error:
        reason = Text("the models are nested too deeply.")
        raise FileError(Text.of("{file} cannot be opened: {reason}", file=path.name, reason=reason)) from error


def _shortened(place: str) -> str:
    """The beginning and the end of a long way into a config."""
    return place if len(place) <= 160 else f"{place[:70]} … {place[-70:]}"


def _read(path: Path) -> _Content:
    """Return what is inside, by what the file begins with; its name may say anything."""
    if path.suffix.lower() in YAML:
        raise ConfigError("", Text("Keras no longer reads YAML. Save the model as .keras or JSON."))
    folder = other_folder(path)
    if folder is not None:
        raise ConfigError("", folder)
    with open_regular(path) as file:
        start = file.read(BEGINNING)
        if start.startswith(SIGNATURE):
            return _from_h5(path)
        if start.startswith(b"PK"):
            return _from_archive(path)
        other = other_file(path, start)
        if other is not None:
            raise ConfigError("", other)
        if path.suffix.lower() in (".h5", ".hdf5"):
            raise ConfigError("", Text("it is not an HDF5 file."))
        if path.suffix.lower() == ".keras":
            raise ConfigError("", Text("it is not a .keras file, which is a zip."))
        file.seek(0)
        content = file.read(checked_json.MAX_BYTES + 1)
    model = _unquoted(checked_json.parse(content, "JSON"))
    if is_tensorflow_js(model):
        found = topology(model, path.parent)
        return _Content(found.model, found.training, found.keras_version, found.weights, found.notes)
    version = model.get("keras_version", "") if isinstance(model, Mapping) else ""
    compiled = model.get(_COMPILED) if isinstance(model, Mapping) else None
    return _Content(model, compiled, str(version)[:40], False)


def _unquoted(parsed: Json) -> Json:
    """People save ``model.to_json()`` with ``json.dump``, and then it is JSON inside of JSON."""
    return checked_json.parse(parsed.encode(), "JSON") if isinstance(parsed, str) else parsed


def _from_archive(path: Path) -> _Content:
    contents = read_archive(path)
    compiled = contents.config.get(_COMPILED) if isinstance(contents.config, Mapping) else None
    notes = tuple(
        Text("What is in {file} does not come along: no layer of Keras keeps it.", {"file": _shortened(name)})
        for name in contents.left[:_MOST_LEFT]
    )
    return _Content(contents.config, compiled, contents.keras_version, contents.weights, notes, unbuilt=True)


def _from_h5(path: Path) -> _Content:
    found = read_h5(path)
    return _Content(found.config, found.training, found.keras_version, found.weights)


def _opened(content: _Content, catalog: Catalog) -> OpenedModel:
    model: Json = content.model
    notes = content.notes
    if isinstance(model, Mapping) and model.get(_COMPILED):
        model = {key: value for key, value in model.items() if key != _COMPILED}  # the training section says it
    count = _layers_in(model)
    if count > _MAX_LAYERS:
        raise ConfigError(
            "",
            Text.of(
                "it has {count} layers; more than {limit} cannot be shown.",
                count=f"{count:,}",
                limit=f"{_MAX_LAYERS:,}",
            ),
        )
    if is_legacy(model, content.keras_version):
        model, changes = modernized(model, content.keras_version, catalog)
        notes += changes
    if not is_model(model):
        raise ConfigError("class_name", no_model(model))
    document = from_model_json(model, content.keras_version)
    _check_cycles(document)
    document.training = training_section(content.compiled, document, catalog)
    _place(document)
    weights = content.weights and not (content.unbuilt and first_without_input(document) is not None)
    return OpenedModel(document, weights, (*notes, *dropped_schedule(content.compiled)))


def _check_cycles(document: Document) -> None:
    """Keras writes no model that runs in a circle, and none could be made of it."""
    for graph in document.graphs.values():
        stuck = graph.calls.keys() - set(graph.topological_order())
        if stuck:
            name = graph.operation_of(next(call for call in graph.calls if call in stuck)).name
            raise ConfigError(_shortened(name), Text("it depends on its own output."))


def _layers_in(model: Json) -> int:
    """Layers of a model and of the models inside of it, as far as there are lists of them."""
    count, waiting = 0, [model]
    while waiting:
        entry = waiting.pop()
        config = entry.get("config") if isinstance(entry, Mapping) else None
        listed = config.get("layers") if isinstance(config, Mapping) else config
        if isinstance(listed, list):
            count += len(listed)
            waiting += listed
    return count


def _place(document: Document) -> None:
    """Places for the boxes of all graphs."""
    places = {}
    for graph in document.graphs.values():
        if len(graph.calls) > _MANY:
            places.update(arrange_plainly(*graph_outline(graph)))
        else:
            places.update(arrange_document(document, graph))
    document.positions = places
