"""What a box says below its name, and how a shape is written."""

from collections.abc import Mapping, Sequence
from typing import Final

from graph_editor.catalog.specs import Json, LayerSpec
from resources.text import tr

SEPARATOR: Final = " · "
TIMES: Final = "×"
MINUS: Final = "−"
_MOST_DETAILS: Final = 3
# Parameters whose value tells nothing without a word.
_WORDS: Final = {"axis": "axis", "axes": "axes", "l1": "l1", "l2": "l2", "max_value": "max", "k": "k"}
_LEFT_OUT: Final = (None, "", "linear", "valid")


def summary_line(spec: LayerSpec | None, class_name: str, config: Mapping[str, Json]) -> str:
    """The class and its telling parameters: "Conv2D · 32 · 3×3 · relu"; the class alone when Keras does not know it."""
    if spec is None:
        return class_name
    details: list[str] = []
    for name in spec.summary:
        if len(details) < _MOST_DETAILS and not _says_nothing(name, config):
            details.append(_detail(name, config[name]))
    return SEPARATOR.join([spec.shown_name, *details])


def shape_text(shape: Sequence[int | None]) -> str:
    """The shape of one sample; the first axis, the batch, is left out: (None, 8, 8, 96) -> "8×8×96"."""
    return TIMES.join("?" if size is None else str(size) for size in shape[1:]) or tr("scalar")


def _says_nothing(name: str, config: Mapping[str, Json]) -> bool:
    value = activation_name(config.get(name)) if name == "activation" else config.get(name)
    if value in _LEFT_OUT or (name in ("l1", "l2") and not value):
        return True
    kernel = config.get("kernel_size")
    return name == "padding" and isinstance(kernel, list | tuple) and all(size == 1 for size in kernel)


def activation_name(value: Json) -> str | None:
    """An activation in a config is a name, a Keras object or nothing."""
    if isinstance(value, Mapping):
        inner = value.get("config")
        return str(inner if isinstance(inner, str) else value.get("class_name", "?"))
    return None if value is None else str(value)


def _detail(name: str, value: Json) -> str:
    if name == "activation":
        return activation_name(value) or ""
    if name in ("layer", "cell") and isinstance(value, Mapping):
        return _wrapped(value)
    text = _text(value)
    return f"{_WORDS[name]} {text}" if name in _WORDS else text


def _wrapped(layer: Mapping[str, Json]) -> str:
    """An inner layer by its class and its size."""
    config = layer.get("config")
    size = (
        next((config[key] for key in ("units", "filters") if key in config), None)
        if isinstance(config, Mapping)
        else None
    )
    name = str(layer.get("class_name", "?"))
    return name if size is None else f"{name} {_text(size)}"


def _text(value: Json) -> str:
    if isinstance(value, list | tuple):
        return TIMES.join(_side(item) for item in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = str(value) if isinstance(value, int) else f"{value:.3g}"
        return text.replace("-", MINUS)
    return "?" if value is None else str(value).replace("_", " ")


def _side(item: Json) -> str:
    """An item of a tuple; a pair, as in the padding of an image, is one number where both are the same."""
    if isinstance(item, list | tuple):
        parts = [_text(part) for part in item]
        return parts[0] if len(set(parts)) == 1 else "+".join(parts)
    return _text(item)
