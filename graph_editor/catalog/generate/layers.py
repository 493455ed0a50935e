"""The specs of all public classes of ``keras.layers``."""

import inspect
import json
from typing import Any, Final

import keras

from graph_editor.catalog.categories import CATEGORIES
from graph_editor.catalog.generate import docstrings
from graph_editor.catalog.generate.overlay import Overlay
from graph_editor.catalog.generate.parameters import constructor_arguments, describe, is_required
from graph_editor.catalog.generate.ports import STATES, ports
from graph_editor.catalog.specs import Json, LayersFile, LayerSpec, Parameter

_API: Final = "https://keras.io/api/layers/"
# Part of the module path below keras.src.layers -> category and section of the API pages.
_SECTIONS: Final = {
    "activations": ("activation", "activation_layers"),
    "attention": ("attention", "attention_layers"),
    "convolutional": ("convolution", "convolution_layers"),
    "core": ("core", "core_layers"),
    "merging": ("merge", "merging_layers"),
    "normalization": ("normalization", "normalization_layers"),
    "pooling": ("pooling", "pooling_layers"),
    "preprocessing": ("preprocessing", "preprocessing_layers"),
    "regularization": ("regularization", "regularization_layers"),
    "reshaping": ("reshaping", "reshaping_layers"),
    "rnn": ("recurrent", "recurrent_layers"),
}
_NOT_PARAMETERS: Final = ("name", "trainable", "batch_size")
_UNPUBLISHED: Final = "Keras does not publish it; models that it makes itself bring it along."
# They are chosen inside an RNN, so they have defaults although they stand on no palette.
_CELLS: Final = ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells")
# Arguments of the base class that any layer takes through its keyword arguments.
_DTYPE: Final = inspect.Parameter("dtype", inspect.Parameter.KEYWORD_ONLY, default=None)


def layers_file(overlay: Overlay) -> LayersFile:
    by_name, aliases, not_layers = _public_classes(overlay)
    specs = [_spec(name, class_, overlay) for name, class_ in by_name.items()]
    order = {category.key: index for index, category in enumerate(CATEGORIES)}
    rank = {name: index for names in overlay.common.values() for index, name in enumerate(names)}
    specs.sort(key=lambda spec: (order[spec.category], rank.get(spec.class_name, len(rank)), spec.class_name))
    unpublished = tuple(_spec(class_.__name__, class_, overlay) for class_ in unpublished_classes())
    return LayersFile(keras.__version__, tuple(specs), aliases, not_layers, unpublished)


def unpublished_classes() -> list[type]:
    """Layers of Keras' own that it exports nowhere and that are no base of others, in the order of their places."""
    found: list[type] = []
    waiting: list[Any] = [keras.layers.Layer]
    while waiting:
        class_ = waiting.pop()
        derived = [inner for inner in class_.__subclasses__() if inner.__module__.startswith("keras.src.")]
        waiting += derived
        if not (derived or "_api_export_path" in vars(class_) or issubclass(class_, keras.Model)):
            found.append(class_)
    return sorted(set(found), key=lambda class_: (class_.__module__, class_.__name__))


def _public_classes(overlay: Overlay) -> tuple[dict[str, type], dict[str, str], dict[str, str]]:
    """Classes by the name that Keras writes into configs; other name -> that name; what is no layer -> reason."""
    by_name: dict[str, type] = {}
    aliases: dict[str, str] = {}
    not_layers: dict[str, str] = {}
    for public in sorted(dir(keras.layers)):
        class_ = getattr(keras.layers, public)
        if not inspect.isclass(class_):
            continue
        if not issubclass(class_, keras.layers.Layer):
            not_layers[public] = overlay.reasons["not_layers"][public]
            continue
        written_name = _written_name(class_, public)
        if written_name == public:
            by_name[public] = class_
        else:
            aliases[public] = written_name
    return by_name, aliases, not_layers


def _written_name(class_: type, public: str) -> str:
    """A class whose own name is not public is written by its public name, any other by its own."""
    return class_.__name__ if getattr(keras.layers, class_.__name__, None) is class_ else public


def _spec(name: str, class_: Any, overlay: Overlay) -> LayerSpec:
    section = next((part for part in class_.__module__.split(".") if part in _SECTIONS), "core")
    category, pages = _SECTIONS[section]
    published = getattr(keras.layers, name, None) is class_
    reason = overlay.reasons["layers"].get(name, "") if published else _UNPUBLISHED
    config = {} if reason and name not in _CELLS else _default_config(name, class_, overlay)
    return LayerSpec(
        class_name=name,
        module="keras.layers" if published else class_.__module__,
        category=overlay.categories.get(name, category),
        title=overlay.titles.get(name, ""),
        help=overlay.help.get(name) or docstrings.summary(class_.__doc__),
        parameters=_parameters(name, class_, config, overlay),
        inputs=ports(name),
        palette=not reason,
        common=any(name in names for names in overlay.common.values()),
        summary=tuple(_summary(name, overlay)),
        url=_API + f"{pages}/{overlay.pages.get(name, '')}" if published else "",
        reason=reason,
        state_outputs=STATES.get(name, 0),
        keywords=tuple(overlay.keywords.get(name, ())),
        defaults=config,
    )


def _parameters(name: str, class_: Any, config: dict[str, Json], overlay: Overlay) -> tuple[Parameter, ...]:
    if name == "InputLayer":
        names = ("batch_shape", "dtype", "sparse", "ragged", "optional")
        by_name = {argument.name: argument for argument in constructor_arguments(class_.__init__)}
        arguments = [by_name[key] for key in names]
    else:
        arguments = [item for item in constructor_arguments(class_.__init__) if item.name not in _NOT_PARAMETERS]
        arguments = [item for item in arguments if item.name not in ("self", "dtype")] + [_DTYPE]
    dropped = (*overlay.drop,)
    return tuple(
        describe(name, argument, class_.__doc__, config, overlay)
        for argument in arguments
        if argument.name not in dropped and f"{name}.{argument.name}" not in dropped
    )


def _default_config(name: str, class_: Any, overlay: Overlay) -> dict[str, Json]:
    """The config that Keras writes for a new layer, without the name."""
    arguments = [argument for argument in constructor_arguments(class_.__init__) if argument.name != "self"]
    required = [argument.name for argument in arguments if is_required(argument)]
    optional = [argument.name for argument in arguments if not is_required(argument)]
    values = overlay.start_values(name, required, optional)
    missing = [key for key in required if key not in values]
    if missing:
        raise ValueError(f"overlay.json: 'start' lacks {missing} of {name}, which is on the palette.")
    for key in {"layer", "cell"} & values.keys():
        values[key] = keras.layers.deserialize(values[key])
    if "cells" in values:
        values["cells"] = [keras.layers.deserialize(cell) for cell in values["cells"]]
    written = keras.saving.serialize_keras_object(class_(**values))
    config: dict[str, Json] = json.loads(json.dumps(written["config"]))
    config.pop("name")
    for key in list(config):
        if key in overlay.drop:
            config.pop(key)
        elif overlay.stays_null(name, key):
            config[key] = None
    return config


def _summary(name: str, overlay: Overlay) -> list[str]:
    """The most particular rule wins; a rule may name a class, or end in "*" for all that begin so."""
    rules = [key for key in overlay.summary if key == name or (key.endswith("*") and name.startswith(key[:-1]))]
    return overlay.summary[max(rules, key=len)] if rules else []
