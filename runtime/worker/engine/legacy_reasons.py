"""Why Keras does not read a model back from an `.h5` file, with the name of the box."""

import re
from collections.abc import Iterator
from typing import Any

from resources.shared_layers import ids_in, layers_in, shared_id
from resources.text import Text
from runtime.worker.keras_models.describing import described
from runtime.worker.process.control import WorkerError


def refused(model: Any, error: BaseException) -> WorkerError:
    """Return what to tell of a model that was written to `.h5` and cannot be read from there."""
    words = str(error)
    reason = _named(words) or _of_class(model, words)
    if reason is None:
        text = Text("Keras cannot read this model back from an .h5 file. Export it as .keras instead.")
    else:
        text = Text(
            "An .h5 file cannot hold {layer}: Keras does not read {class_name} back from it. Export as .keras instead.",
            {"layer": reason[0], "class_name": reason[1]},
        )
    return WorkerError(text, f"{type(error).__name__}: {error}")


def refuse_shared(model: Any) -> None:
    """Raises WorkerError for a model in which a layer stands in several places: the file would hold copies of it."""
    config = described(model)
    counts = ids_in(config)
    name = next((e["config"].get("name") for e in layers_in(config) if counts[shared_id(e) or 0] > 1), None)
    if name is not None:
        raise WorkerError(
            Text(
                "An .h5 file cannot say that {layer} is one layer in several places. Export as .keras instead.",
                {"layer": str(name)},
            )
        )


def _named(words: str) -> tuple[str, str] | None:
    """The layer and its class, where Keras shows the config that it choked on."""
    match = re.search(r"deserializing class '(\w+)' using config=\{'name': '([^']+)'", words)
    return (match[2], match[1]) if match else None


def _of_class(model: Any, words: str) -> tuple[str, str] | None:
    """The first operation of a class that such files do not know."""
    match = re.search(r"Unknown layer: '(\w+)'", words)
    names = (item.name for item in _operations(model) if match and type(item).__name__ == match[1])
    name = next(names, None)
    return (name, match[1]) if match and name is not None else None


def _operations(model: Any) -> Iterator[Any]:
    for item in getattr(model, "operations", ()) or getattr(model, "layers", ()):
        yield item
        yield from _operations(item)
