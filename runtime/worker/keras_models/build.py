"""Keras objects from the JSON that Keras writes for them, after the allow-list has seen every part of it."""

import copy
import traceback
from collections.abc import Mapping
from typing import Any, Final

import keras

from resources.shared_layers import only_sound
from resources.text import Text
from runtime.worker.custom.registry import remember_modules
from runtime.worker.keras_models.allow import check_config
from runtime.worker.keras_models.error_places import place_of, whole_traces
from runtime.worker.keras_models.error_words import message_of, plain_words
from runtime.worker.keras_models.memory_reasons import memory_text
from runtime.worker.keras_models.reasons import explain
from runtime.worker.keras_models.sharing import made_from, made_from_marks
from runtime.worker.keras_models.vocabularies import give_vocabularies
from runtime.worker.process.control import WorkerError
from runtime.worker.process.failures import is_out_of_memory

Json = Any

TOO_DEEP: Final = Text("The model is too deep: more layers follow one another than Keras can go through.")
_FUNCTIONAL: Final = "keras.src.models.functional"  # where Keras looks for the class when it reads a config


def build_model(model: Json) -> Any:
    """The `keras.Model` of a functional config {"module", "class_name", "config"}, built, with fresh weights.

    Raises WorkerError: NotAllowedError for what is not Keras', otherwise with Keras' reason.
    """
    if not isinstance(model, Mapping) or not isinstance(model.get("config"), Mapping):
        raise WorkerError(Text("This is not a Keras model."), repr(model)[:2000])
    name = str(model["config"].get("name", "model"))
    check_config(model, name)
    remember_modules(model)
    try:
        with whole_traces():
            built = made_from(buildable(model))
    except Exception as error:
        raise _not_built(error, name) from error
    if not isinstance(built, keras.Model):
        raise WorkerError(Text("This is not a Keras model."), repr(model)[:2000])
    give_vocabularies(built, model)
    return built


def _not_built(error: Exception, name: str) -> WorkerError:
    """`name` is that of the model, for what lies in no box."""
    place = place_of(error)
    detail = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        return WorkerError(memory_text(str(error), place, building=True), detail)
    if isinstance(error, RecursionError) and place.code is None:
        return WorkerError(TOO_DEEP, detail)
    reason, _ = explain(error, place.layer or name, place.operation, place.shapes)
    if place.code is not None:
        file, line = place.code
        words = reason if place.layer else plain_words(message_of(error))
        reason = Text.of("{file}, line {line}: {reason}", file=file, line=line, reason=words)
    return WorkerError(Text("The model cannot be built: {reason}", {"reason": reason}), detail)


def keep_frozen(model: Any) -> None:
    """Let nothing that a frozen layer has made be trained.

    Some layers, like MultiHeadAttention, make others only when they are built, and those know nothing of the mark.
    """
    for layer in model._flatten_layers(include_self=False):
        if not layer.trainable and any(variable.trainable for variable in layer.variables):
            layer.trainable = True  # Keras passes on only what is new
            layer.trainable = False


def make_operation(operation: Mapping[str, Json]) -> tuple[Any, Mapping[int, Any]]:
    """The layer or operation of {"class_name", "module", "registered_name", "config"}, and what in it has a mark.

    Raises what Keras raises.
    """
    return made_from_marks(buildable(operation, places=1))


def buildable(config: Json, places: int = 2) -> Json:
    """A copy that Keras may change (it does), with nested models named as Keras finds them, and only sound marks."""
    result = copy.deepcopy(config)
    _name_functionals(result)
    only_sound(result, places)
    return result


def _name_functionals(node: Json) -> None:
    if isinstance(node, dict):
        if node.get("class_name") == "Functional" and "module" in node:
            node["module"], node["registered_name"] = _FUNCTIONAL, "Functional"
        for value in node.values():
            _name_functionals(value)
    elif isinstance(node, list):
        for value in node:
            _name_functionals(value)
