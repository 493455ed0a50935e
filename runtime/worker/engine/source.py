"""Whether a script makes the model that it was written for: it is run, and what it makes is compared with the model.

No weight is made on the way. The script is Lamella's own; what it imports of the project's code is what somebody has
agreed to run, and a model with anything else in it is neither built nor is its script run.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import keras
from keras.src.backend.common import global_state

from resources.text import Text
from runtime.frozen import marked_through
from runtime.messages.exporting import CheckSource, SourceChecked
from runtime.model_configs import keras_json
from runtime.worker.custom.package import PACKAGE
from runtime.worker.engine.states import states_without_values
from runtime.worker.keras_models.allow import NotAllowedError
from runtime.worker.keras_models.build import build_model, keep_frozen
from runtime.worker.keras_models.describing import comparable, described
from runtime.worker.keras_models.reasons import explain
from runtime.worker.process.control import WorkerError

Json = Any
BUILD: Final = "build_model"
_NAMES: Final = "object_name_uids"  # where Keras counts the names that it gives


def check_source(request: CheckSource) -> SourceChecked:
    """Raises WorkerError, with the first layer that differs, unless the script makes the very same model."""
    try:
        with _without_weights():
            # Inside of a whole model that is frozen a script leaves each layer its own mark, as Keras does.
            model = build_model({**request.model, "config": marked_through(request.model["config"])})
            keep_frozen(model)
            config, weights = _facts(model)
    except NotAllowedError as error:
        return SourceChecked(request.id, (Text("What it makes was not tried: {reason}", {"reason": error.text}),))
    try:
        with _without_weights(), _own_modules():
            scope: dict[str, Any] = {"__name__": "script"}
            exec(compile(request.source, "script", "exec", dont_inherit=True), scope)
            made, made_weights = _facts(scope[BUILD]())
    except Exception as error:
        reason, detail = explain(error, str(request.model["config"].get("name", "model")))
        raise WorkerError(Text("The script does not run: {reason}", {"reason": reason}), detail) from error
    if not keras_json.same(config, made):
        place, detail = _difference(config, made)
        raise WorkerError(Text("The script makes another model: {layer} is not the same.", {"layer": place}), detail)
    if weights != made_weights:
        raise WorkerError(Text("The script makes another model: its weights come in another order."))
    return SourceChecked(request.id, (Text("The script was run, and makes the same model."),))


def _facts(model: Any) -> tuple[Json, list[tuple[str, tuple[int, ...], str]]]:
    """The config, and name, shape and dtype of each weight in order."""
    weights = [(item.name, tuple(item.shape), str(item.dtype)) for item in model.weights]
    return _sorted(comparable(described(model)["config"])), weights


def _sorted(config: Json) -> Json:
    """Without the shapes that layers were built with, which follow from the rest."""
    if isinstance(config, dict):
        return {key: _sorted(config[key]) for key in sorted(config) if key != "build_config"}
    return [_sorted(item) for item in config] if isinstance(config, list) else config


@contextmanager
def _without_weights() -> Iterator[None]:
    """Models are made by their shapes alone, and named as in a process of their own."""
    names = global_state.get_global_attribute(_NAMES)
    global_state.set_global_attribute(_NAMES, None)
    try:
        with keras.StatelessScope(initialize_variables=False), states_without_values():
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", [])
        global_state.set_global_attribute(_NAMES, names)


@contextmanager
def _own_modules() -> Iterator[None]:
    """Code of the project that was run here, by the names of its files, as beside the script."""
    modules = sys.modules.copy()  # another thread may import meanwhile
    own = {name.partition(".")[2]: module for name, module in modules.items() if name.startswith(f"{PACKAGE}.")}
    new = {name: module for name, module in own.items() if name not in sys.modules}
    sys.modules.update(new)
    try:
        yield
    finally:
        for name in new:
            del sys.modules[name]


def _difference(one: Json, other: Json, place: str = "") -> tuple[str, str]:
    """The innermost layer with a difference, and what differs in it."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        own = one.get("config")
        name = one.get("name") or (own.get("name") if isinstance(own, Mapping) else None)
        here = str(name) if name and "class_name" in one else place
        for key in one.keys() | other.keys():
            if not keras_json.same(one.get(key), other.get(key)):
                return _difference(one.get(key), other.get(key), here)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            if not keras_json.same(left, right):
                return _difference(left, right, place)
    return place or "the model", f"{str(one)[:1000]}\n{str(other)[:1000]}"
